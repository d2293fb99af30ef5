// A report as it is read: the summary first, then the figures, then what explains them.
import type { ReportBody } from './api.js';
import { charts, figure, seriesOf } from './chart.js';
import { type Child, h, terms, typed } from './dom.js';
import { day } from './time.js';

function part(title: string, id: string, ...content: Child[]): HTMLElement {
  return h('section', { class: 'part', 'aria-labelledby': id }, h('h2', { id }, title), content);
}

export function drawReport(body: ReportBody): HTMLElement {
  const prose = (title: string, id: string, text: string | null | undefined): Child =>
    text && part(title, `part-${id}`, typed(text));
  const { treatment, schedule, goals, measures, citations } = body;
  const again = schedule?.reexamination_after_visits;
  const attended = schedule?.visits_attended;
  const planned = schedule?.visits_planned;
  return h(
    'article',
    { class: 'report', id: 'report' },
    body.summary &&
      h(
        'section',
        { class: 'part summary', 'aria-labelledby': 'part-summary' },
        h('h2', { id: 'part-summary' }, 'Summary'),
        typed(body.summary),
      ),
    prose('Questions to you', 'questions', body.questions),
    measures !== undefined &&
      measures.length > 0 &&
      part('Measures over time', 'part-measures', charts(seriesOf(measures, goals ?? []))),
    prose('Condition', 'condition', body.condition),
    prose('History', 'history', body.history),
    treatment &&
      part(
        'Treatment and why',
        'part-treatment',
        h('h3', {}, 'Treatment'),
        typed(treatment.what),
        h('h3', {}, 'Why this treatment'),
        typed(treatment.why),
      ),
    schedule &&
      part(
        'Frequency and duration',
        'part-schedule',
        visits(attended, planned),
        terms([
          ['Frequency', schedule.frequency],
          ['Duration', schedule.duration],
          ['Re-examination', again ? `After ${again} visits` : null],
          ['Plan ends', schedule.ends_on ? day(schedule.ends_on) : null],
        ]),
      ),
    goals !== undefined &&
      goals.length > 0 &&
      part(
        'Goals',
        'part-goals',
        h(
          'ol',
          { class: 'goals' },
          goals.map((goal) =>
            h(
              'li',
              {},
              h('p', { class: 'goal as-typed' }, goal.goal),
              terms([
                ['Expected', goal.anticipated_outcome],
                ['Measured by', goal.measure],
                [
                  'Target',
                  [
                    typeof goal.target === 'number' ? figure(goal.target) : '',
                    goal.target_date ? [' by ', day(goal.target_date)] : '',
                  ].some((piece) => piece !== '')
                    ? [
                        typeof goal.target === 'number' ? figure(goal.target) : null,
                        goal.target_date ? [' by ', day(goal.target_date)] : null,
                      ]
                    : null,
                ],
              ]),
            ),
          ),
        ),
      ),
    prose('Findings at re-examination', 'reexamination', body.reexamination),
    prose('Suggestions and follow-up', 'follow-up', body.follow_up),
    prose('Co-management: who does what', 'co-management', body.co_management),
    citations !== undefined &&
      citations.length > 0 &&
      part(
        'Literature',
        'part-citations',
        h(
          'ol',
          {},
          citations.map((citation) =>
            h(
              'li',
              {},
              citation.text,
              citation.doi && h('span', { class: 'second' }, `doi: ${citation.doi}`),
              citation.relevance &&
                h('span', { class: 'second' }, `Why it matters here: ${citation.relevance}`),
            ),
          ),
        ),
      ),
  );
}

/** How many of the planned visits took place: a row of boxes, and the numbers. */
function visits(attended: number | null | undefined, planned: number | null | undefined): Child {
  if (typeof attended !== 'number' && typeof planned !== 'number') return null;
  if (typeof planned !== 'number' || planned === 0 || planned > 40 || typeof attended !== 'number') {
    return h(
      'p',
      {},
      `Visits: ${attended ?? 'not told'} attended, ${planned ?? 'not told how many'} planned.`,
    );
  }
  const boxes = Array.from({ length: Math.max(planned, attended) }, (_, index) =>
    h('span', { class: index < attended ? 'visit done' : 'visit' }),
  );
  return h(
    'p',
    { class: 'visits' },
    h('span', { class: 'visit-row', 'aria-hidden': 'true' }, boxes),
    `${attended} of ${planned} planned visits attended`,
  );
}
