/** What is kept of a session. Times are in milliseconds since 1970. */
export interface StoredTokens {
  accessToken: string;
  refreshToken: string;
  renewAt: number;
  expiresAt: number;
}

/** Where a session's tokens are kept. Whoever reads them is signed in: keep them where nobody else reads. */
export interface TokenStore {
  load(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  /** Keeps them instead of what was there; `undefined` leaves nothing. */
  save(tokens: StoredTokens | undefined): void | Promise<void>;
}

/** Keeps them as long as the page or the program lives. */
export function memoryStore(): TokenStore {
  let kept: StoredTokens | undefined;
  return {
    load: () => kept,
    save: (tokens) => {
      kept = tokens;
    },
  };
}

/**
 * Keeps them in a browser's storage: `sessionStorage` lives as long as the tab. Every script of the page can read it,
 * so the page must have none but its own.
 */
export function webStore(storage: Storage, key = 'rapport.session'): TokenStore {
  return {
    load: () => read(storage.getItem(key)),
    save: (tokens) => {
      if (tokens) storage.setItem(key, JSON.stringify(tokens));
      else storage.removeItem(key);
    },
  };
}

function read(text: string | null): StoredTokens | undefined {
  if (text === null) return undefined;
  try {
    const { accessToken, refreshToken, renewAt, expiresAt } = JSON.parse(text) as StoredTokens;
    const isWhole = typeof accessToken === 'string' && typeof refreshToken === 'string';
    return isWhole
      ? { accessToken, refreshToken, renewAt: Number(renewAt), expiresAt: Number(expiresAt) }
      : undefined;
  } catch {
    // Something else stood there. The parser's error would quote it.
    return undefined;
  }
}
