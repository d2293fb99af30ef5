// A service that answers by a script, and remembers what it was asked.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createClient, memoryStore, Session } from '../src/index.js';
import type { ClientOptions, StoredTokens } from '../src/index.js';

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An answer, or the beginning of one; `hang up` cuts the line instead, `silence` never answers. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: string; then?: 'cut' | 'silence' }
  | 'hang up'
  | 'silence';

/** What comes of the request of this number, counted from 1. */
export type Script = (number: number, asked: Asked) => Reply | Promise<Reply>;

export interface Fake {
  baseUrl: string;
  asked: Asked[];
  /** Resolves once there are this many requests. */
  until(count: number): Promise<void>;
}

/** The address of nobody: a port that was free a moment ago. */
export async function nobody(): Promise<Fake> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { baseUrl: `http://127.0.0.1:${port}`, asked: [], until: () => Promise.resolve() };
}

export async function fake(context: TestContext, script: Script): Promise<Fake> {
  const asked: Asked[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      void Promise.resolve(script(asked.length, one)).then((answer) => reply(answer, response));
      waiting.filter(({ count }) => asked.length >= count).forEach(({ resolve }) => resolve());
      waiting = waiting.filter(({ count }) => asked.length < count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (asked.length >= count) resolve();
      else waiting.push({ count, resolve });
    });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, until };
}

function reply(reply: Reply, response: ServerResponse): void {
  if (reply === 'hang up') response.destroy();
  else if (reply === 'silence') return;
  else if (!reply.then) response.writeHead(reply.status, reply.headers).end(reply.body);
  else {
    response.writeHead(reply.status, reply.headers);
    response.write(reply.body ?? '', () => reply.then === 'cut' && response.destroy());
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function problem(
  status: number,
  slug: string,
  headers: Record<string, string> = {},
  more: object = {},
): Reply {
  const body = {
    type: `/problems/${slug}`,
    title: 'A title',
    status,
    detail: 'What to do.',
    request_id: 'request-7',
  };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ ...body, ...more }),
  };
}

export const page = (items: unknown[] = [], next_cursor: string | null = null) =>
  json(200, { items, next_cursor });

export function tokens(name: string, expires_in = 300) {
  return {
    access_token: `access-${name}`,
    refresh_token: `refresh-${name}`,
    expires_in,
    token_type: 'Bearer',
  };
}

/** Tokens as they are kept, with this many seconds to live. */
export function kept(name: string, seconds: number): StoredTokens {
  const expiresAt = Date.now() + seconds * 1_000;
  return {
    accessToken: `access-${name}`,
    refreshToken: `refresh-${name}`,
    expiresAt,
    renewAt: expiresAt - 60_000,
  };
}

/** A client that is signed in, with tokens that live this many seconds; waits between attempts are short. */
export async function signedIn(fake: Fake, seconds = 300, options: Partial<ClientOptions> = {}) {
  const store = memoryStore();
  await store.save(kept('first', seconds));
  const ended = { times: 0 };
  const session = new Session({ store, onEnd: () => (ended.times += 1) });
  const client = createClient({ baseUrl: fake.baseUrl, session, retries: { base: 1, cap: 1 }, ...options });
  return { client, session, store, ended };
}

export function anonymous(fake: Fake, options: Partial<ClientOptions> = {}) {
  return createClient({ baseUrl: fake.baseUrl, retries: { base: 1, cap: 1 }, ...options });
}
