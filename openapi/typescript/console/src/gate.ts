// What the gate refused: which consent is missing, and what can be done about it.
import { type Category, type Consent, type Report, type Section, slugOf, toProblem } from './api.js';
import { categoriesNeeded, sectionsOf } from './coverage.js';
import { type Child, h, terms } from './dom.js';
import { button } from './form.js';
import { hand } from './handover.js';
import { explained } from './problem.js';
import { type Chosen, chosenOf } from './recipient.js';
import { go } from './router.js';
import { category, listed, purpose, section } from './words.js';

/** What was tried, and how the form that tried it can be changed. */
export interface Tried {
  report: Report;
  consents: Consent[];
  recipient: Chosen | null;
  purpose: string;
  sections: Section[];
  usePurpose(word: string): void;
  useRecipient(chosen: Chosen): void;
  leaveOut(sections: Section[]): void;
}

const reasons = [
  'consent-missing',
  'consent-pending',
  'consent-expired',
  'consent-revoked',
  'recipient-not-named',
  'purpose-mismatch',
  'consent-too-narrow',
];

/** What the gate refused, which consent is missing, and what can be done about it. */
export function refusal(error: unknown, tried: Tried): HTMLElement | null {
  const problem = toProblem(error);
  const slug = slugOf(problem);
  if (!reasons.includes(slug)) return null;
  const { consents, recipient, report } = tried;
  const who = recipient?.name ?? 'the recipient';
  const needed = categoriesNeeded(report.kind, tried.sections, report.sensitive_categories);
  const inForce = consents.filter((one) => one.state === 'active');
  const pending = consents.filter((one) => one.state === 'pending');
  const lacks = (problem.categories ?? []) as Category[];
  const ask = (label: string, categories: readonly Category[]): Child =>
    button(
      label,
      () => {
        hand('consent', {
          patient: report.patient_id,
          recipients: recipient ? [recipient] : [],
          categories: [...new Set(categories)],
          purpose: tried.purpose,
          then: `#/share-report/${report.id}`,
        });
        if (recipient) hand('share', { report: report.id, recipient, purpose: tried.purpose });
        go(`#/ask-consent/${report.patient_id}`);
      },
      { class: 'primary', id: 'ask-for-it' },
    );
  const see = (one: Consent): Child =>
    h('a', { class: 'button', href: `#/consents/${one.id}` }, 'See that consent');
  const missing = terms([
    ['To', who],
    ['For', purpose(tried.purpose)],
    ['What', listed(needed.map(category))],
  ]);

  const told = ((): { why: Child; actions: Child[]; extra?: Child } => {
    switch (slug) {
      case 'consent-pending':
        return {
          why: 'The patient was asked and has not signed yet, or the consent starts later. Nothing goes until then.',
          actions: [pending[0] ? see(pending[0]) : ask('Ask for consent', needed)],
        };
      case 'consent-expired':
        return {
          why: `The consent that named ${who} has ended by its date. The patient has to be asked anew.`,
          actions: [ask('Ask again', needed)],
        };
      case 'consent-revoked':
        return {
          why: 'The patient has taken the consent back. That takes no reason. Ask again only if the patient wishes to share after all.',
          actions: [ask('Ask again', needed)],
        };
      case 'recipient-not-named':
        return {
          why: `No consent in force names ${who}. The patient agreed to somebody else:`,
          extra: h(
            'p',
            { class: 'chips' },
            inForce
              .flatMap((one) => one.recipients)
              .map((one) => button(one.name, () => tried.useRecipient(chosenOf(one)), { class: 'chip' })),
          ),
          actions: [ask(`Ask for ${who}`, needed)],
        };
      case 'purpose-mismatch':
        return {
          why: 'The patient agreed to another purpose. Use that one if it is what you share for:',
          extra: h(
            'p',
            { class: 'chips' },
            [...new Set(inForce.map((one) => one.purpose))].map((word) =>
              button(purpose(word), () => tried.usePurpose(word), { class: 'chip' }),
            ),
          ),
          actions: [ask('Ask for this purpose', needed)],
        };
      case 'consent-too-narrow': {
        const out = sectionsOf(lacks, report.kind, tried.sections);
        const isPartly = out.length > 0 && out.length < tried.sections.length;
        return {
          why: [
            'The consent in force does not cover: ',
            h('strong', { id: 'lacking' }, listed(lacks.map(category))),
            '.',
          ],
          actions: [
            isPartly &&
              button(`Leave out ${listed(out.map(section)).toLowerCase()}`, () => tried.leaveOut(out), {
                id: 'leave-out',
              }),
            ask('Ask for a wider consent', [...needed, ...inForce.flatMap((one) => one.categories)]),
          ],
        };
      }
      default:
        return {
          why: "Nothing of a report leaves without the patient's signed consent. There is none yet for:",
          extra: missing,
          actions: [ask('Ask for this consent', needed)],
        };
    }
  })();
  return explained(
    error,
    h(
      'div',
      { id: 'gate', 'data-reason': slug },
      h('p', {}, told.why),
      told.extra ?? null,
      h('p', { class: 'actions' }, told.actions),
    ),
  );
}
