// What comes in while the inbox is open: said at once, and shown when somebody asks. A list that changes by itself would
// move under the hand.
import { followEvents } from '../../src/index.js';
import { tell } from './announce.js';
import { h } from './dom.js';
import { client } from './session.js';

/** The last event that was heard, so that nothing is missed between two looks at the inbox. */
let heard: number | undefined;

/** Says so when `look` finds something new, until what it gives back is called. */
export function watchInbox(look: () => Promise<boolean>): () => void {
  const line = new AbortController();
  void listen(line.signal, look).catch(() => {
    // Without the line the inbox is as it was when it was opened.
  });
  return () => line.abort();
}

async function listen(signal: AbortSignal, look: () => Promise<boolean>): Promise<void> {
  const from = heard === undefined ? {} : { after: heard };
  for await (const { object, sequence } of followEvents(client(), { ...from, signal })) {
    heard = sequence;
    if (!['share', 'referral'].includes(object.type) || !(await look())) continue;
    signal.throwIfAborted();
    tell('info', 'Something new came in. ', h('a', { href: '#/inbox', id: 'show-new' }, 'Show it'));
  }
}

/** Whoever signs in next hears what is theirs. */
export function forgetHeard(): void {
  heard = undefined;
}
