// What came in: reports to read, and referrals that wait for this clinic.
import { inbox, type Listed, type Referral, referrals, type Share } from '../api.js';
import { append, type Child, empty, fill, h } from '../dom.js';
import { button } from '../form.js';
import { watchInbox } from '../live.js';
import { route, type Shown } from '../router.js';
import { badge, dueLine, urgencyMark } from '../states.js';
import { time } from '../time.js';
import { listed, purpose, referralKind, reportKind, section } from '../words.js';

route('inbox', { title: 'Inbox', tab: 'inbox', open });

async function read() {
  const [shares, waiting] = await Promise.all([inbox(), referrals('received')]);
  const open = waiting.filter((one) => one.awaits === 'recipient' && !one.closed_at);
  const unread = shares.items.filter((one) => one.state === 'delivered');
  return { shares, open, news: [...unread, ...open].map((one) => one.id) };
}

async function open(): Promise<Shown> {
  const { shares, open, news } = await read();
  return {
    live: () => watchInbox(async () => (await read()).news.some((id) => !news.includes(id))),
    content: h(
      'div',
      { class: 'two', id: 'inbox' },
      h(
        'section',
        { 'aria-labelledby': 'inbox-reports' },
        h('h2', { id: 'inbox-reports' }, 'Reports'),
        reports(shares),
      ),
      h(
        'section',
        { 'aria-labelledby': 'inbox-referrals' },
        h('h2', { id: 'inbox-referrals' }, 'Referrals that wait for you'),
        open.length === 0
          ? empty(
              'No referral waits for you.',
              'When a clinic refers a patient to yours, it stands here until it is answered.',
              h('a', { class: 'button', href: '#/referrals' }, 'See all referrals'),
            )
          : h('ul', { class: 'items', id: 'waiting' }, open.map(referralItem)),
      ),
    ),
  };
}

const order: Record<string, number> = { delivered: 0, opened: 1, acknowledged: 2, withdrawn: 3 };

function reports(shares: Listed<Share>): Child {
  if (shares.items.length === 0) {
    return empty(
      'Nothing came in yet.',
      "When another clinic shares a report with you, it stands here. Patients' names are shown once you open it: opening is a reading, and is recorded.",
    );
  }
  const seen: Share[] = [...shares.items];
  const list = h('ul', { class: 'items', id: 'reports' });
  const draw = (): void => {
    seen.sort(
      (one, other) =>
        (order[one.state] ?? 9) - (order[other.state] ?? 9) ||
        other.delivered_at.localeCompare(one.delivered_at),
    );
    fill(list, seen.map(item));
  };
  draw();
  const holder = h('div', {}, list);
  let more = shares.more;
  if (more) {
    const next = button(
      'Show more',
      async () => {
        const page: Listed<Share> = await more!();
        seen.push(...page.items);
        more = page.more;
        draw();
        if (!more) next.remove();
      },
      { id: 'more' },
    );
    append(holder, [h('p', { class: 'actions' }, next)]);
  }
  return holder;
}

function item(share: Share): HTMLElement {
  return h(
    'li',
    {
      class: share.state === 'delivered' ? 'item unread' : 'item',
      'data-test': 'share',
      'data-id': share.id,
      'data-state': share.state,
    },
    h(
      'a',
      { class: 'item-link', href: `#/shares/${share.id}` },
      h('span', { class: 'item-title' }, reportKind(share.kind)),
      h('span', { class: 'second' }, `from ${share.sent_by.name}, ${share.sender_clinic.name}`),
    ),
    h(
      'p',
      { class: 'item-line' },
      badge('share', share.state),
      h('span', { class: 'second' }, time(share.delivered_at)),
    ),
    h(
      'p',
      { class: 'second' },
      `For ${purpose(share.purpose).toLowerCase()}: ${listed(share.sections.map(section)).toLowerCase()}`,
    ),
  );
}

function referralItem(referral: Referral): HTMLElement {
  return h(
    'li',
    {
      class: referral.received_at ? 'item' : 'item unread',
      'data-test': 'referral',
      'data-id': referral.id,
      'data-state': referral.state,
    },
    h(
      'a',
      { class: 'item-link', href: `#/referrals/${referral.id}` },
      h('span', { class: 'item-title' }, referralKind(referral.kind)),
      h('span', { class: 'second' }, `from ${referral.sent_by.name}, ${referral.sender_clinic.name}`),
    ),
    h(
      'p',
      { class: 'item-line' },
      badge('referral', referral.state),
      urgencyMark(referral.urgency),
      referral.sent_at && h('span', { class: 'second' }, time(referral.sent_at)),
    ),
    dueLine(referral),
  );
}
