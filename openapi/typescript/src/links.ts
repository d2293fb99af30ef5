// The patient's and the guest's side needs no session: a link's own secret is the right to it.
import type { Schema } from './calls.js';

/** A link as it stands in a mail. */
export interface Link {
  id: string;
  /** Goes into bodies only, never into an address. */
  secret: string;
}

/** The parts of `https://host/consent/{id}#{secret}`, `undefined` if it has another form. */
export function parseLink(address: string): Link | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    // The error quotes the address.
    return undefined;
  }
  const id = url.pathname.split('/').at(-1) ?? '';
  const secret = url.hash.slice(1);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && secret ? { id, secret } : undefined;
}

/** What a call at an opened link carries. */
export type LinkHeaders = {
  'X-CSRF-Token': string;
  Cookie?: string;
};

/**
 * The headers by which calls are made at an opened link, from the answer that opened it. A browser sends the cookie by
 * itself and does not show it; elsewhere it is here.
 */
export function linkHeaders(opened: { data: Schema<'LinkSession'>; response: Response }): LinkHeaders {
  const cookies = opened.response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
  return {
    'X-CSRF-Token': opened.data.csrf_token,
    ...(cookies.length > 0 && { Cookie: cookies.join('; ') }),
  };
}
