// Writing a referral of a patient. It stays a draft until it is sent, which takes the patient's consent for referrals.
import {
  consentsOf,
  readPatient,
  type Referral,
  type ReferralMove,
  moveReferral,
  slugOf,
  toProblem,
  writeReferral,
} from '../api.js';
import { h } from '../dom.js';
import { button, checkbox, Form, given, input, orNothing, select, textarea } from '../form.js';
import { hand } from '../handover.js';
import { problemBox } from '../problem.js';
import { chosenOf, RecipientPicker } from '../recipient.js';
import { go, goWith, route, type Shown } from '../router.js';
import { referralKind, urgency } from '../words.js';

route('refer/:id', { title: 'Refer a patient', tab: 'patients', open });

async function open(id: string): Promise<Shown> {
  const [patient, consents] = await Promise.all([readPatient(id), consentsOf(id)]);
  const suggested = consents
    .filter((one) => one.state === 'active' && one.categories.includes('referral'))
    .flatMap((one) => one.recipients.map(chosenOf));
  const kind = select(
    'What you ask for',
    ['referral', 'second_opinion'].map((one) => [one, referralKind(one)]),
    { id: 'referral-kind', pointer: '/kind', required: true },
  );
  const picker = new RecipientPicker({
    legend: 'Whom you ask',
    pointer: '/recipient',
    guests: true,
    suggested,
    suggestedAs: 'Named in a consent to refer:',
  });
  const soon = select(
    'How soon',
    ['routine', 'urgent', 'emergent'].map((one) => [one, urgency(one)]),
    { id: 'urgency', pointer: '/urgency', required: true },
  );
  const condition = textarea('Condition', {
    id: 'condition',
    pointer: '/condition',
    required: true,
    rows: 2,
    hint: 'What the patient has, and who diagnosed it.',
    attributes: { maxlength: 2000 },
  });
  const reason = textarea('Why', {
    id: 'reason',
    pointer: '/reason',
    required: true,
    rows: 2,
    attributes: { maxlength: 2000 },
  });
  const question = textarea('Your question', {
    id: 'question',
    pointer: '/question',
    rows: 2,
    attributes: { maxlength: 2000 },
  });
  const services = input('What you ask for in particular', {
    id: 'services',
    pointer: '/requested_services',
    hint: 'Separated by commas.',
  });
  const attested = checkbox('To my knowledge nothing in it identifies the patient.', {
    id: 'attestation',
    pointer: '/attestation',
    hint: 'A second opinion names nobody, and needs no consent: names, dates and numbers in the text refuse it.',
  });
  attested.element.hidden = true;
  kind.control.addEventListener('input', () => {
    attested.element.hidden = kind.value() !== 'second_opinion';
  });
  let draft: Referral | null = null;
  const form = new Form(
    {
      id: 'refer-form',
      submit: 'Send it',
      submitId: 'send-referral',
      send: async () => {
        if (!picker.isChosen()) return;
        const isOpinion = kind.value() === 'second_opinion';
        draft ??= await writeReferral(
          given({
            kind: kind.value() as Referral['kind'],
            patient_id: id,
            recipient: picker.chosen()[0]!.choice,
            urgency: soon.value() as Referral['urgency'],
            condition: condition.value(),
            reason: reason.value(),
            question: orNothing(question.value()),
            requested_services: services
              .value()
              .split(',')
              .map((one) => one.trim())
              .filter((one) => one !== ''),
            attestation: isOpinion ? attested.control.checked : undefined,
          }),
        );
        const move: ReferralMove = {};
        await moveReferral(draft, 'send', move);
        goWith(
          `#/referrals/${draft.id}`,
          'good',
          'Sent. Here you see when it is read, and what becomes of it.',
        );
      },
      explain: async (error) => {
        const slug = slugOf(toProblem(error));
        const chosen = picker.chosen()[0];
        if (!draft || !/^(consent-|recipient-not-named|purpose-mismatch)/.test(slug)) return null;
        // The draft has what was written: sent again from here it would be another one.
        for (const part of form.element.querySelectorAll<HTMLElement>(':scope > :not(.form-messages)'))
          part.hidden = true;
        return problemBox(
          error,
          h(
            'p',
            {},
            "It is kept as a draft. A referral goes out only under the patient's consent for referrals.",
          ),
          h(
            'p',
            { class: 'actions' },
            button(
              'Ask for this consent',
              () => {
                hand('consent', {
                  patient: id,
                  recipients: chosen ? [chosen] : [],
                  categories: ['referral', 'progress_report'],
                  purpose: 'treatment',
                  twoWay: true,
                  then: `#/referrals/${draft!.id}`,
                });
                go(`#/ask-consent/${id}`);
              },
              { class: 'primary', id: 'ask-for-it' },
            ),
            h('a', { class: 'button', href: `#/referrals/${draft.id}` }, 'See the draft'),
          ),
        );
      },
      beside: h('a', { class: 'button', href: `#/patients/${id}` }, 'Not now'),
    },
    kind.element,
    picker.element,
    soon.element,
    condition.element,
    reason.element,
    question.element,
    services.element,
    attested.element,
  );
  picker.addTo(form);
  form.add(kind, soon, condition, reason, question, services, attested);
  return {
    eyebrow: h('a', { href: `#/patients/${id}` }, `${patient.given_name} ${patient.family_name}`),
    content: h('div', { class: 'card narrow' }, form.element),
  };
}
