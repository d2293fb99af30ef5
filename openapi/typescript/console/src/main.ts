// Where the page starts: signs in, or goes on with the session of before the reload, and opens views.
import { isKind, readMe, readMember } from './api.js';
import { byId, fill, h } from './dom.js';
import { confirm } from './dialog.js';
import { stop, watch } from './idle.js';
import { isGuarded, leave, listen, open, rescued } from './router.js';
import { notice } from './announce.js';
import { problemBox } from './problem.js';
import { asMember, auth, ownId, setMe, whenOver } from './session.js';
import { forget } from './handover.js';
import { plain } from './words.js';
import { showSignIn } from './views/sign_in.js';
import './views/inbox.js';
import './views/share.js';
import './views/patients.js';
import './views/patient.js';
import './views/report.js';
import './views/version.js';
import './views/write.js';
import './views/amend.js';
import './views/share_report.js';
import './views/ask_consent.js';
import './views/consent.js';
import './views/history.js';
import './views/referrals.js';
import './views/referral.js';
import './views/refer.js';

let isIn = false;
let why = '';

async function signedIn(): Promise<void> {
  isIn = true;
  const me = await readMe().catch((error: unknown) => {
    // Somebody without a profession has no entry in the directory, and works all the same.
    if (!isKind(error, 'not-found', 'forbidden')) throw error;
    return null;
  });
  const id = ownId();
  setMe(me, id === null ? null : await readMember(id));
  const name = me?.name ?? asMember()?.name;
  fill(
    byId('me'),
    name !== undefined && [
      h('strong', {}, name),
      h('span', { class: 'second' }, me?.clinic.name ?? plain(asMember()?.role ?? '')),
    ],
  );
  byId('nav').hidden = false;
  byId('account').hidden = false;
  watch(
    () =>
      void (async () => {
        const told = {
          nothing: '',
          kept: ' What you were writing was saved as a draft.',
          lost: ' What was not saved is gone.',
        };
        const kept = await Promise.race([
          rescued(),
          new Promise<'lost'>((resolve) => setTimeout(() => resolve('lost'), 5000)),
        ]);
        await signOut(
          `You were signed out, because nobody had touched the page for 15 minutes.${told[kept]}`,
        );
      })(),
  );
  if (location.hash === '' || location.hash === '#/') history.replaceState(null, '', '#/inbox');
  await open();
}

async function signOut(reason: string): Promise<void> {
  why = reason;
  let isTold = true;
  // On this side it is over whatever comes of it.
  await auth.signOut().catch(() => (isTold = false));
  over();
  if (!isTold) notice('info', 'The service could not be told. There the session ends by itself.');
}

/** Takes everything off the page: what was on it belongs to whoever was signed in. */
function over(): void {
  if (!isIn) return;
  isIn = false;
  stop();
  leave();
  setMe(null, null);
  forget();
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
  byId('nav').hidden = true;
  byId('account').hidden = true;
  fill(byId('me'));
  fill(byId('notice'));
  history.replaceState(null, '', location.pathname);
  showSignIn(signedIn, why || 'The session has ended. Sign in again.');
  why = '';
}

async function start(): Promise<void> {
  byId('skip').addEventListener('click', (event) => {
    // The fragment belongs to the views.
    event.preventDefault();
    byId('main').focus();
  });
  byId('sign-out').addEventListener('click', () => {
    void (async () => {
      if (
        isGuarded() &&
        !(await confirm(
          'Sign out without saving?',
          'What you wrote since the last save would be lost.',
          'Sign out',
        ))
      )
        return;
      await signOut('You are signed out.');
    })();
  });
  addEventListener('beforeunload', (event) => {
    if (isGuarded()) event.preventDefault();
  });
  whenOver(over);
  listen();
  if (!(await auth.isSignedIn())) return showSignIn(signedIn);
  try {
    await signedIn();
  } catch (error) {
    // A refused token has ended the session, and the page shows so already.
    if (await auth.isSignedIn()) {
      fill(
        byId('view'),
        problemBox(
          error,
          h(
            'p',
            { class: 'actions' },
            h('button', { type: 'button', click: () => location.reload() }, 'Try again'),
          ),
        ),
      );
    }
  }
}

void start();
