import { problemKinds } from './facts.js';
import type { components } from './schema.js';

/** The kinds of problems that this version knows. */
export type KnownKind = (typeof problemKinds)[number];

/** A kind; the service may know newer ones than this client. */
export type ProblemKind = KnownKind | (string & {});

/** What the service said that went wrong (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** One refused field. */
export type FieldError = components['schemas']['FieldError'];

/**
 * Why there is an error:
 * - `refused`: the service answered with a problem, or a gateway with an error;
 * - `unreachable`: no answer, or not all of it;
 * - `timeout`: the call's time was up;
 * - `unreadable`: a success whose body is not what it should be;
 * - `signed_out`: there is no session (any more); nothing was sent.
 */
export type Reason = 'refused' | 'unreachable' | 'timeout' | 'unreadable' | 'signed_out';

/** What is known besides the problem itself. */
export interface Circumstances {
  status?: number | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  retryable?: boolean | undefined;
}

/**
 * Why a call failed: the one error of this client.
 *
 * Match on `kind`; everything else is for people and for waiting. It never holds a token, a request or an answer other
 * than the problem, which names no patient: it may be logged.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly reason: Reason;
  /** What went wrong, to match on; `undefined` where the service did not say. */
  readonly kind: ProblemKind | undefined;
  /** The HTTP status code; `undefined` where there was no answer. */
  readonly status: number | undefined;
  /** The id to quote when asking about this call. */
  readonly requestId: string | undefined;
  /** The fields that were refused, where the problem is about fields. */
  readonly errors: readonly FieldError[];
  /** How many seconds the service asks to wait before another try. */
  readonly retryAfter: number | undefined;
  /**
   * Whether making the same call again later may succeed and can't do the work twice. What the policy allows has been
   * tried already. A change whose answer was lost is not retryable: a new call has a new key. Read first whether it
   * happened, or call with a key of your own.
   */
  readonly retryable: boolean;
  /** The problem as the service described it. */
  readonly problem: Problem | undefined;

  constructor(reason: Reason, message: string, circumstances: Circumstances = {}, problem?: Problem) {
    const kind = problem ? kindOf(problem) : reason === 'signed_out' ? 'unauthenticated' : undefined;
    const requestId = problem?.request_id || circumstances.requestId;
    super(message + suffix(circumstances.status, kind, requestId));
    this.reason = reason;
    this.kind = kind;
    this.status = circumstances.status;
    this.requestId = requestId;
    this.errors = problem?.errors ?? [];
    this.retryAfter = circumstances.retryAfter;
    this.retryable = circumstances.retryable ?? false;
    this.problem = problem;
  }

  /** Whether it is of this kind. The compiler knows the kinds that there are. */
  is(kind: KnownKind): boolean {
    return this.kind === kind;
  }
}

/** Whether it is a problem, of this kind if one is named. */
export function isProblem(error: unknown): error is ProblemError;
export function isProblem<K extends KnownKind>(
  error: unknown,
  kind: K,
): error is ProblemError & { readonly kind: K };
export function isProblem(error: unknown, kind?: KnownKind): boolean {
  return error instanceof ProblemError && (kind === undefined || error.kind === kind);
}

/** The error of an answer that is no success, given its body as text. What is no problem is not kept. */
export function refusal(body: string, circumstances: Circumstances): ProblemError {
  const problem = readProblem(body);
  const told = problem ? `${problem.title}: ${problem.detail}` : 'the service refused without saying why';
  return new ProblemError('refused', told, circumstances, problem);
}

/** The error of a call that needs a session where there is none. */
export function signedOut(): ProblemError {
  return new ProblemError('signed_out', 'nobody is signed in; sign in first');
}

/** The problem that this text is, without what a problem does not have. */
export function readProblem(text: string): Problem | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's error quotes what stood there.
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { type, title, status, detail, request_id, errors, allowed, categories, error } = value;
  if (typeof type !== 'string' || typeof title !== 'string' || typeof status !== 'number') return undefined;
  return {
    type,
    title,
    status,
    detail: typeof detail === 'string' ? detail : '',
    request_id: typeof request_id === 'string' ? request_id : '',
    ...(Array.isArray(errors) && { errors: errors.filter(isFieldError) }),
    ...(Array.isArray(allowed) && { allowed: allowed as string[] }),
    ...(Array.isArray(categories) && { categories: categories as NonNullable<Problem['categories']> }),
    ...(typeof error === 'string' && { error }),
  };
}

/** The kind of a problem: the last part of its `type`. */
export function kindOf(problem: Problem): ProblemKind {
  return problem.type.slice(problem.type.lastIndexOf('/') + 1);
}

function suffix(status?: number, kind?: string, requestId?: string): string {
  const of = [status, kind].filter((part) => part !== undefined).join(' ');
  const parts = [of, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return parts ? ` [${parts}]` : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFieldError(value: unknown): value is FieldError {
  return isRecord(value) && ['pointer', 'code', 'message'].every((name) => typeof value[name] === 'string');
}
