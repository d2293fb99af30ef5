// The one thing that outlives a reload: the refresh token, in the storage of this tab.
//
// Why at all: kept in memory alone, each reload would ask for password and code again, and people answer that with
// passwords on notes. Why there: the storage of a tab ends with the tab, and no other site reads it. Why only while the page
// is away: it is written when the page goes and taken out when it comes back, so that a tab that is duplicated carries no
// copy along. A refresh token is good for one refresh; two tabs with the same one would end the session as stolen.
//
// The access token is never written anywhere.
import type { StoredTokens, TokenStore } from '../../src/index.js';

const KEY = 'rapport.refresh';
/** As long as the page itself would have stayed signed in without a hand on it. */
const LIMIT = 15 * 60_000;

let tokens: StoredTokens | undefined = takeKept();

export const store: TokenStore = {
  load: () => tokens,
  save: (next) => {
    tokens = next;
    if (!next) drop();
  },
};

/** The access token, as long as there is one. */
export const heldToken = (): string | undefined => tokens?.accessToken;

function takeKept(): StoredTokens | undefined {
  try {
    const [at, refreshToken] = (sessionStorage.getItem(KEY) ?? '').split(' ');
    drop();
    const isFresh = Date.now() - Number(at) < LIMIT;
    // It has to be refreshed before anything else: there is no access token.
    return refreshToken && isFresh ? { accessToken: '', refreshToken, renewAt: 0, expiresAt: 0 } : undefined;
  } catch {
    // Storage can be switched off. A reload then asks to sign in again.
    return undefined;
  }
}

function drop(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

addEventListener('pagehide', () => {
  if (!tokens) return;
  try {
    sessionStorage.setItem(KEY, `${Date.now()} ${tokens.refreshToken}`);
  } catch {
    // As above.
  }
});

// It came back as it was, memory and all.
addEventListener('pageshow', (event) => {
  if (event.persisted) drop();
});
