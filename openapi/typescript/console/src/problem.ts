// Refusals, in the words of the service, with what to do about them.
import { type Problem, slugOf, toProblem } from './api.js';
import { type Child, h } from './dom.js';

const advice: Record<string, string> = {
  validation: 'What to change is said at each field.',
  stale: 'Somebody changed it meanwhile. Look at what is there now, and do it again if it still fits.',
  'illegal-transition': 'It has moved on meanwhile. What is open to you now is shown.',
  unavailable: 'The service is busy. Nothing was changed: try again in a moment.',
  'rate-limited': 'That was a lot at once. Wait a moment and try again.',
};

/** In one sentence, for a line above a view. */
export function inWords(error: unknown): string {
  const problem = toProblem(error);
  return `${problem.title}. ${advice[slugOf(problem)] ?? problem.detail}`;
}

/** The whole refusal, and what else there is to say about it. */
export function problemBox(error: unknown, ...more: Child[]): HTMLElement {
  const problem = toProblem(error);
  return explained(error, h('p', {}, advice[slugOf(problem)] ?? problem.detail), more);
}

/** A refusal in words of the view's own, which knows better what can be done about it. */
export function explained(error: unknown, ...words: Child[]): HTMLElement {
  const problem = toProblem(error);
  return h(
    'div',
    { class: 'problem', role: 'alert', 'data-problem': slugOf(problem) },
    h('p', { class: 'problem-title' }, problem.title),
    words,
    reference(problem),
  );
}

function reference(problem: Problem): Child {
  const slug = slugOf(problem);
  return (
    problem.request_id !== '' &&
    h(
      'p',
      { class: 'quiet' },
      slug !== '' && [
        h(
          'a',
          { href: `/problems/${encodeURIComponent(slug)}`, target: '_blank', rel: 'noopener' },
          'What this means (new tab)',
        ),
        ' · ',
      ],
      'Request ',
      h('code', {}, problem.request_id),
    )
  );
}
