// The moves of a referral: a button for each that is open to the caller now, and a dialog with the fields that it needs.
import {
  isKind,
  moveReferral,
  type Referral,
  type ReferralMove,
  type ReferralVerb,
  reportsOf,
  type Share,
  sharesOf,
  toProblem,
} from './api.js';
import { openDialog } from './dialog.js';
import { type Child, h } from './dom.js';
import { button, checkbox, type Field, Form, given, input, orNothing, select, textarea } from './form.js';
import { problemBox } from './problem.js';
import { RecipientPicker } from './recipient.js';
import { reload } from './router.js';
import { dayText, fromLocal, isoDay } from './time.js';
import { referralReason, referralState, referralVerb, reportKind } from './words.js';

const needsReason: string[] = ['decline', 'cancel', 'request_cancellation', 'discontinue', 'enter_in_error'];
const takesReason: string[] = [...needsReason, 'redirect'];
const needsNote: string[] = ['request_information', 'provide_information'];
const closing: string[] = ['complete', 'discontinue'];
const harsh: string[] = [
  'decline',
  'cancel',
  'request_cancellation',
  'discontinue',
  'enter_in_error',
  'confirm_cancellation',
];
const main: string[] = [
  'send',
  'accept',
  'schedule',
  'start',
  'complete',
  'provide_information',
  'confirm_cancellation',
];
const reasons = [
  'out_of_scope',
  'no_capacity',
  'insurance',
  'missing_information',
  'conflict',
  'patient_declined',
  'unreachable',
  'no_longer_needed',
  'mistaken',
  'other',
];

const explained: Record<string, string> = {
  send: "The other clinic is told, and reads it through the patient's consent.",
  accept: 'The patient becomes a record of your clinic. From then on the sender sees how far it has come.',
  redirect: 'Say whom to ask instead. The sender decides.',
  waitlist: 'The sender sees that the patient waits for a place.',
  no_show: 'The sender sees that the patient did not come. A new appointment can be made.',
  start: 'The treatment has begun.',
  complete: 'It closes with a signed report that goes back to the sender.',
  refuse_cancellation: 'It goes on as before.',
};

/** The buttons for what is open to the caller now. */
export function moveButtons(referral: Referral, of?: string): Child {
  return referral.allowed.map((verb) =>
    button(referralVerb(verb), () => openMove(referral, verb), {
      class:
        main[0] !== undefined && verb === main.find((one) => referral.allowed.includes(one as ReferralVerb))
          ? 'primary small'
          : 'small',
      'aria-describedby': of,
      'data-test': 'move',
      'data-verb': verb,
      'data-id': referral.id,
    }),
  );
}

async function openMove(referral: Referral, verb: ReferralVerb): Promise<void> {
  const isOpinion = referral.kind === 'second_opinion';
  const isClosing = closing.includes(verb);
  let shares: Share[] = [];
  let trouble: unknown = null;
  if (isClosing && !isOpinion) {
    try {
      shares = await sharesBack(referral);
    } catch (error) {
      trouble = error;
    }
  }
  openDialog(
    referralVerb(verb),
    (dialog) => {
      if (trouble) return problemBox(trouble);
      if (isClosing && !isOpinion && shares.length === 0)
        return nothingToCloseWith(referral, () => dialog.close());
      const fields: Field[] = [];
      const content: Child[] = [explained[verb] && h('p', {}, explained[verb])];
      const place = (field: Field): Field => {
        fields.push(field);
        content.push(field.element);
        return field;
      };
      const reason = takesReason.includes(verb)
        ? place(
            select(
              'Why',
              [
                ['', 'Choose a reason'],
                ...reasons.map((word): [string, string] => [word, referralReason(word)]),
              ],
              { id: 'move-reason', pointer: '/reason', required: needsReason.includes(verb) },
            ),
          )
        : null;
      const appointment =
        verb === 'schedule'
          ? place(
              input('When the appointment is', {
                id: 'move-appointment',
                pointer: '/appointment_at',
                required: true,
                hint: 'In your own time zone.',
                attributes: { type: 'datetime-local', min: `${isoDay(new Date())}T00:00` },
              }),
            )
          : null;
      const picker =
        verb === 'redirect'
          ? new RecipientPicker({ legend: 'Whom to ask instead', pointer: '/instead' })
          : null;
      if (picker) {
        content.push(picker.element);
        fields.push(picker.field);
      }
      const share =
        isClosing && !isOpinion
          ? place(
              select(
                'The report that closes it',
                shares.map((one) => [
                  one.id,
                  `${reportKind(one.kind)}, shared ${dayText(one.delivered_at.slice(0, 10))}`,
                ]),
                {
                  id: 'move-share',
                  pointer: '/share_id',
                  required: true,
                  hint: `Signed reports that you shared with ${referral.sender_clinic.name}.`,
                },
              ),
            )
          : null;
      const assessment =
        isClosing && isOpinion
          ? place(
              textarea('Your assessment', {
                id: 'move-assessment',
                pointer: '/answer/assessment',
                required: true,
                rows: 5,
                attributes: { maxlength: 4000 },
              }),
            )
          : null;
      const suggestions =
        isClosing && isOpinion
          ? place(
              textarea('Suggestions', {
                id: 'move-suggestions',
                pointer: '/answer/suggestions',
                hint: 'One on each line.',
              }),
            )
          : null;
      const flags =
        isClosing && isOpinion
          ? place(
              textarea('Red flags', {
                id: 'move-red-flags',
                pointer: '/answer/red_flags',
                hint: 'What must not be missed; one on each line.',
                rows: 2,
              }),
            )
          : null;
      const note = place(
        textarea(
          needsNote.includes(verb)
            ? verb === 'request_information'
              ? 'Your question'
              : 'Your answer'
            : 'Note to the other side',
          {
            id: 'move-note',
            pointer: '/note',
            required: needsNote.includes(verb),
            rows: 3,
            attributes: { maxlength: 2000 },
          },
        ),
      );
      reason?.control.addEventListener('input', () => {
        note.control.required = needsNote.includes(verb) || reason.value() === 'other';
      });
      const names = referral.deidentified === true;
      const attested = names
        ? checkbox('To my knowledge nothing in it identifies the patient.', {
            id: 'move-attestation',
            pointer: '/attestation',
          })
        : null;
      if (attested) {
        content.push(attested.element);
        fields.push(attested);
      }
      const form = new Form(
        {
          submit: referralVerb(verb),
          submitId: 'move-now',
          danger: harsh.includes(verb),
          send: async () => {
            if (picker && !picker.isChosen()) return;
            const move: ReferralMove = given({
              reason: orNothing(reason?.value() ?? '') as ReferralMove['reason'],
              note: orNothing(note.value()),
              appointment_at: appointment ? fromLocal(appointment.value()) : undefined,
              instead: picker?.chosen()[0]?.choice,
              share_id: share ? share.value() : undefined,
              answer: assessment
                ? given({
                    assessment: assessment.value(),
                    suggestions: lines(suggestions),
                    red_flags: lines(flags),
                  })
                : undefined,
              attestation: attested?.control.checked ? true : undefined,
            }) as ReferralMove;
            try {
              const moved = await moveReferral(referral, verb, move);
              dialog.close();
              await reload('good', `Done. It stands at: ${referralState(moved.state).toLowerCase()}.`);
            } catch (error) {
              if (!isKind(error, 'stale', 'illegal-transition')) throw error;
              dialog.close();
              const open = toProblem(error).allowed ?? [];
              await reload(
                'error',
                isKind(error, 'stale')
                  ? 'Somebody moved it meanwhile, and nothing of yours was done. Look at where it stands now.'
                  : `It has moved on, and that is not open any more.${open.length > 0 ? ` Open to you now: ${open.map(referralVerb).join(', ').toLowerCase()}.` : ''}`,
              );
            }
          },
          beside: button('Not now', () => dialog.close(), { id: 'move-cancel' }),
        },
        content,
      );
      form.add(...fields);
      return form.element;
    },
    { id: 'move-dialog' },
  );
}

const lines = (field: Field | null): string[] =>
  (field?.value() ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The shares that can close it: of the own record of the patient, to the clinic that refers. */
async function sharesBack(referral: Referral): Promise<Share[]> {
  if (!referral.patient_id) return [];
  const reports = (await reportsOf(referral.patient_id)).filter((report) => report.state === 'signed');
  const shares = (await Promise.all(reports.map((report) => sharesOf(report.id)))).flat();
  return shares.filter(
    (share) => share.recipient.clinic_id === referral.sender_clinic.id && share.state !== 'withdrawn',
  );
}

function nothingToCloseWith(referral: Referral, close: () => void): Child {
  return [
    h(
      'p',
      {},
      `It closes with a signed report that goes back to ${referral.sender_clinic.name}, and none has been shared with them yet.`,
    ),
    h(
      'ol',
      {},
      h('li', {}, 'Write a report on the patient, and sign it.'),
      h('li', {}, `Share it with ${referral.sender_clinic.name}.`),
      h('li', {}, 'Come back here.'),
    ),
    h(
      'p',
      { class: 'actions' },
      referral.patient_id &&
        h(
          'a',
          { class: 'button primary', href: `#/patients/${referral.patient_id}`, click: close },
          'To the patient',
        ),
      button('Not now', close),
    ),
  ];
}
