// What the versions of a report are told apart by.
import type { ReportBody, ReportVersion } from './api.js';
import { type Child, h, typed } from './dom.js';
import { listed, section } from './words.js';

/** The parts that one body has otherwise than the other. */
export function changedParts(before: ReportBody, after: ReportBody): string[] {
  const [one, other] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** Why a version was signed after the one before it, and what it changed; nothing for the first one. */
export function amendment(before: ReportVersion | null, version: ReportVersion): Child {
  if (!before || !version.amendment_reason) return null;
  const changed = changedParts(before.body, version.body);
  return h(
    'section',
    { class: 'note', 'aria-labelledby': 'amended-title', id: 'amendment' },
    h('h2', { id: 'amended-title' }, `Why version ${before.number} was amended`),
    typed(version.amendment_reason),
    h(
      'p',
      { class: 'second' },
      changed.length > 0 ? `Changed: ${listed(changed.map(section))}.` : 'The text is the same as before.',
    ),
  );
}
