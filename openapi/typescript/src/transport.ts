// The one path on which everything is sent: by a right, in time, repeated where that is safe.
import { ProblemError, kindOf, readProblem, refusal } from './problem.js';
import { isTransient, mayHaveHappened, nextWait, retryAfter } from './retry.js';
import type { Outcome, Repeat, RetryPolicy } from './retry.js';

/** The right to make one attempt. */
export interface Access {
  token: string;
  /** Counts the renewals, so that a token that was refused is told apart from the one that replaced it. */
  generation: number;
}

/** Gives a token that the service should take; `refused` is the generation that was just answered 401. */
export type Authorize = (refused?: number) => Promise<Access>;

/** What is known of a request besides itself. */
export interface How {
  repeat: Repeat;
  /** Whether the caller can make the same call again without doing the work twice. */
  isHarmlessTwice: boolean;
  authorize?: Authorize | undefined;
  /** How long all of it may take, in milliseconds. */
  timeout: number;
  /** How long one attempt may take, from its start to the last byte of its answer, in milliseconds. */
  attemptTimeout: number;
}

export type Fetch = (request: Request) => Promise<Response>;
export type Send = (request: Request, how: How) => Promise<Response>;

/** Sends requests through `fetch`. What comes back is a success, and complete; everything else is thrown. */
export function transport(fetch: Fetch, policy: RetryPolicy): Send {
  return async (request, how) => {
    const patience = new Patience(request.signal, how);
    try {
      const answer = await attempts(fetch, policy, request, how, patience);
      // Its caller can end it as long as it is read: what passes that on must live as long.
      if (isStream(answer) && answer.body) streams.set(answer.body, [request, patience]);
      return answer;
    } finally {
      patience.end();
    }
  };
}

const streams = new WeakMap<object, unknown>();

/** Whether it comes as it happens, and has no end to wait for. */
function isStream(answer: Response): boolean {
  return answer.ok && !!answer.headers.get('Content-Type')?.startsWith('text/event-stream');
}

async function attempts(
  fetch: Fetch,
  policy: RetryPolicy,
  request: Request,
  how: How,
  patience: Patience,
): Promise<Response> {
  // Read once, off a copy: a body that is a stream can't be sent twice.
  const bytes = await request.clone().arrayBuffer();
  const body = bytes.byteLength > 0 ? bytes : null;
  let number = 1;
  let happened = false;
  let refused: number | undefined;
  for (;;) {
    const access = how.authorize && (await patience.race(how.authorize(refused)));
    const attempt = new Attempt(request, body, access, patience.signal);
    const answer = await attempt.run(fetch, Math.min(how.attemptTimeout, patience.left()));
    patience.check();
    if (answer?.ok) return answer;

    const kind = answer && (await kindOfAnswer(answer));
    // The token was fine by our clock and not by the service's: once a call, a new one is tried. A request that was
    // refused at the door has done nothing, so any method may go again.
    if (access && refused === undefined && kind === 'unauthenticated') {
      refused = access.generation;
      continue;
    }

    const outcome: Outcome = answer
      ? { status: answer.status, inProgress: kind === 'idempotency-in-progress' }
      : 'lost';
    happened ||= mayHaveHappened(outcome);
    const wait = nextWait(
      policy,
      { number, repeat: how.repeat, outcome, retryAfter: answer && retryAfter(answer.headers, Date.now()) },
      patience.left(),
      Math.random(),
    );
    if (wait === undefined) {
      throw await failure(answer, attempt, isTransient(outcome) && (how.isHarmlessTwice || !happened));
    }
    await patience.sleep(wait);
    number += 1;
  }
}

/** The kind of the problem, where something depends on it. */
async function kindOfAnswer(answer: Response): Promise<string | undefined> {
  if (answer.status !== 401 && answer.status !== 409) return undefined;
  const problem = readProblem(await answer.clone().text());
  return problem && kindOf(problem);
}

async function failure(
  answer: Response | undefined,
  attempt: Attempt,
  retryable: boolean,
): Promise<ProblemError> {
  if (answer) return refusal(await answer.text(), { ...circumstances(answer), retryable });
  if (attempt.isOver) return new ProblemError('timeout', 'the service did not answer in time', { retryable });
  const why = attempt.code ? ` (${attempt.code})` : '';
  return new ProblemError('unreachable', `the connection to the service failed${why}`, { retryable });
}

/** The code of a failed connection, such as `ECONNREFUSED`. The rest of the error may quote an address. */
function codeOf(error: unknown): string | undefined {
  const code = (error as { cause?: { code?: unknown } } | undefined)?.cause?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined;
}

/** What an answer tells besides its body. */
export function circumstances(answer: Response) {
  return {
    // A redirect that a browser did not follow has no status.
    status: answer.status || undefined,
    requestId: answer.headers.get('X-Request-Id') ?? undefined,
    retryAfter: retryAfter(answer.headers, Date.now()),
  };
}

/** One attempt, which ends by its own time or with the call. */
class Attempt {
  readonly #controller = new AbortController();
  readonly #request: Request;
  readonly #call: AbortSignal;
  /** Whether its time was up. */
  isOver = false;
  /** Why the connection failed, where the platform tells. */
  code: string | undefined;

  constructor(request: Request, body: ArrayBuffer | null, access: Access | undefined, call: AbortSignal) {
    const headers = new Headers(request.headers);
    if (access) headers.set('Authorization', `Bearer ${access.token}`);
    this.#call = call;
    // A redirect is not followed: it would take the body along, to wherever it says.
    this.#request = new Request(request, {
      body,
      headers,
      redirect: 'manual',
      signal: this.#controller.signal,
    });
  }

  /** The complete answer; `undefined` if there is none. */
  async run(fetch: Fetch, time: number): Promise<Response | undefined> {
    const abort = () => this.#controller.abort();
    const timer = setTimeout(() => {
      this.isOver = true;
      abort();
    }, time);
    this.#call.addEventListener('abort', abort);
    try {
      // A `fetch` that does not heed the signal must not keep the call.
      return await unlessAborted(this.#controller.signal, async () => {
        const answer = await fetch(this.#request);
        // A body that breaks off is an answer that was lost.
        if (!isStream(answer) && answer.body) await answer.clone().arrayBuffer();
        return answer;
      });
    } catch (error) {
      this.code = codeOf(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The time of one call, and its caller's right to give it up. */
class Patience {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #deadline: number;
  readonly #isHarmlessTwice: boolean;
  readonly #abort = () => this.#controller.abort();

  constructor(caller: AbortSignal, how: How) {
    this.#caller = caller;
    this.#isHarmlessTwice = how.isHarmlessTwice;
    this.#deadline = performance.now() + how.timeout;
    this.#timer = setTimeout(this.#abort, how.timeout);
    caller.addEventListener('abort', this.#abort);
    if (caller.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  left(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Throws what ended the call, if something did. */
  check(): void {
    if (this.#caller.aborted) throw this.#caller.reason;
    if (this.#controller.signal.aborted) {
      throw new ProblemError('timeout', "the call's time was up", { retryable: this.#isHarmlessTwice });
    }
  }

  async race<T>(work: Promise<T>): Promise<T> {
    try {
      return await unlessAborted(this.signal, () => work);
    } catch (error) {
      this.check();
      throw error;
    }
  }

  async sleep(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await this.race(slept).finally(() => clearTimeout(timer));
  }

  /** The answer is there, or the error: no clock is left running. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Does the work, and rejects as soon as the signal says so, whether the work heeds it or not. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([aborted, work()]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
