// One referral: what it says, where it stands, what can be done now, what was said, and what became of it.
import {
  messagesOf,
  readReferral,
  type Referral,
  slugOf,
  timelineOf,
  toProblem,
  writeMessage,
} from '../api.js';
import { type Child, h, terms, typed } from '../dom.js';
import { Form, textarea } from '../form.js';
import { moveButtons } from '../moves.js';
import { problemBox } from '../problem.js';
import { reload, route, type Shown } from '../router.js';
import { whoAmI } from '../session.js';
import { badge, dueLine, urgencyMark } from '../states.js';
import { dayText, lastDayOf, time } from '../time.js';
import { plain, referralKind, referralReason, referralState, referralVerb, side } from '../words.js';

route('referrals/:id', { title: 'A referral', tab: 'referrals', open });

type Message = Awaited<ReturnType<typeof messagesOf>>[number];
type Transition = Awaited<ReturnType<typeof timelineOf>>[number];

async function open(id: string): Promise<Shown> {
  const referral = await readReferral(id);
  const [timeline, messages] = await Promise.all([
    timelineOf(id),
    hasMessages(referral) ? messagesOf(id).catch((error: unknown) => problemBox(error)) : null,
  ]);
  const patient = referral.content?.patient;
  const mine = referral.sender_clinic.id === whoAmI()?.clinic.id ? 'sender' : 'recipient';
  return {
    heading: patient ? `${patient.given_name} ${patient.family_name}` : referralKind(referral.kind),
    eyebrow: [
      patient ? `${referralKind(referral.kind)}, ` : '',
      `from ${referral.sender_clinic.name} to ${referral.recipient.name}`,
    ],
    content: h(
      'div',
      { class: 'reading', id: 'referral', 'data-state': referral.state },
      h('div', { class: 'reading-main' }, content(referral), conversation(id, messages), story(timeline)),
      h(
        'aside',
        { class: 'reading-side', 'aria-label': 'Where it stands' },
        h(
          'div',
          { class: 'card call' },
          h('p', { class: 'item-line' }, badge('referral', referral.state), urgencyMark(referral.urgency)),
          referral.awaits &&
            !referral.closed_at &&
            (referral.awaits === mine
              ? h('p', { class: 'turn' }, 'Your turn')
              : h('p', { class: 'second' }, `It waits for ${side(referral.awaits)}.`)),
          dueLine(referral),
          referral.allowed.length > 0
            ? h(
                'div',
                { class: 'moves', role: 'group', 'aria-label': 'What you can do now' },
                moveButtons(referral),
              )
            : h('p', { class: 'quiet' }, 'There is nothing for you to do now.'),
        ),
        h(
          'div',
          { class: 'card' },
          terms([
            [
              "Patient's record",
              referral.patient_id &&
                h('a', { href: `#/patients/${referral.patient_id}`, id: 'to-patient' }, 'Open it'),
            ],
            ['Sent', referral.sent_at && time(referral.sent_at)],
            ['First read', referral.received_at && time(referral.received_at)],
            ['Accepted', referral.accepted_at && time(referral.accepted_at)],
            ['Appointment', referral.appointment_at && time(referral.appointment_at)],
            ['Care began', referral.started_at && time(referral.started_at)],
            ['Closed', referral.closed_at && time(referral.closed_at)],
            ['Instead', referral.instead?.name],
            [
              'Lapses',
              !referral.accepted_at &&
                !referral.closed_at &&
                referral.expires_at &&
                time(referral.expires_at),
            ],
            [
              'Consent runs until',
              referral.content?.consent_expires_at && lastDayOf(referral.content.consent_expires_at),
            ],
            [
              'The report that closed it',
              referral.closing_share_id &&
                h('a', { href: `#/shares/${referral.closing_share_id}` }, 'Open it'),
            ],
          ]),
        ),
      ),
    ),
  };
}

function content(referral: Referral): Child {
  const said = referral.content;
  if (!said) return h('p', {}, 'Only whom it is addressed to reads what it says.');
  const { about, answer, patient } = said;
  const section = (title: string, ...shown: Child[]): HTMLElement =>
    h('section', { class: 'part' }, h('h2', {}, title), shown);
  return [
    patient &&
      h(
        'div',
        { class: 'card facts' },
        terms([
          ['Born', dayText(patient.birth_date)],
          ['Telephone', patient.phone],
          ['E-mail', patient.email],
        ]),
      ),
    about &&
      h(
        'div',
        { class: 'card facts' },
        h('p', { class: 'hint' }, 'It names nobody.'),
        terms([
          ['Age', about.age],
          ['Sex', about.sex && plain(about.sex)],
          ['State', about.state],
          ['Since', about.onset_year && String(about.onset_year)],
        ]),
      ),
    section('Condition', typed(said.condition)),
    section('Why', typed(said.reason)),
    said.question && section('Question', typed(said.question)),
    said.requested_services.length > 0 &&
      section(
        'Asked for',
        h(
          'ul',
          {},
          said.requested_services.map((one) => h('li', {}, one)),
        ),
      ),
    said.share_ids.length > 0 &&
      section(
        'Reports that go with it',
        h(
          'ul',
          {},
          said.share_ids.map((id, index) =>
            h('li', {}, h('a', { href: `#/shares/${id}` }, `Report ${index + 1}`)),
          ),
        ),
      ),
    answer &&
      section(
        'Answer',
        typed(answer.assessment),
        (answer.suggestions ?? []).length > 0 && [
          h('h3', {}, 'Suggestions'),
          h(
            'ul',
            {},
            answer.suggestions!.map((one) => h('li', {}, one)),
          ),
        ],
        (answer.red_flags ?? []).length > 0 && [
          h('h3', {}, 'Red flags'),
          h(
            'ul',
            { class: 'flags' },
            answer.red_flags!.map((one) => h('li', {}, one)),
          ),
        ],
      ),
    said.notes.length > 0 &&
      section(
        'Notes',
        h(
          'ul',
          { class: 'messages' },
          said.notes.map((note) =>
            h(
              'li',
              { class: note.clinic_id === whoAmI()?.clinic.id ? 'message-item own' : 'message-item' },
              h('p', { class: 'second' }, `${referralVerb(note.verb)}, `, time(note.at)),
              typed(note.text),
            ),
          ),
        ),
      ),
  ];
}

/** A draft has nobody on the other side yet, and an opinion that names nobody takes no messages. */
const hasMessages = (referral: Referral): boolean =>
  referral.state !== 'draft' && referral.deidentified !== true;

function conversation(id: string, messages: Message[] | HTMLElement | null): Child {
  const title = 'messages-title';
  if (messages === null) return null;
  if (messages instanceof Element) {
    return h(
      'section',
      { class: 'part', 'aria-labelledby': title },
      h('h2', { id: title }, 'Messages'),
      messages,
    );
  }
  const text = textarea('Write to the other side', {
    id: 'message-text',
    pointer: '/text',
    required: true,
    attributes: { maxlength: 5000 },
  });
  const form = new Form(
    {
      submit: 'Send the message',
      submitId: 'send-message',
      send: async () => {
        await writeMessage(id, text.value());
        await reload('good', 'The message is sent.');
      },
      explain: async (error) => (slugOf(toProblem(error)) === '' ? null : problemBox(error)),
    },
    text.element,
  );
  form.add(text);
  return h(
    'section',
    { class: 'part', 'aria-labelledby': title },
    h('h2', { id: title }, 'Messages'),
    messages.length === 0
      ? h('p', { class: 'quiet' }, 'Nobody has written yet.')
      : h(
          'ul',
          { class: 'messages', id: 'messages' },
          [...messages].reverse().map((one) => {
            const isOwn = one.clinic_id === whoAmI()?.clinic.id;
            return h(
              'li',
              { class: isOwn ? 'message-item own' : 'message-item' },
              h('p', { class: 'second' }, `${one.by.name}, `, time(one.written_at)),
              typed(one.text),
              isOwn &&
                h(
                  'p',
                  { class: 'second' },
                  one.read_at
                    ? [`Read${one.read_by ? ` by ${one.read_by.name}` : ''}, `, time(one.read_at)]
                    : 'Not read yet',
                ),
            );
          }),
        ),
    form.element,
  );
}

function story(timeline: Transition[]): Child {
  return h(
    'section',
    { class: 'part', 'aria-labelledby': 'timeline-title' },
    h('h2', { id: 'timeline-title' }, 'What became of it'),
    h(
      'ol',
      { class: 'timeline', id: 'timeline' },
      timeline.map((one) =>
        h(
          'li',
          { class: 'event' },
          time(one.at),
          h(
            'p',
            {},
            h('strong', {}, referralState(one.to)),
            one.reason && `: ${referralReason(one.reason).toLowerCase()}`,
            one.by ? `, ${one.by.name}` : one.clinic_id ? '' : ', as its time was up',
          ),
        ),
      ),
    ),
  );
}
