// The body of a report, to be written: four parts that a signature needs, and what else helps a busy reader.
import { isKind, type ReportBody, toProblem } from './api.js';
import { type Child, fill, h, unique } from './dom.js';
import {
  button,
  choices,
  type Field,
  type Form,
  given,
  input,
  numberOrNothing,
  orNothing,
  select,
  textarea,
} from './form.js';
import { category } from './words.js';

type Row = { element: HTMLElement; fields: Field[]; at(index: number): void };
type Part<T> = { element: HTMLElement; rows(): T[]; add(value?: T): void };

/** A list of rows, each of which can be taken out. */
function list<T>(options: {
  legend: string;
  hint: string;
  isNeeded?: boolean;
  pointer: string;
  id: string;
  add: string;
  form: Form;
  isOpen?: boolean;
  row(value: T | undefined): Row & { read(): T };
  changed(): void;
}): Part<T> {
  const rows: (Row & { read(): T })[] = [];
  const holder = h('div', { class: 'rows' });
  const count = (): void =>
    rows.forEach((row, index) => {
      row.at(index);
      row.element.querySelector('legend, .row-title')!.textContent =
        `${options.legend.replace(/s$/, '')} ${index + 1}`;
    });
  const add = (value?: T): void => {
    const row = options.row(value);
    rows.push(row);
    options.form.add(...row.fields);
    row.element.append(
      button(
        'Take out',
        () => {
          rows.splice(rows.indexOf(row), 1);
          options.form.forget(...row.fields);
          row.element.remove();
          count();
          addButton.focus();
          options.changed();
        },
        { class: 'small quiet-button' },
      ),
    );
    holder.append(row.element);
    count();
    options.changed();
  };
  const addButton = button(
    options.add,
    () => {
      add();
      rows.at(-1)!.fields[0]!.control.focus();
    },
    { id: `add-${options.id}`, class: 'small' },
  );
  return {
    element: h(
      'section',
      { class: 'form-part', id: options.id, 'aria-labelledby': `${options.id}-title` },
      h('h2', { id: `${options.id}-title` }, options.legend, options.isNeeded && needed()),
      h('p', { class: 'hint' }, options.hint),
      holder,
      h('p', { class: 'actions' }, addButton),
    ),
    rows: () => rows.map((row) => row.read()),
    add,
  };
}

const twoUp = (...fields: Field[]): HTMLElement =>
  h(
    'div',
    { class: 'columns' },
    fields.map((field) => field.element),
  );
/** Marks the four parts that a signature needs. */
const needed = (): HTMLElement => h('span', { class: 'needed' }, ' needed to sign');
const numeric = { inputmode: 'decimal', pattern: '-?[0-9]+([.,][0-9]+)?', title: 'A number.' } as const;
const whole = { inputmode: 'numeric', pattern: '[0-9]+', title: 'A whole number.' } as const;
const dated = { type: 'date' } as const;

export interface ReportForm {
  element: HTMLElement;
  read(): ReportBody;
}

/** The fields of a body. `prefix` is where the service finds them in the request. */
export function reportForm(form: Form, body: ReportBody, changed: () => void): ReportForm {
  const prefix = '/body';
  const one = (field: Field): Field => {
    form.add(field);
    field.control.addEventListener('input', changed);
    return field;
  };
  const prose = (label: string, name: keyof ReportBody & string, hint: string, rows = 3): Field =>
    one(
      textarea(label, {
        unmarked: true,
        id: name.replaceAll('_', '-'),
        pointer: `${prefix}/${name}`,
        hint,
        rows,
        value: (body[name] as string | null | undefined) ?? '',
        attributes: { maxlength: 20000 },
      }),
    );
  const summary = prose(
    'Summary',
    'summary',
    'Three lines for a busy reader: the complaint, the response so far in numbers, what you ask.',
  );
  const condition = prose(
    'Condition',
    'condition',
    'The complaint or condition that is treated, and who diagnosed it.',
    2,
  );
  const what = one(
    textarea('Treatment', {
      unmarked: true,
      id: 'treatment-what',
      pointer: `${prefix}/treatment/what`,
      hint: 'What is done.',
      value: body.treatment?.what,
    }),
  );
  const why = one(
    textarea('Why this treatment', {
      unmarked: true,
      id: 'treatment-why',
      pointer: `${prefix}/treatment/why`,
      hint: 'For this patient, now.',
      value: body.treatment?.why,
    }),
  );
  const schedule = body.schedule;
  const frequency = one(
    input('Frequency', {
      unmarked: true,
      id: 'frequency',
      pointer: `${prefix}/schedule/frequency`,
      hint: 'Such as: once a week',
      value: schedule?.frequency,
    }),
  );
  const duration = one(
    input('Duration', {
      unmarked: true,
      id: 'duration',
      pointer: `${prefix}/schedule/duration`,
      hint: 'Such as: 6 weeks',
      value: schedule?.duration,
    }),
  );
  const planned = one(
    input('Visits planned', {
      unmarked: true,
      id: 'visits-planned',
      pointer: `${prefix}/schedule/visits_planned`,
      value: schedule?.visits_planned,
      attributes: whole,
    }),
  );
  const attended = one(
    input('Visits attended', {
      unmarked: true,
      id: 'visits-attended',
      pointer: `${prefix}/schedule/visits_attended`,
      value: schedule?.visits_attended,
      attributes: whole,
    }),
  );
  const again = one(
    input('Re-examined after', {
      unmarked: true,
      id: 'reexamination-after',
      pointer: `${prefix}/schedule/reexamination_after_visits`,
      value: schedule?.reexamination_after_visits,
      attributes: whole,
    }),
  );
  const ends = one(
    input('Plan ends', {
      unmarked: true,
      id: 'ends-on',
      pointer: `${prefix}/schedule/ends_on`,
      value: schedule?.ends_on,
      attributes: dated,
    }),
  );

  const names = h('datalist', { id: unique('measure-names') });
  type Measure = NonNullable<ReportBody['measures']>[number];
  type Goal = NonNullable<ReportBody['goals']>[number];
  type Citation = NonNullable<ReportBody['citations']>[number];

  const measures = list<Measure>({
    legend: 'Measures',
    id: 'measures',
    pointer: `${prefix}/measures`,
    add: 'Add a measure',
    form,
    changed: () => {
      rename();
      changed();
    },
    hint: 'What was measured, at the start and now. At least one.',
    isNeeded: true,
    row(value) {
      const name = input('What is measured', {
        unmarked: true,
        hint: 'Such as: Stiffness intensity (VAS)',
        value: value?.name,
        attributes: { maxlength: 200 },
      });
      const unit = input('Unit', {
        unmarked: true,
        hint: 'Such as: 0-10, in, %',
        value: value?.unit,
        attributes: { maxlength: 60 },
      });
      const good = select(
        'Which way is good',
        [
          ['', 'Not said'],
          ['lower', 'Lower is better'],
          ['higher', 'Higher is better'],
        ],
        {
          unmarked: true,
          value: value?.higher_is_better === undefined ? '' : value.higher_is_better ? 'higher' : 'lower',
        },
      );
      const baseline = input('Baseline', { unmarked: true, value: value?.baseline, attributes: numeric });
      const baselineOn = input('Taken on', { unmarked: true, value: value?.baseline_on, attributes: dated });
      const current = input('Now', { unmarked: true, value: value?.current, attributes: numeric });
      const currentOn = input('Taken on', { unmarked: true, value: value?.current_on, attributes: dated });
      const note = input('Note', {
        unmarked: true,
        hint: 'What the figures do not tell.',
        value: value?.note,
        attributes: { maxlength: 2000 },
      });
      const fields = [name, unit, good, baseline, baselineOn, current, currentOn, note];
      const keys = [
        'name',
        'unit',
        'higher_is_better',
        'baseline',
        'baseline_on',
        'current',
        'current_on',
        'note',
      ];
      name.control.addEventListener('input', () => rename());
      for (const field of fields) field.control.addEventListener('input', changed);
      return {
        element: h(
          'fieldset',
          { class: 'row', 'data-test': 'measure' },
          h('legend', {}),
          name.element,
          twoUp(unit, good),
          h(
            'div',
            { class: 'columns four' },
            [baseline, baselineOn, current, currentOn].map((field) => field.element),
          ),
          note.element,
        ),
        fields,
        at: (index) =>
          fields.forEach((field, which) => {
            field.pointer = `${prefix}/measures/${index}/${keys[which]!}`;
            field.control.setAttribute('data-test', `measure-${index}-${keys[which]!}`);
          }),
        read: () =>
          given({
            name: name.value(),
            unit: orNothing(unit.value()),
            higher_is_better: good.value() === '' ? undefined : good.value() === 'higher',
            baseline: numberOrNothing(baseline.value()),
            baseline_on: orNothing(baselineOn.value()),
            current: numberOrNothing(current.value()),
            current_on: orNothing(currentOn.value()),
            note: orNothing(note.value()),
          }) as Measure,
      };
    },
  });
  const rename = (): void =>
    fill(
      names,
      measures
        .rows()
        .filter((row) => row.name !== '')
        .map((row) => h('option', { value: row.name })),
    );

  const goals = list<Goal>({
    legend: 'Goals',
    id: 'goals',
    pointer: `${prefix}/goals`,
    add: 'Add a goal',
    form,
    changed,
    hint: 'Each tied to a measure, by its name, that tells whether it is reached. At least one.',
    isNeeded: true,
    row(value) {
      const goal = input('Goal', { unmarked: true, value: value?.goal, attributes: { maxlength: 2000 } });
      const outcome = input('Anticipated outcome', {
        unmarked: true,
        value: value?.anticipated_outcome,
        attributes: { maxlength: 2000 },
      });
      const measure = input('Measured by', {
        unmarked: true,
        hint: 'The name of one of the measures.',
        value: value?.measure,
        attributes: { list: names.id, maxlength: 200 },
      });
      const target = input('Target', { unmarked: true, value: value?.target, attributes: numeric });
      const by = input('By when', { unmarked: true, value: value?.target_date, attributes: dated });
      const fields = [goal, outcome, measure, target, by];
      const keys = ['goal', 'anticipated_outcome', 'measure', 'target', 'target_date'];
      for (const field of fields) field.control.addEventListener('input', changed);
      return {
        element: h(
          'fieldset',
          { class: 'row', 'data-test': 'goal' },
          h('legend', {}),
          goal.element,
          outcome.element,
          measure.element,
          twoUp(target, by),
        ),
        fields,
        at: (index) =>
          fields.forEach((field, which) => {
            field.pointer = `${prefix}/goals/${index}/${keys[which]!}`;
            field.control.setAttribute('data-test', `goal-${index}-${keys[which]!}`);
          }),
        read: () =>
          given({
            goal: goal.value(),
            anticipated_outcome: orNothing(outcome.value()),
            measure: orNothing(measure.value()),
            target: numberOrNothing(target.value()),
            target_date: orNothing(by.value()),
          }) as Goal,
      };
    },
  });

  const history = prose('History', 'history', 'In brief. It goes out only if the patient agreed to history.');
  const reexamination = prose(
    'Findings at re-examination',
    'reexamination',
    'What changed since the first visit.',
  );
  const followUp = prose(
    'Suggestions and follow-up',
    'follow_up',
    'Future care, and when the patient comes again.',
  );
  const coManagement = prose('Co-management', 'co_management', 'Who does what, where several clinics treat.');
  const questions = prose('Questions to the reader', 'questions', 'What you would like to know.', 2);

  const citations = list<Citation>({
    legend: 'Sources',
    id: 'citations',
    pointer: `${prefix}/citations`,
    add: 'Add a source',
    form,
    changed,
    hint: 'Literature that the treatment rests on. Two or three are enough.',
    row(value) {
      const text = input('Reference', {
        unmarked: true,
        value: value?.text,
        attributes: { maxlength: 1000 },
      });
      const doi = input('DOI', { unmarked: true, value: value?.doi, attributes: { maxlength: 200 } });
      const relevance = input('Why it matters here', {
        unmarked: true,
        value: value?.relevance,
        attributes: { maxlength: 1000 },
      });
      const fields = [text, doi, relevance];
      const keys = ['text', 'doi', 'relevance'];
      for (const field of fields) field.control.addEventListener('input', changed);
      return {
        element: h(
          'fieldset',
          { class: 'row', 'data-test': 'citation' },
          h('legend', {}),
          text.element,
          doi.element,
          relevance.element,
        ),
        fields,
        at: (index) =>
          fields.forEach((field, which) => {
            field.pointer = `${prefix}/citations/${index}/${keys[which]!}`;
          }),
        read: () =>
          given({
            text: text.value(),
            doi: orNothing(doi.value()),
            relevance: orNothing(relevance.value()),
          }) as Citation,
      };
    },
  });

  for (const measure of body.measures ?? []) measures.add(measure);
  for (const goal of body.goals ?? []) goals.add(goal);
  for (const citation of body.citations ?? []) citations.add(citation);
  if ((body.measures ?? []).length === 0) measures.add();
  if ((body.goals ?? []).length === 0) goals.add();

  const part = (title: string, id: string, ...content: Child[]): HTMLElement =>
    h(
      'section',
      { class: 'form-part', 'aria-labelledby': id },
      h('h2', { id }, title, needs.includes(id) && needed()),
      content,
    );
  const needs = ['form-treatment', 'form-schedule'];
  const element = h(
    'div',
    { class: 'report-form' },
    names,
    part('At a glance', 'form-glance', summary.element, condition.element),
    part('Treatment and why', 'form-treatment', what.element, why.element),
    part(
      'Frequency and duration',
      'form-schedule',
      twoUp(frequency, duration),
      h(
        'div',
        { class: 'columns four' },
        [planned, attended, again, ends].map((field) => field.element),
      ),
    ),
    measures.element,
    goals.element,
    part(
      'For the reader',
      'form-reader',
      followUp.element,
      coManagement.element,
      questions.element,
      reexamination.element,
      history.element,
    ),
    citations.element,
  );

  const read = (): ReportBody => {
    const treatment = what.value() || why.value() ? { what: what.value(), why: why.value() } : undefined;
    const plan = given({
      frequency: frequency.value(),
      duration: duration.value(),
      visits_planned: numberOrNothing(planned.value()),
      visits_attended: numberOrNothing(attended.value()),
      reexamination_after_visits: numberOrNothing(again.value()),
      ends_on: orNothing(ends.value()),
    });
    const isPlanned = Object.values(plan).some((value) => value !== '');
    return given({
      summary: orNothing(summary.value()),
      condition: orNothing(condition.value()),
      treatment,
      schedule: isPlanned ? plan : undefined,
      goals: goals.rows().filter((row) => Object.values(row).some((value) => value !== '')),
      measures: measures.rows().filter((row) => Object.values(row).some((value) => value !== '')),
      history: orNothing(history.value()),
      reexamination: orNothing(reexamination.value()),
      follow_up: orNothing(followUp.value()),
      co_management: orNothing(coManagement.value()),
      questions: orNothing(questions.value()),
      citations: citations.rows().filter((row) => row.text !== ''),
    }) as ReportBody;
  };
  return { element, read };
}

const sensitive = ['mental_health', 'substance_use', 'reproductive_health'] as const;

/** Which of the sensitive categories it touches. */
export function sensitiveChoices(checked: readonly string[]) {
  const made = choices(
    'Does it touch any of these?',
    sensitive.map((one) => [one, category(one)]),
    {
      id: 'sensitive',
      checked,
      hint: 'A share then needs a consent that names them: no other category implies them.',
    },
  );
  return { element: made.element, values: () => made.values() as (typeof sensitive)[number][] };
}

/** What is missing before it can be signed, if that is what the refusal is about. */
export function missingParts(error: unknown): HTMLElement | null {
  if (!isKind(error, 'report-incomplete')) return null;
  const missing = toProblem(error).errors ?? [];
  return h(
    'div',
    { class: 'problem', role: 'alert', 'data-problem': 'report-incomplete' },
    h('p', { class: 'problem-title' }, 'Something is missing before it can be signed'),
    h(
      'p',
      {},
      'A professional report has four parts: the treatment and why, how often and how long, goals that are each tied to a measure, and the measures.',
    ),
    h(
      'ul',
      {},
      missing.map((one): Child => h('li', {}, [place(one.pointer), ': ', one.message])),
    ),
  );
}

/** Where in the report that is, as the form calls it. */
function place(pointer: string): string {
  const [, , part, index, field] = pointer.split('/');
  const names: Record<string, string> = {
    treatment: 'Treatment and why',
    schedule: 'Frequency and duration',
    goals: 'Goals',
    measures: 'Measures',
  };
  const name = names[part ?? ''] ?? part ?? 'The report';
  const number =
    index !== undefined && /^\d+$/.test(index)
      ? ` ${Number(index) + 1}`
      : index
        ? `, ${index.replaceAll('_', ' ')}`
        : '';
  return `${name}${number}${field ? `, ${field.replaceAll('_', ' ')}` : ''}`;
}
