// Automatic logoff (45 CFR 164.312(a)(2)(iii)): after 15 minutes without a hand on the page it signs out, with a warning
// a minute before. It goes by the clock and not by counting, so that a machine that slept is signed out when it wakes.
import { openDialog, type Dialog } from './dialog.js';
import { h } from './dom.js';
import { button } from './form.js';

const LIMIT = 15 * 60_000;
const WARNING = 60_000;

let last = 0;
let timer: ReturnType<typeof setInterval> | undefined;
let warning: Dialog | null = null;
const left = h('strong', { id: 'idle-left' });

const touch = (): void => {
  // Once it has warned, a hand on the mouse is not enough: somebody has to say that they are there.
  if (!warning) last = Date.now();
};

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

export function watch(signOut: () => void): void {
  stop();
  last = Date.now();
  for (const sign of signs) addEventListener(sign, touch, { passive: true, capture: true });
  timer = setInterval(() => look(signOut), 1000);
}

export function stop(): void {
  clearInterval(timer);
  for (const sign of signs) removeEventListener(sign, touch, { capture: true });
  const open = warning;
  warning = null;
  open?.close();
}

function look(signOut: () => void): void {
  const rest = LIMIT - (Date.now() - last);
  if (rest <= 0) {
    stop();
    signOut();
  } else if (rest <= WARNING) {
    warning ??= warn(signOut);
    left.textContent = `${Math.ceil(rest / 1000)} seconds`;
  }
}

function warn(signOut: () => void): Dialog {
  return openDialog(
    'Are you still there?',
    (dialog) => [
      h(
        'p',
        {},
        "Nobody has touched this page for a while. To keep patients' information from others, it signs you out in ",
        left,
        '.',
      ),
      h(
        'p',
        { class: 'actions' },
        button('Stay signed in', () => dialog.close(), { class: 'primary', id: 'stay' }),
        button(
          'Sign out now',
          () => {
            stop();
            signOut();
          },
          { id: 'leave' },
        ),
      ),
    ],
    {
      id: 'idle',
      role: 'alertdialog',
      onClose: () => {
        warning = null;
        last = Date.now();
      },
    },
  );
}
