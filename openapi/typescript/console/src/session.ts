// Who is signed in, and the client that calls in that person's right.
import { createClient, Session } from '../../src/index.js';
import type { RapportClient } from '../../src/index.js';
import type { Member, Practitioner } from './api.js';
import { heldToken, store } from './keep.js';

let onEnd = (): void => {};

const session = new Session({ store, onEnd: () => onEnd() });
// The pages and the service have one address. Whoever serves it without TLS on a network of their own has decided so.
const made = createClient({ baseUrl: location.origin, session, plainHttp: true });

let me: Practitioner | null = null;
let member: Member | null = null;

export const client = (): RapportClient => made;
export const auth = session;

/** Tells what to do once nobody is signed in any more, by whatever way. */
export function whenOver(act: () => void): void {
  onEnd = act;
}

export function setMe(practitioner: Practitioner | null, own: Member | null): void {
  me = practitioner;
  member = own;
}

/** The member's id, as the access token tells it: whoever has no profession is told it nowhere else. */
export function ownId(): string | null {
  try {
    const [, claims = ''] = (heldToken() ?? '').split('.');
    const { sub } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

export const asMember = (): Member | null => member;

type Work = 'read' | 'write' | 'ask' | 'history';

const cannot: Record<string, Work[]> = {
  staff: ['read', 'write', 'history'],
  privacy_officer: ['read', 'write', 'ask'],
};

/**
 * Whether to offer it. The service decides who may do what; this only keeps what a role never may off the page, and offers
 * all to a role that is not known here.
 */
export const offers = (work: Work): boolean =>
  !(member && Object.hasOwn(cannot, member.role) && cannot[member.role]!.includes(work));

/** The entry of who is signed in; none of somebody without a profession, who is in no directory. */
export const whoAmI = (): Practitioner | null => me;
