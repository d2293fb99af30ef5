// When to try again, as a pure function: no clock, no randomness, no HTTP.

/** How often and how patiently a call is repeated. */
export interface RetryPolicy {
  /** How many attempts a call gets, the first one included. */
  attempts: number;
  /** The longest wait before the second attempt, in milliseconds; it doubles with each attempt. */
  base: number;
  /** The longest wait before any attempt, in milliseconds. `Retry-After` is waited on top. */
  cap: number;
}

/** Four attempts; waits of up to 0.25 s, 0.5 s and 1 s. */
export const defaultRetries: RetryPolicy = { attempts: 4, base: 250, cap: 8_000 };

/** One attempt, whatever comes of it. */
export const neverRetry: RetryPolicy = { attempts: 1, base: 0, cap: 0 };

/** How an attempt ended: with no answer, or not all of it; or with this one. */
export type Outcome = 'lost' | { status: number; inProgress: boolean };

/** Whether the work may have been done although nobody told us so. */
export function mayHaveHappened(outcome: Outcome): boolean {
  // A gateway answers 502 and 504 when it lost the service's answer.
  return outcome === 'lost' || outcome.inProgress || outcome.status === 502 || outcome.status === 504;
}

/** Whether another try may end differently. */
export function isTransient(outcome: Outcome): boolean {
  return outcome === 'lost' || outcome.inProgress || [429, 502, 503, 504].includes(outcome.status);
}

/**
 * What a request can bear:
 * - `freely`: doing it twice is doing it once, by its method or by its key;
 * - `unapplied`: only when nothing can have been done yet;
 * - `lost`: only when no answer came; for a refresh, whose successor is given out once more for a few seconds;
 * - `never`.
 */
export type Repeat = 'freely' | 'unapplied' | 'lost' | 'never';

function allows(repeat: Repeat, outcome: Outcome): boolean {
  if (repeat === 'freely') return isTransient(outcome);
  if (repeat === 'unapplied') return isTransient(outcome) && !mayHaveHappened(outcome);
  return repeat === 'lost' && outcome === 'lost';
}

/** What one attempt taught us. */
export interface Attempt {
  /** Its number, from 1. */
  number: number;
  repeat: Repeat;
  outcome: Outcome;
  /** How long the service asked us to wait, in seconds. */
  retryAfter: number | undefined;
}

/**
 * How many milliseconds to wait before the next attempt; `undefined` to give the caller what we have.
 *
 * `left` is the rest of the call's time, `jitter` a random number in `[0, 1)`.
 */
export function nextWait(
  policy: RetryPolicy,
  attempt: Attempt,
  left: number,
  jitter: number,
): number | undefined {
  if (attempt.number >= policy.attempts || !allows(attempt.repeat, attempt.outcome)) return undefined;
  const backoff = Math.min(policy.base * 2 ** (attempt.number - 1), policy.cap) * jitter;
  // On top of `Retry-After`, not instead: everybody was told the same number.
  const wait = (attempt.retryAfter ?? 0) * 1_000 + backoff;
  return wait < left ? wait : undefined;
}

/** The seconds of a `Retry-After` header, in either of its forms (RFC 9110, 10.2.3). */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('Retry-After')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  // `Date.parse` takes more than dates: "soon 7" is the seventh of something to it.
  const at = / GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return at > now ? Math.ceil((at - now) / 1_000) : undefined;
}
