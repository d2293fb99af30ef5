// What comes in while the inbox is open: said at once, and shown when somebody asks. A list that changes by itself would
// move under the hand.
import { followEvents } from '../../src/index.js';
import { tell } from './announce.js';
import { h } from './dom.js';
import { client } from './session.js';

/** Says so when `look` finds something new, until what it gives back is called. */
export function watchInbox(look: () => Promise<boolean>): () => void {
  let line = new AbortController();
  const follow = (isAgain: boolean): void => {
    line.abort();
    line = new AbortController();
    // A page that nobody sees keeps no line: a browser has few of them for all of its tabs.
    if (document.hidden) return;
    // Without the line the inbox is as it was when it was opened.
    void listen(line.signal, look, isAgain).catch(() => {});
  };
  const again = (): void => follow(true);
  document.addEventListener('visibilitychange', again);
  follow(false);
  return () => {
    document.removeEventListener('visibilitychange', again);
    line.abort();
  };
}

async function listen(signal: AbortSignal, look: () => Promise<boolean>, isAgain: boolean): Promise<void> {
  const say = async (): Promise<void> => {
    if (!(await look())) return;
    signal.throwIfAborted();
    tell('info', 'Something new came in. ', h('a', { href: '#/inbox', id: 'show-new' }, 'Show it'));
  };
  if (isAgain) await say();
  for await (const { object } of followEvents(client(), { signal })) {
    if (object.type === 'share' || object.type === 'referral') await say();
  }
}
