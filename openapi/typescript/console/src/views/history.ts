// A patient's sharing history: who read what, when, under which consent; and everything that was asked, sent and refused.
import { type Disclosure, disclosures, isKind, type Listed, readPatient, sharingHistory } from '../api.js';
import { type Child, empty, h } from '../dom.js';
import { button } from '../form.js';
import { problemBox } from '../problem.js';
import { route, type Shown } from '../router.js';
import { time } from '../time.js';
import { plain, purpose } from '../words.js';

route('history/:id', { title: 'Sharing history', tab: 'patients', open });

async function open(id: string): Promise<Shown> {
  const [patient, read, all] = await Promise.all([
    readPatient(id),
    part(disclosures(id)),
    part(sharingHistory(id)),
  ]);
  return {
    eyebrow: h('a', { href: `#/patients/${id}` }, `${patient.given_name} ${patient.family_name}`),
    content: [
      h(
        'section',
        { class: 'part', 'aria-labelledby': 'who-read' },
        h('h2', { id: 'who-read' }, 'Who read what'),
        read instanceof Element ? read : readings(read),
      ),
      h(
        'section',
        { class: 'part', 'aria-labelledby': 'all-that' },
        h('h2', { id: 'all-that' }, 'All that happened'),
        h('p', { class: 'hint' }, 'In the words in which the patient reads it: “you” is the patient.'),
        all instanceof Element
          ? all
          : list(all, h('ol', { class: 'timeline', id: 'history' }), (entry) =>
              h(
                'li',
                { class: 'event', 'data-outcome': entry.outcome, 'data-test': 'history-entry' },
                time(entry.occurred_at),
                h(
                  'p',
                  {},
                  entry.in_words,
                  entry.outcome === 'denied' && [
                    ' ',
                    h('span', { class: 'badge', 'data-tone': 'bad' }, 'Refused'),
                  ],
                ),
              ),
            ),
      ),
    ],
  };
}

/** A list, or why it can't be read: each of the two has its own right. */
async function part<T>(listed: Promise<T>): Promise<T | HTMLElement> {
  try {
    return await listed;
  } catch (error) {
    if (!isKind(error, 'forbidden')) throw error;
    return problemBox(error);
  }
}

function readings(page: Listed<Disclosure>): Child {
  if (page.items.length === 0) {
    return empty(
      'Nobody outside the clinic has read anything.',
      'When a recipient reads a report of this patient, it is recorded here before anything is shown.',
    );
  }
  const columns = ['When', 'Who', 'What', 'For', 'Under'];
  const body = h('tbody', { id: 'disclosures' });
  const table = h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Readings by recipients' },
    h(
      'table',
      { class: 'stack' },
      h('caption', { class: 'visually-hidden' }, 'Readings by recipients, newest first'),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      body,
    ),
  );
  return [
    list(page, body, row, table),
    h(
      'p',
      { class: 'hint' },
      "Disclosures under the patient's own authorization are exempt from the accounting of 45 CFR 164.528. They are listed all the same.",
    ),
  ];
}

function row(one: Disclosure): HTMLElement {
  const under = one.consent_id
    ? h(
        'a',
        { href: `#/consents/${one.consent_id}` },
        one.basis === 'authorization' ? "The patient's consent" : plain(one.basis),
      )
    : plain(one.basis);
  return h(
    'tr',
    { 'data-test': 'disclosure', 'data-id': one.id },
    h('th', { scope: 'row', 'data-label': 'When' }, time(one.disclosed_at)),
    h(
      'td',
      { 'data-label': 'Who' },
      h(
        'span',
        {},
        one.recipient_name,
        one.recipient_clinic && h('span', { class: 'second' }, one.recipient_clinic),
      ),
    ),
    h('td', { 'data-label': 'What' }, one.description),
    h('td', { 'data-label': 'For' }, purpose(one.purpose)),
    h('td', { 'data-label': 'Under' }, under),
  );
}

function list<T>(
  page: Listed<T>,
  holder: HTMLElement,
  draw: (item: T) => HTMLElement,
  shown: HTMLElement = holder,
): Child {
  if (page.items.length === 0)
    return empty(
      'Nothing happened yet.',
      'What is asked, signed, sent, read, refused and taken back stands here.',
    );
  holder.append(...page.items.map(draw));
  let more = page.more;
  if (!more) return shown;
  const next = button('Show more', async () => {
    const following: Listed<T> = await more!();
    holder.append(...following.items.map(draw));
    more = following.more;
    if (!more) next.remove();
  });
  return [shown, h('p', { class: 'actions' }, next)];
}
