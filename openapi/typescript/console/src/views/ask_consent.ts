// Asking a patient for consent: who may receive, what, what for, until when.
import { askConsent, type Category, readPatient } from '../api.js';
import { h } from '../dom.js';
import { checkbox, choices, Form, input } from '../form.js';
import { take } from '../handover.js';
import { purposeField } from '../purpose.js';
import { RecipientPicker } from '../recipient.js';
import { goWith, route, type Shown } from '../router.js';
import { endOfDay, isoDay } from '../time.js';
import { category } from '../words.js';

route('ask-consent/:id', { title: 'Ask for consent', tab: 'patients', open });

const ordinary: Category[] = [
  'treatment_plan',
  'progress_report',
  'outcome_measures',
  'history',
  'attachments',
  'referral',
];
const sensitive: Category[] = ['mental_health', 'substance_use', 'reproductive_health'];

async function open(id: string): Promise<Shown> {
  const patient = await readPatient(id);
  const handed = take('consent');
  const asked = handed?.patient === id ? handed : undefined;
  const picker = new RecipientPicker({
    legend: 'Who may receive',
    pointer: '/recipients',
    several: true,
    guests: true,
    chosen: asked?.recipients ?? [],
    hint: 'A practitioner alone, or a clinic with all of its practitioners. Up to ten.',
  });
  const usual = choices(
    'What may be shared',
    ordinary.map((one) => [one, category(one)]),
    {
      id: 'categories',
      checked: asked?.categories ?? ['treatment_plan', 'progress_report', 'outcome_measures'],
    },
  );
  const special = choices(
    'Sensitive',
    sensitive.map((one) => [one, category(one)]),
    {
      id: 'sensitive',
      checked: asked?.categories ?? [],
      hint: 'Covered only if named here. Nothing above implies them.',
    },
  );
  const why = purposeField({ value: asked?.purpose ?? 'treatment', hint: 'A share must name the same one.' });
  const inAYear = new Date();
  inAYear.setFullYear(inAYear.getFullYear() + 1);
  const tomorrow = new Date(Date.now() + 86_400_000);
  const until = input('Until the end of', {
    id: 'until',
    pointer: '/expires_at',
    required: true,
    value: isoDay(inAYear),
    attributes: { type: 'date', min: isoDay(tomorrow) },
  });
  const back = checkbox('They may report back to us', {
    id: 'two-way',
    checked: asked?.twoWay ?? false,
    hint: 'So that whoever is referred to can send its report under the same consent.',
  });
  const form: Form = new Form(
    {
      id: 'consent-form',
      submit: 'Ask the patient',
      submitId: 'ask',
      send: async () => {
        if (!picker.isChosen()) return;
        const categories = [...usual.values(), ...special.values()] as Category[];
        if (categories.length === 0) return form.refuse('Choose at least one kind of information.');
        const consent = await askConsent(id, {
          recipients: picker.chosen().map((one) => one.choice),
          categories,
          purpose: why.value(),
          expires_at: endOfDay(until.value()),
          two_way: back.control.checked,
        });
        goWith(
          `#/consents/${consent.id}`,
          'good',
          patient.email
            ? 'Asked. The patient has a link by mail, and signs there. It is in force from then on.'
            : 'Written. There is no e-mail address on file, so it waits for a signature on paper.',
        );
      },
      beside: h('a', { class: 'button', href: asked?.then ?? `#/patients/${id}` }, 'Not now'),
    },
    picker.element,
    usual.element,
    special.element,
    why.element,
    until.element,
    back.element,
  );
  picker.addTo(form);
  why.addTo(form);
  form.add(until);
  return {
    eyebrow: h('a', { href: `#/patients/${id}` }, `${patient.given_name} ${patient.family_name}`),
    content: h(
      'div',
      { class: 'card narrow' },
      h(
        'p',
        { class: 'hint' },
        patient.email
          ? 'The patient gets a link by mail, proves who it is, reads the statement that is made of this, and signs or declines.'
          : 'There is no e-mail address on file for this patient: the statement is signed on paper and the scan attached.',
      ),
      form.element,
    ),
  };
}
