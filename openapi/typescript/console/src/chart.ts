// Measures drawn over time. Nothing is told by colour alone: the first value is hollow, the others are solid, a goal is
// dashed, and all of it stands in the caption and in a table too.
import { type Child, h, svg, unique } from './dom.js';
import type { Goal, Measure } from './api.js';
import { dayText } from './time.js';

/** A value, and when it was taken, as far as that is known. */
export interface Point {
  value: number;
  on?: string | undefined;
  label: string;
}

export interface Series {
  name: string;
  unit?: string | undefined;
  higherIsBetter?: boolean | undefined;
  note?: string | undefined;
  points: Point[];
  target?: { value: number; on?: string | undefined } | undefined;
}

export const figure = (value: number): string => String(Number(value.toFixed(3)));
const signed = (change: number): string =>
  change > 0 ? `+${figure(change)}` : figure(change).replace('-', '−');
const sameName = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

/** The measures of one report: from the baseline to now, with the goals that are tied to them. */
export function seriesOf(measures: readonly Measure[], goals: readonly Goal[] = []): Series[] {
  return measures.map((measure) => {
    const points: Point[] = [];
    if (typeof measure.baseline === 'number')
      points.push({ value: measure.baseline, on: measure.baseline_on, label: 'Baseline' });
    if (typeof measure.current === 'number')
      points.push({ value: measure.current, on: measure.current_on, label: 'Now' });
    const goal = goals.find(
      (one) =>
        one.measure !== undefined && typeof one.target === 'number' && sameName(one.measure, measure.name),
    );
    return {
      name: measure.name,
      unit: measure.unit,
      higherIsBetter: measure.higher_is_better,
      note: measure.note,
      points,
      target: goal?.target === undefined ? undefined : { value: goal.target, on: goal.target_date },
    };
  });
}

/** What the change means for the patient, as far as the report says which way is good. */
export function verdict(series: Series): {
  word: 'better' | 'worse' | 'unchanged' | 'not judged' | 'one value';
  change: number | null;
} {
  const first = series.points[0];
  const last = series.points.at(-1);
  if (!first || !last || first === last) return { word: 'one value', change: null };
  const change = last.value - first.value;
  if (change === 0) return { word: 'unchanged', change };
  if (series.higherIsBetter === undefined) return { word: 'not judged', change };
  return { word: change > 0 === series.higherIsBetter ? 'better' : 'worse', change };
}

const arrows = { up: 'M6 1 11 7H8v4H4V7H1Z', down: 'M6 11 1 5h3V1h4v4h3Z', level: 'M1 4.5h10v3H1Z' };

function badge(series: Series): Child {
  const { word, change } = verdict(series);
  if (change === null) return h('span', { class: 'verdict' }, 'One value so far');
  const way = change > 0 ? 'up' : change < 0 ? 'down' : 'level';
  const first = series.points[0]!.value;
  const share = first > 0 && change !== 0 ? ` (${signed(Math.round((change / first) * 100))} %)` : '';
  return h(
    'span',
    { class: 'verdict', 'data-verdict': word.replace(' ', '-') },
    svg(
      'svg',
      { class: 'arrow', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
      svg('path', { d: arrows[way] }),
    ),
    ` ${word === 'not judged' ? '' : `${word} `}`,
    h('span', { class: 'figures' }, `${signed(change)}${share}`),
  );
}

/** In a sentence, which is what a screen reader says in the place of the drawing. */
function inWords(series: Series): string {
  const { word } = verdict(series);
  const at = (point: Point): string =>
    `${point.label.toLowerCase()} ${figure(point.value)}${point.on ? ` on ${dayText(point.on)}` : ''}`;
  const unit = series.unit ? ` (${series.unit})` : '';
  const goal = series.target
    ? `; goal ${figure(series.target.value)}${series.target.on ? ` by ${dayText(series.target.on)}` : ''}`
    : '';
  return `${series.name}${unit}: ${series.points.map(at).join(', ')}${goal}${word === 'one value' ? '' : `; ${word}`}`;
}

const WIDTH = 300;
const HEIGHT = 150;
const LEFT = 36;
const TOP = 24;
const BOTTOM = 26;

/** Round values that enclose the given ones, zero among them where it is near. */
function axis(values: number[]): { low: number; high: number; middle: number } {
  const highest = Math.max(...values);
  const lowest = Math.min(...values);
  const low = lowest >= 0 && lowest <= highest * 0.75 ? 0 : lowest;
  const span = highest - low || Math.abs(highest) || 1;
  const step = 10 ** Math.floor(Math.log10(span));
  const nice = [1, 2, 2.5, 5, 10].map((factor) => factor * step).find((size) => size * 2 >= span) ?? span;
  const bottom = low === 0 ? 0 : Math.floor(low / nice) * nice;
  const top = bottom + nice * 2 >= highest ? bottom + nice * 2 : bottom + nice * 4;
  return { low: bottom, high: top, middle: (bottom + top) / 2 };
}

const stamp = (on: string | undefined): number =>
  on === undefined ? Number.NaN : Date.parse(`${on}T00:00:00Z`);

/** Where each moment lies from left to right: by its date if all have one, else evenly. */
function places(moments: (string | undefined)[], right: number): number[] {
  const stamps = moments.map(stamp);
  const earliest = Math.min(...stamps);
  const latest = Math.max(...stamps);
  const [from, to] = [LEFT + 14, right - 14];
  const areDated = stamps.every((one) => !Number.isNaN(one)) && latest > earliest;
  return stamps.map(
    (one, index) =>
      from +
      (to - from) *
        (areDated
          ? (one - earliest) / (latest - earliest)
          : moments.length === 1
            ? 0.5
            : index / (moments.length - 1)),
  );
}

const text = (x: number, y: number, words: string, anchor: string, kind: string): SVGElement =>
  svg('text', { x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor, class: kind }, words);

const line = (kind: string, from: number, to: number, y: number): SVGElement =>
  svg('line', { class: kind, x1: from, x2: to, y1: y.toFixed(1), y2: y.toFixed(1) });

function drawing(series: Series): SVGSVGElement | HTMLElement {
  const { points, target } = series;
  if (points.length === 0) return h('p', { class: 'quiet' }, 'No figures yet.');
  // A goal is named in a margin of its own, where no value can come to lie on it.
  const right = WIDTH - (target ? 60 : 12);
  const scale = axis([...points.map((point) => point.value), ...(target ? [target.value] : [])]);
  const y = (value: number): number =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - scale.low) / (scale.high - scale.low));
  const day =
    target?.on !== undefined && points.every((point) => point.on !== undefined && point.on < target.on!)
      ? target.on
      : undefined;
  const xs = places([...points.map((point) => point.on), ...(day ? [day] : [])], right);
  const title = unique('chart');
  const path = points
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${xs[index]!.toFixed(1)} ${y(point.value).toFixed(1)}`)
    .join('');
  return svg(
    'svg',
    { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-labelledby': title },
    svg('title', { id: title }, inWords(series)),
    [scale.low, scale.middle, scale.high].map((value) => [
      line('grid', LEFT, right, y(value)),
      text(LEFT - 6, y(value) + 4, figure(value), 'end', 'tick'),
    ]),
    target && [
      line('goal-line', LEFT, right, y(target.value)),
      day &&
        svg('path', {
          class: 'goal-mark',
          d: `M${xs.at(-1)!.toFixed(1)} ${(y(target.value) - 5).toFixed(1)}l5 5-5 5-5-5Z`,
        }),
      text(right + 5, y(target.value) + 4, `goal ${figure(target.value)}`, 'start', 'goal-text'),
    ],
    points.length > 1 && svg('path', { class: 'line', d: path }),
    points.map((_, index) => mark(points, index, xs[index]!, y, target?.value)),
    feet(points, xs, day),
  );
}

function mark(
  points: readonly Point[],
  index: number,
  x: number,
  y: (value: number) => number,
  goal: number | undefined,
): Child {
  const point = points[index]!;
  const at = y(point.value);
  const before = points[index - 1]?.value ?? points[index + 1]?.value ?? point.value;
  const isFree = (from: number, to: number): boolean =>
    goal === undefined || y(goal) < at + from || y(goal) > at + to;
  // The figure stands on the side that the line does not come from, unless a goal's line runs through there.
  const isAbove =
    point.value >= before ? isFree(-26, -4) || !isFree(4, 24) : !isFree(4, 24) && isFree(-26, -4);
  return [
    svg('circle', {
      class: index === 0 && points.length > 1 ? 'dot first' : 'dot',
      cx: x.toFixed(1),
      cy: at.toFixed(1),
      r: 4.5,
    }),
    text(x, at + (isAbove ? -10 : 19), figure(point.value), 'middle', 'value'),
  ];
}

/** The days below: the first and the last value first, the others and a goal's where there is room. */
function feet(points: readonly Point[], xs: readonly number[], goalDay: string | undefined): Child {
  const all = [
    ...points.map((point) => (point.on ? shortDay(point.on) : point.label)),
    ...(goalDay ? [shortDay(goalDay)] : []),
  ];
  const byWeight = [0, points.length - 1, all.length - 1, ...all.keys()];
  const taken: [number, number][] = [];
  const shown: Child[] = [];
  for (const index of new Set(byWeight)) {
    const half = all[index]!.length * 3.4;
    const x = Math.min(Math.max(xs[index]!, half + 2), WIDTH - half - 2);
    if (taken.some(([from, to]) => x - half < to + 6 && x + half > from - 6)) continue;
    taken.push([x - half, x + half]);
    shown.push(text(x, HEIGHT - 6, all[index]!, 'middle', 'tick'));
  }
  return shown;
}

const monthDay = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const monthDayYear = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  day: 'numeric',
  year: '2-digit',
  timeZone: 'UTC',
});

/** A day in few letters: the year only where it is not this one. The table has it in full. */
function shortDay(on: string): string {
  const date = new Date(stamp(on));
  if (Number.isNaN(date.getTime())) return on;
  return (date.getUTCFullYear() === new Date().getFullYear() ? monthDay : monthDayYear).format(date);
}

/** One drawing for each measure, and a table that says the same. */
export function charts(all: readonly Series[]): HTMLElement {
  return h(
    'div',
    { class: 'measures' },
    h(
      'div',
      { class: 'chart-grid' },
      all.map((series) =>
        h(
          'figure',
          { class: 'chart-card' },
          h(
            'figcaption',
            {},
            h('span', { class: 'chart-name' }, series.name),
            h('span', { class: 'second' }, series.unit ? `Unit: ${series.unit}` : 'No unit'),
            badge(series),
          ),
          drawing(series),
          series.note && h('p', { class: 'second as-typed' }, series.note),
        ),
      ),
    ),
    h('details', { class: 'figures-table' }, h('summary', {}, 'The same figures as a table'), table(all)),
  );
}

function table(all: readonly Series[]): HTMLElement {
  const columns = ['Measure', 'When', 'Value', 'Unit', 'Change from the first', 'Meaning'];
  const rows = all.flatMap((series) =>
    series.points.map((point, index) => {
      const change = index === 0 ? null : point.value - series.points[0]!.value;
      const meaning = change === null ? '' : verdict({ ...series, points: [series.points[0]!, point] }).word;
      const when = point.on ? `${point.label}, ${dayText(point.on)}` : point.label;
      const cells = [
        when,
        figure(point.value),
        series.unit ?? 'none',
        change === null ? '' : signed(change),
        meaning,
      ];
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, series.name),
        cells.map((cell, at) => h('td', { 'data-label': columns[at + 1] }, cell)),
      );
    }),
  );
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures of the measures' },
    h(
      'table',
      { class: 'stack' },
      h('caption', { class: 'visually-hidden' }, 'Measures and their values'),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
}
