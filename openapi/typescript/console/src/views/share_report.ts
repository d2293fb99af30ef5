// Sharing a signed report. The patient's consent is checked by the service.
import { consentsOf, filesOf, readReport, type Section, shareReport } from '../api.js';
import { categoriesNeeded, isSamePurpose, lacking, names } from '../coverage.js';
import { fill, h } from '../dom.js';
import { choices, Form, given, orNothing, textarea } from '../form.js';
import { refusal } from '../gate.js';
import { take } from '../handover.js';
import { purposeField } from '../purpose.js';
import { chosenOf, RecipientPicker } from '../recipient.js';
import { goWith, route, type Shown } from '../router.js';
import { badge } from '../states.js';
import { lastDayOf } from '../time.js';
import { category, listed, reportKind, section } from '../words.js';

route('share-report/:id', { title: 'Share a report', tab: 'patients', open });

const order: Section[] = [
  'summary',
  'questions',
  'measures',
  'condition',
  'history',
  'treatment',
  'schedule',
  'goals',
  'reexamination',
  'follow_up',
  'co_management',
  'citations',
  'attachments',
];

async function open(id: string): Promise<Shown> {
  const [report, files] = await Promise.all([readReport(id), filesOf(id)]);
  // What was added since is signed with the next version.
  const isWithFiles = files.some((one) => one.versions.includes(report.current_version ?? 1));
  const consents = await consentsOf(report.patient_id);
  const inForce = consents.filter((one) => one.state === 'active');
  const present = order.filter((one) => {
    if (one === 'attachments') return isWithFiles;
    const value = report.body[one as keyof typeof report.body];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== '';
  });
  const before = take('share');
  // Of another report it would be another patient's recipient.
  const handed = before?.report === id ? before : undefined;
  const suggested = inForce.flatMap((one) => one.recipients.map(chosenOf));
  const unique = [...new Map(suggested.map((one) => [JSON.stringify(one.choice), one])).values()];

  const advice = h('div', { id: 'coverage', class: 'coverage', 'aria-live': 'polite' });
  const picker = new RecipientPicker({
    legend: 'To whom',
    pointer: '/recipient',
    guests: true,
    suggested: unique,
    ...(handed ? { chosen: [handed.recipient] } : {}),
    changed: () => advise(),
  });
  const why = purposeField({
    value: handed?.purpose ?? inForce[0]?.purpose ?? 'treatment',
    more: inForce.map((one) => one.purpose),
    hint: 'The one that the patient agreed to.',
    changed: () => advise(),
  });
  const sections = choices(
    'What goes',
    present.map((one) => [one, section(one)]),
    {
      id: 'sections',
      checked: present,
      hint: 'The recipient gets these sections, and not a byte of the others.',
    },
  );
  const letter = textarea('Cover letter', {
    id: 'cover-letter',
    pointer: '/cover_letter',
    rows: 4,
    hint: 'Why you send this, in a few words to the reader.',
    attributes: { maxlength: 5000 },
  });

  const form: Form = new Form(
    {
      id: 'share-form',
      submit: 'Share it',
      submitId: 'share',
      send: async () => {
        if (!picker.isChosen()) return;
        const wanted = sections.values() as Section[];
        if (wanted.length === 0) return form.refuse('Choose at least one section.');
        await shareReport(
          id,
          given({
            recipient: picker.chosen()[0]!.choice,
            purpose: why.value(),
            cover_letter: orNothing(letter.value()),
            // Left out, it is all that the version has, its attached files among them.
            sections: wanted.length === present.length ? undefined : wanted,
          }),
        );
        goWith(`#/reports/${id}`, 'good', 'Shared. Here you see when it is read.');
      },
      explain: async (error) =>
        refusal(error, {
          report,
          consents: await consentsOf(report.patient_id),
          recipient: picker.chosen()[0] ?? null,
          purpose: why.value(),
          sections: sections.values() as Section[],
          usePurpose: (word) => why.set(word),
          useRecipient: (one) => picker.choose(one),
          leaveOut: (out) =>
            sections.set((sections.values() as Section[]).filter((one) => !out.includes(one))),
        }),
      beside: h('a', { class: 'button', href: `#/reports/${id}` }, 'Not now'),
    },
    picker.element,
    why.element,
    sections.element,
    letter.element,
    advice,
  );
  picker.addTo(form);
  why.addTo(form);
  form.add(letter);
  sections.element.addEventListener('change', () => advise());

  /** Says beforehand which consent would carry it, as far as that can be told from here. */
  function advise(): void {
    const chosen = picker.chosen()[0];
    if (!chosen) return advice.replaceChildren();
    const needed = categoriesNeeded(report.kind, sections.values() as Section[], report.sensitive_categories);
    const fitting = inForce.filter(
      (one) => names(one, chosen.choice) && isSamePurpose(one.purpose, why.value()),
    );
    const whole = fitting.find((one) => lacking(one.categories, needed).length === 0);
    if (whole)
      fill(
        advice,
        h(
          'p',
          {},
          badge('consent', 'active'),
          ' A consent covers this until ',
          lastDayOf(whole.expires_at),
          '.',
        ),
      );
    else if (fitting[0])
      fill(
        advice,
        h(
          'p',
          {},
          'The consent in force does not name: ',
          listed(lacking(fitting[0].categories, needed).map(category)),
          '.',
        ),
      );
    else advice.replaceChildren();
  }
  advise();
  return {
    eyebrow: h('a', { href: `#/reports/${id}` }, 'To the report'),
    content: h(
      'div',
      { class: 'card narrow' },
      h(
        'p',
        { class: 'hint' },
        `${reportKind(report.kind)}, version ${report.current_version ?? 1}. It goes out only if the patient's consent covers it.`,
      ),
      form.element,
    ),
  };
}
