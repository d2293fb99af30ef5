import createFetchClient, { defaultPathSerializer } from 'openapi-fetch';
import type { Answer, Call, Init, Method, PathsWith, Times } from './calls.js';
import { inSession } from './facts.js';
import { idempotencyKeyHeader, newIdempotencyKey, takesKey } from './idempotency.js';
import { ProblemError } from './problem.js';
import { defaultRetries } from './retry.js';
import type { RetryPolicy } from './retry.js';
import { Session } from './session.js';
import type { Authorizer } from './session.js';
import { circumstances, transport } from './transport.js';
import type { Fetch, How } from './transport.js';

export interface ClientOptions<S extends Authorizer = Session> {
  /** The address of the service, such as `https://rapport.example.org`. */
  baseUrl: string;
  /** By whose right it calls: a `Session` of a person if left out, or a `MachineSession`. */
  session?: S;
  /** Sends one request; the platform's `fetch` if left out. */
  fetch?: Fetch;
  /** How long a call may take with all its attempts and the waits between them, in milliseconds; 60 seconds. */
  timeout?: number;
  /** How long one attempt may take, in milliseconds; 30 seconds. */
  attemptTimeout?: number;
  /** How often a call is tried; four times if left out. */
  retries?: Partial<RetryPolicy>;
  /** Allows `http://` to another machine, for a network that encrypts by itself. */
  plainHttp?: boolean;
}

/** Speaks to one Rapport service. A call gives a success, or throws a `ProblemError`. */
export interface RapportClient<S extends Authorizer = Session> {
  readonly baseUrl: string;
  readonly session: S;
  GET: Call<'get'>;
  POST: Call<'post'>;
  PUT: Call<'put'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
}

/** Makes a client; nothing is sent yet. */
export function createClient(options: ClientOptions): RapportClient;
export function createClient<S extends Authorizer>(
  options: ClientOptions<S> & { session: S },
): RapportClient<S>;
export function createClient(options: ClientOptions<Authorizer>): RapportClient<Authorizer> {
  const baseUrl = checkedBase(options.baseUrl, options.plainHttp ?? false);
  const session = options.session ?? new Session();
  // Looked up with each call: the platform's `fetch` may be replaced, and must not be called on another object.
  const send = transport(options.fetch ?? ((request) => globalThis.fetch(request)), {
    ...defaultRetries,
    ...options.retries,
  });
  const times = within(options, { timeout: 60_000, attemptTimeout: 30_000 });
  const raw = createFetchClient({ baseUrl, pathSerializer }) as unknown as Record<Uppercase<Method>, RawCall>;

  async function call<M extends Method, P extends PathsWith<M>>(
    method: M,
    path: P,
    { timeout, attemptTimeout, ...init }: Times = {},
    how: Partial<How> = {},
  ): Promise<Answer<M, P>> {
    const name = method.toUpperCase() as Uppercase<Method>;
    let answer: Response | undefined;
    const fetch = async (request: Request) => {
      const own = within({ timeout, attemptTimeout }, times);
      answer = await send(request, { ...ruled(request, `${name} ${path}`, session), ...own, ...how });
      return answer;
    };
    try {
      return (await raw[name](path, { ...init, fetch })) as Answer<M, P>;
    } catch (error) {
      if (!answer) throw error;
      // The parser's own words are left out: they quote what stood there.
      throw new ProblemError('unreadable', 'the answer is not what it should be', circumstances(answer));
    }
  }

  session.connect((path, init: Init<'post', typeof path>, how) => call('post', path, init, how), baseUrl);
  const calls = <M extends Method>(method: M) =>
    ((path: PathsWith<M>, init?: Times) => call(method, path, init)) as Call<M>;
  return {
    baseUrl,
    session,
    GET: calls('get'),
    POST: calls('post'),
    PUT: calls('put'),
    PATCH: calls('patch'),
    DELETE: calls('delete'),
  };
}

/** Fills in a path. What is no name would make it the path of something else: `..` leads one level up. */
function pathSerializer(path: string, values: Record<string, unknown>): string {
  for (const value of Object.values(values)) {
    if (/^\.{0,2}$/.test(String(value))) throw new TypeError('a parameter of the path is empty or dots');
  }
  return defaultPathSerializer(path, values);
}

type RawCall = (path: string, init: object) => Promise<unknown>;

/** What the rules of its operation say of a request; a POST gets its key here, once for all attempts. */
function ruled(request: Request, operation: string, session: Authorizer) {
  const isPost = request.method === 'POST';
  const isKeyed = isPost && takesKey(operation);
  const hasOwnKey = isKeyed && request.headers.has(idempotencyKeyHeader);
  // Without effect there: it must not pass for a promise.
  if (isPost && !isKeyed) request.headers.delete(idempotencyKeyHeader);
  if (isKeyed && !hasOwnKey) request.headers.set(idempotencyKeyHeader, newIdempotencyKey());
  const isIdempotent = ['GET', 'HEAD', 'PUT', 'DELETE'].includes(request.method);
  const needsSession = inSession.has(operation) && !request.headers.has('Authorization');
  return {
    repeat: isIdempotent || isKeyed ? 'freely' : 'never',
    isHarmlessTwice: isIdempotent || hasOwnKey,
    authorize: needsSession ? (refused?: number) => session.access(refused) : undefined,
  } as const;
}

function checkedBase(address: string, plainHttp: boolean): string {
  let url: URL;
  try {
    url = new URL(address, globalThis.location?.href);
  } catch {
    throw new TypeError('the base address is not an address');
  }
  if (!/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new TypeError('the base address has the form https://host');
  }
  if (url.protocol === 'http:' && !isLocal(url.hostname) && !plainHttp) {
    throw new TypeError('the base address must be https, except on this machine');
  }
  return url.href.replace(/\/+$/, '');
}

function isLocal(host: string): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

/** The times that are given, else the usual ones; as a timer takes them, to which a longer one would be none. */
function within(
  given: { [K in keyof Times]: Times[K] | undefined },
  usual: Required<Times>,
): Required<Times> {
  const time = (name: keyof Times) => Math.min(given[name] ?? usual[name], 2 ** 31 - 1);
  return { timeout: time('timeout'), attemptTimeout: time('attemptTimeout') };
}
