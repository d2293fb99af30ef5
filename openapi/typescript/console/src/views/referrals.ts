// Referrals as a board: a lane for each part of the way, and on each card the moves that are open to the caller now.
import { type Referral, referrals } from '../api.js';
import { type Child, empty, h } from '../dom.js';
import { moveButtons } from '../moves.js';
import { route, type Shown } from '../router.js';
import { badge, dueLine, urgencyMark } from '../states.js';
import { time } from '../time.js';
import { referralKind } from '../words.js';

route('referrals', { title: 'Referrals that came in', tab: 'referrals', open: () => open('received') });
route('referrals/sent', { title: 'Referrals that went out', tab: 'referrals', open: () => open('sent') });

const lanes: [title: string, states: string[]][] = [
  ['Not sent yet', ['draft']],
  ['Waits for an answer', ['sent', 'received', 'information_requested']],
  ['Accepted', ['accepted', 'waitlisted', 'scheduled', 'no_show']],
  ['In care', ['in_care', 'cancellation_requested']],
];
const closed = [
  'declined',
  'redirected',
  'completed',
  'discontinued',
  'cancelled',
  'expired',
  'entered_in_error',
];

async function open(direction: 'sent' | 'received'): Promise<Shown> {
  const all = await referrals(direction);
  const isOpen = (one: Referral): boolean => !closed.includes(one.state);
  const shown = lanes.filter(([, states]) => direction === 'sent' || !states.includes('draft'));
  const known = new Set(shown.flatMap(([, states]) => states));
  const ended = all.filter((one) => !isOpen(one));
  // A state that this page does not know yet must not make a referral vanish.
  const others = all.filter((one) => isOpen(one) && !known.has(one.state));
  return {
    content: [
      h(
        'div',
        { class: 'board-head' },
        h(
          'ul',
          { class: 'tabs', 'aria-label': 'Which referrals' },
          (
            [
              ['received', 'Came in', '#/referrals'],
              ['sent', 'Went out', '#/referrals/sent'],
            ] as const
          ).map(([which, text, href]) =>
            h(
              'li',
              {},
              h(
                'a',
                { href, id: `direction-${which}`, 'aria-current': which === direction ? 'page' : null },
                text,
              ),
            ),
          ),
        ),
        h('p', { class: 'hint' }, "Cards show no patient's name: opening one is a reading, and is recorded."),
      ),
      all.length === 0
        ? empty(
            direction === 'received' ? 'No referral came in yet.' : 'No referral went out yet.',
            direction === 'received'
              ? 'When a clinic refers a patient to yours, it stands here from its arrival to the report that closes it.'
              : "Refer a patient from the patient's page. Here you see whether the referral arrived, and what became of it.",
            direction === 'sent' && h('a', { class: 'button', href: '#/patients' }, 'Find a patient'),
          )
        : h(
            'div',
            { class: 'board', id: 'board', 'data-direction': direction },
            [
              ...shown,
              ...(others.length > 0
                ? [['Elsewhere', others.map((one) => one.state)] as [string, string[]]]
                : []),
            ].map(([title, states]) =>
              lane(
                title,
                all.filter((one) => states.includes(one.state)),
                direction,
              ),
            ),
          ),
      ended.length > 0 &&
        h(
          'details',
          { class: 'ended' },
          h('summary', { id: 'show-closed' }, `Closed (${ended.length})`),
          h(
            'ul',
            { class: 'items closed-list' },
            ended.map((one) => card(one, direction)),
          ),
        ),
    ],
  };
}

function lane(title: string, items: Referral[], direction: 'sent' | 'received'): HTMLElement {
  const id = `lane-${title.toLowerCase().replaceAll(' ', '-')}`;
  return h(
    'section',
    { class: items.length === 0 ? 'lane bare' : 'lane', 'aria-labelledby': id },
    h(
      'h2',
      { id },
      title,
      h('span', { class: 'count' }, h('span', { class: 'visually-hidden' }, ', '), String(items.length)),
    ),
    items.length === 0
      ? h('p', { class: 'quiet' }, 'None')
      : h(
          'ul',
          { class: 'items' },
          items.map((one) => card(one, direction)),
        ),
  );
}

function card(referral: Referral, direction: 'sent' | 'received'): HTMLElement {
  const other: Child =
    direction === 'received'
      ? `from ${referral.sent_by.name}, ${referral.sender_clinic.name}`
      : `to ${referral.recipient.name}`;
  const isMine = referral.awaits === (direction === 'sent' ? 'sender' : 'recipient') && !referral.closed_at;
  return h(
    'li',
    { class: 'item referral', 'data-test': 'referral', 'data-id': referral.id, 'data-state': referral.state },
    h(
      'a',
      {
        class: 'item-link',
        id: `card-${referral.id}`,
        href: `#/referrals/${referral.id}`,
        'data-test': 'open-referral',
      },
      h('span', { class: 'item-title' }, referralKind(referral.kind)),
      h('span', { class: 'second' }, other),
    ),
    h(
      'p',
      { class: 'item-line' },
      badge('referral', referral.state),
      urgencyMark(referral.urgency),
      isMine && h('span', { class: 'turn' }, 'Your turn'),
    ),
    referral.appointment_at &&
      referral.state === 'scheduled' &&
      h('p', { class: 'due' }, 'Appointment ', time(referral.appointment_at)),
    dueLine(referral),
    referral.allowed.length > 0 &&
      h(
        'div',
        { class: 'moves', role: 'group', 'aria-label': 'What you can do now' },
        moveButtons(referral, `card-${referral.id}`),
      ),
  );
}
