// Views by the fragment of the address. It never leaves the browser, so that no id of a patient is in an address that a
// server logs; and it holds ids alone, never a name and never what was searched for.
import { byId, type Child, fill, h } from './dom.js';
import { announce, clearNotice, notice } from './announce.js';
import { isKind } from './api.js';
import { problemBox } from './problem.js';

export interface Shown {
  /** The heading, where it says more than the view's name. It may name a patient; the title of the window never does. */
  heading?: string;
  eyebrow?: Child;
  content: Child;
  /** Called once it is shown; gives what to do when it is left or opened again. */
  live?: () => () => void;
}

export interface View {
  /** The window's title, and the heading until there is a better one. Never health information. */
  title: string;
  /** Which entry of the navigation it belongs to. */
  tab?: string;
  /** Gets what the address has in the places of the pattern. */
  open(id: string, more: string): Promise<Shown>;
}

const views: [RegExp, View][] = [];
let turn = 0;
let mayLeave: (() => Promise<boolean>) | null = null;
let rescue: (() => Promise<void>) | null = null;
let left: (() => void) | null = null;
let shownHash = '';
let isActive = false;

export function route(pattern: string, view: View): void {
  views.push([new RegExp(`^#/${pattern.replaceAll(/:[a-z]+/g, '([0-9a-zA-Z-]+)')}$`), view]);
}

/** Asks before the view is left: what was typed and not saved would be lost. */
export function guard(
  check: (() => Promise<boolean>) | null,
  keep: (() => Promise<void>) | null = null,
): void {
  mayLeave = check;
  rescue = keep;
}

/** Keeps what was typed and not saved, where that is possible. Tells whether there was anything, and whether it is kept. */
export async function rescued(): Promise<'nothing' | 'kept' | 'lost'> {
  if (mayLeave === null) return 'nothing';
  // Looked up first: once it is kept, there is nothing to be kept any more.
  const keep = rescue;
  if (keep === null) return 'lost';
  try {
    await keep();
    return 'kept';
  } catch {
    return 'lost';
  }
}

function leaveView(): void {
  mayLeave = null;
  turn += 1;
  left?.();
  left = null;
}

export const isGuarded = (): boolean => mayLeave !== null;

export function go(hash: string): void {
  if (location.hash === hash) void open();
  else location.hash = hash;
}

/** What is shown has got an address of its own; it is not opened anew. */
export function rename(hash: string): void {
  history.replaceState(null, '', hash);
  shownHash = hash;
}

/** Opens the view again, and says why. */
export async function reload(kind?: 'good' | 'info' | 'error', text?: string): Promise<void> {
  await open({ isAgain: true });
  if (kind && text) notice(kind, text);
}

/** Goes elsewhere, and says there what was done. */
export function goWith(hash: string, kind: 'good' | 'info' | 'error', text: string): void {
  mayLeave = null;
  pending = { kind, text };
  go(hash);
}

let pending: { kind: 'good' | 'info' | 'error'; text: string } | null = null;

export function listen(): void {
  addEventListener('hashchange', () => void changed());
  // A link to what is shown already shows it anew: that is how one looks whether something came in.
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#/']") : null;
    if (link && isActive && link.getAttribute('href') === location.hash && !mayLeave) void open();
  });
}

async function changed(): Promise<void> {
  if (!isActive) return;
  if (mayLeave && location.hash !== shownHash) {
    const wanted = location.hash;
    const check = mayLeave;
    // The address stays with what is seen until it is decided.
    history.replaceState(null, '', shownHash);
    if (!(await check())) return;
    mayLeave = null;
    history.replaceState(null, '', wanted);
  }
  await open();
}

/** Nothing is opened any more, and what is on its way is not shown, until a view is opened again. */
export function leave(): void {
  isActive = false;
  leaveView();
}

export async function open(options: { isAgain?: boolean } = {}): Promise<void> {
  isActive = true;
  leaveView();
  const mine = turn;
  const hash = location.hash || '#/inbox';
  shownHash = hash;
  const found = views
    .map(([pattern, view]) => ({ view, match: pattern.exec(hash) }))
    .find(({ match }) => match);
  const main = byId('main');
  const heading = byId('heading');
  const view = found?.view ?? unknown;
  if (!options.isAgain) {
    clearNotice();
    document.title = `${view.title} · Rapport`;
    heading.textContent = view.title;
    fill(byId('eyebrow'));
    mark(view.tab);
    fill(byId('view'), h('p', { class: 'loading' }, 'Loading…'));
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
  main.setAttribute('aria-busy', 'true');
  try {
    const shown = await view.open(found?.match?.[1] ?? '', found?.match?.[2] ?? '');
    if (mine !== turn) return;
    const isNamed = shown.heading !== undefined && shown.heading !== heading.textContent;
    if (isNamed) heading.textContent = shown.heading!;
    fill(byId('eyebrow'), shown.eyebrow);
    const hadFocus = byId('view').contains(document.activeElement);
    fill(byId('view'), shown.content);
    left = shown.live?.() ?? null;
    if (options.isAgain && (hadFocus || document.activeElement === document.body))
      heading.focus({ preventScroll: true });
    if (isNamed && !options.isAgain) announce(heading.textContent ?? '');
  } catch (error) {
    if (mine !== turn) return;
    fill(
      byId('view'),
      problemBox(
        error,
        h(
          'p',
          { class: 'actions' },
          !isKind(error, 'forbidden', 'not-found') &&
            h('button', { type: 'button', id: 'try-again', click: () => void open() }, 'Try again'),
          h('a', { class: 'button', href: '#/inbox' }, 'To the inbox'),
        ),
      ),
    );
  } finally {
    if (mine === turn) main.removeAttribute('aria-busy');
  }
  if (pending && mine === turn) {
    notice(pending.kind, pending.text);
    pending = null;
  }
}

const unknown: View = {
  title: 'There is no such page',
  open: async () => ({ content: h('p', {}, h('a', { href: '#/inbox' }, 'To the inbox')) }),
};

function mark(tab: string | undefined): void {
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.getAttribute('data-tab') === tab) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
