import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, defaultRetries, isProblem, neverRetry, newIdempotencyKey } from '../src/index.js';
import { nextWait, retryAfter } from '../src/retry.js';
import type { Outcome, Repeat } from '../src/retry.js';
import { anonymous, fake, json, nobody, page, problem, signedIn } from './fake.js';
import type { Reply } from './fake.js';

const id = '01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12';
const answered = (status: number): Outcome => ({ status, inProgress: false });

test('what is repeated depends on the outcome and on what the request can bear', () => {
  const table: [Outcome, boolean, boolean, boolean][] = [
    ['lost', true, true, false],
    [{ status: 409, inProgress: true }, true, false, false],
    [answered(429), true, false, true],
    [answered(502), true, false, false],
    [answered(503), true, false, true],
    [answered(504), true, false, false],
    ...[200, 400, 401, 403, 404, 409, 412, 422, 500].map((status): [Outcome, boolean, boolean, boolean] => [
      answered(status),
      false,
      false,
      false,
    ]),
  ];
  for (const [outcome, freely, lost, unapplied] of table) {
    const repeats: [Repeat, boolean][] = [
      ['freely', freely],
      ['lost', lost],
      ['unapplied', unapplied],
      ['never', false],
    ];
    for (const [repeat, expected] of repeats) {
      const wait = nextWait(
        defaultRetries,
        { number: 1, repeat, outcome, retryAfter: undefined },
        60_000,
        0.5,
      );
      assert.equal(wait !== undefined, expected, `${repeat} after ${JSON.stringify(outcome)}`);
    }
  }
});

test('waits double up to the cap, and attempts run out', () => {
  const policy = { attempts: 6, base: 1_000, cap: 5_000 };
  const wait = (number: number, jitter: number) =>
    nextWait(policy, { number, repeat: 'freely', outcome: 'lost', retryAfter: undefined }, 60_000, jitter);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((number) => wait(number, 1)),
    [1_000, 2_000, 4_000, 5_000, 5_000],
  );
  assert.deepEqual(
    [wait(3, 0), wait(3, 0.25), wait(6, 0.5), wait(2_000, 0.5)],
    [0, 1_000, undefined, undefined],
  );
});

test('Retry-After is waited first, and no wait goes past the time left', () => {
  const policy = { attempts: 3, base: 2_000, cap: 8_000 };
  const wait = (retryAfter: number, left: number) =>
    nextWait(policy, { number: 1, repeat: 'freely', outcome: answered(429), retryAfter }, left, 0.5);
  assert.deepEqual(
    [wait(10, 60_000), wait(10, 11_000), wait(Number.MAX_VALUE, 60_000)],
    [11_000, undefined, undefined],
  );
});

test('Retry-After is read in both of its forms', () => {
  const now = Date.parse('2026-11-23T09:00:00Z');
  const read = (value: string) => retryAfter(new Headers({ 'Retry-After': value }), now);
  assert.equal(read('12'), 12);
  assert.equal(read('Mon, 23 Nov 2026 09:01:40 GMT'), 100);
  assert.equal(read('Wed, 21 Oct 2015 07:28:00 GMT'), undefined);
  assert.equal(read('soon 7'), undefined);
  assert.equal(retryAfter(new Headers(), now), undefined);
});

test('a GET is made again until it is answered', async (context) => {
  const replies: Reply[] = ['hang up', problem(503, 'unavailable'), { status: 502, body: '<html>' }, page()];
  const service = await fake(context, (number) => replies[number - 1] ?? 'silence');
  const { client } = await signedIn(service);
  assert.deepEqual((await client.GET('/v1/inbox')).data.items, []);
  assert.equal(service.asked.length, 4);
});

test('a POST is made again with the key that was made once, and the next call has another', async (context) => {
  const service = await fake(context, (number) => (number % 2 ? 'hang up' : json(201, {})));
  const { client } = await signedIn(service);
  const body = { given_name: 'Casey', family_name: 'Sample', birth_date: '1953-04-17' };
  await client.POST('/v1/patients', { body });
  await client.POST('/v1/patients', { body });
  const keys = service.asked.map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 4);
  assert.ok(keys[0]);
  assert.equal(keys[0], keys[1]);
  assert.equal(keys[2], keys[3]);
  assert.notEqual(keys[0], keys[2]);
  assert.ok(service.asked.every((asked) => asked.body === JSON.stringify(body)));
});

test('a key of the caller is sent as it is, and makes the call one to try again', async (context) => {
  const service = await fake(context, () => 'hang up');
  const { client } = await signedIn(service, 300, { retries: neverRetry });
  const key = newIdempotencyKey();
  const body = { given_name: 'Casey', family_name: 'Sample', birth_date: '1953-04-17' };
  const own = client.POST('/v1/patients', { params: { header: { 'Idempotency-Key': key } }, body });
  await assert.rejects(own, (error) => isProblem(error) && error.reason === 'unreachable' && error.retryable);
  assert.equal(service.asked[0]?.headers['idempotency-key'], key);
  // A new call would have a new key: it could do the work twice.
  await assert.rejects(
    client.POST('/v1/patients', { body }),
    (error) => isProblem(error) && !error.retryable,
  );
});

test('a POST without a key is not repeated, whatever becomes of it', async (context) => {
  for (const [reply, retryable] of [
    ['hang up', false],
    [problem(503, 'unavailable'), true],
    [{ status: 504 }, false],
  ] as const) {
    const service = await fake(context, () => reply);
    const login = anonymous(service).session.begin({
      email: 'ada@north.example.org',
      password: 'a sentence',
    });
    await assert.rejects(login, (error) => isProblem(error) && error.retryable === retryable);
    assert.equal(service.asked.length, 1);
    assert.equal(service.asked[0]?.headers['idempotency-key'], undefined);
  }
});

test('a key where none has an effect is no promise', async (context) => {
  const service = await fake(context, () => 'hang up');
  const call = anonymous(service).POST('/v1/consent_links/{id}/challenge', {
    params: { path: { id }, header: { 'Idempotency-Key': newIdempotencyKey() } },
    body: { secret: 's' },
  });
  await assert.rejects(call, (error) => isProblem(error) && !error.retryable);
  assert.equal(service.asked.length, 1);
});

test('a PATCH is not repeated', async (context) => {
  const service = await fake(context, () => 'hang up');
  const { client } = await signedIn(service);
  const change = { params: { path: { id }, header: { 'If-Match': '"1"' } }, body: { phone: '555-0111' } };
  await assert.rejects(client.PATCH('/v1/patients/{id}', change));
  assert.equal(service.asked.length, 1);
});

test('a first request that is still running is waited for', async (context) => {
  const service = await fake(context, (number) =>
    number < 3 ? problem(409, 'idempotency-in-progress') : json(201, { id }),
  );
  const { client } = await signedIn(service);
  await client.POST('/v1/patients/{id}/emergency_access', { params: { path: { id } }, body: {} as never });
  assert.equal(service.asked.length, 3);
  const conflict = await fake(context, () => problem(409, 'conflict'));
  const other = await signedIn(conflict);
  await assert.rejects(other.client.POST('/v1/members', { body: {} as never }), /conflict/);
  assert.equal(conflict.asked.length, 1);
});

test('Retry-After is obeyed', async (context) => {
  const service = await fake(context, (number) =>
    number === 1 ? problem(429, 'rate-limited', { 'retry-after': '1' }) : page(),
  );
  const { client } = await signedIn(service);
  const start = performance.now();
  await client.GET('/v1/inbox');
  const took = performance.now() - start;
  assert.ok(took >= 999, `the second attempt came after ${took} ms`);
});

test('a wait that would go past the deadline gives the answer at once', async (context) => {
  const service = await fake(context, () => problem(429, 'rate-limited', { 'retry-after': '3600' }));
  const { client } = await signedIn(service);
  await assert.rejects(
    client.GET('/v1/inbox'),
    (error) => isProblem(error, 'rate-limited') && error.retryAfter === 3_600 && error.retryable,
  );
  assert.equal(service.asked.length, 1);
});

test('one deadline holds for all attempts', async (context) => {
  const service = await fake(context, () => 'silence');
  const { client } = await signedIn(service, 300, {
    timeout: 400,
    attemptTimeout: 150,
    retries: { attempts: 100, base: 1, cap: 1 },
  });
  const start = performance.now();
  await assert.rejects(
    client.GET('/v1/inbox'),
    (error) => isProblem(error) && error.reason === 'timeout' && error.retryable,
  );
  assert.ok(performance.now() - start >= 390);
  assert.ok(service.asked.length > 1, 'an attempt that times out is followed by another');
});

test('a call may have times of its own', async (context) => {
  const slow = await fake(context, async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return page();
  });
  const { client } = await signedIn(slow, 300, { attemptTimeout: 30, retries: { attempts: 1 } });
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error) && error.reason === 'timeout');
  await client.GET('/v1/inbox', { attemptTimeout: 10_000 });
  const ended = client.GET('/v1/inbox', { attemptTimeout: 10_000, timeout: 30 });
  await assert.rejects(ended, (error) => isProblem(error) && error.reason === 'timeout');
});

test('a `fetch` that does not heed the signal does not keep the call', async () => {
  const { client } = await signedIn(await nobody(), 300, { fetch: () => new Promise(() => {}), timeout: 50 });
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error) && error.reason === 'timeout');
});

test('an answer that breaks off is asked for again', async (context) => {
  const cut = {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': '99' },
    body: '{',
  };
  const service = await fake(context, (number) => (number === 1 ? cut : page()));
  const { client } = await signedIn(service, 300, { attemptTimeout: 200 });
  await client.GET('/v1/inbox');
  assert.equal(service.asked.length, 2);
});

test('a caller who gives up is left alone, in an attempt and between two', async (context) => {
  const silent = await fake(context, () => 'silence');
  const busy = await fake(context, () => problem(503, 'unavailable', { 'retry-after': '30' }));
  for (const service of [silent, busy]) {
    const { client } = await signedIn(service);
    const controller = new AbortController();
    const call = client.GET('/v1/inbox', { signal: controller.signal });
    await service.until(1);
    const reason = new Error('the page was left');
    controller.abort(reason);
    await assert.rejects(call, reason);
    assert.equal(service.asked.length, 1);
  }
  const { client } = await signedIn(silent);
  await assert.rejects(client.GET('/v1/inbox', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(silent.asked.length, 1);
});

test('a redirect is not followed', async (context) => {
  const service = await fake(context, () => ({ status: 307, headers: { location: '/elsewhere' } }));
  const { client } = await signedIn(service);
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error) && error.status === 307);
  assert.equal(service.asked.length, 1);
});

test('nobody at the address is an error to try again later', async () => {
  const { client } = await signedIn(await nobody());
  await assert.rejects(client.GET('/v1/practitioners', { params: { query: { q: 'marker' } } }), (error) => {
    assert.ok(isProblem(error) && error.retryable);
    assert.match(error.message, /ECONNREFUSED/);
    assert.doesNotMatch(error.message, /marker|127/);
    return true;
  });
});

test('only this machine is spoken to in the clear', () => {
  const make = (baseUrl: string, plainHttp = false) => createClient({ baseUrl, plainHttp });
  for (const base of [
    'https://rapport.example.org',
    'http://127.0.0.1:8080/',
    'http://localhost:1',
    'http://[::1]:1',
  ]) {
    assert.equal(make(base).baseUrl, base.replace(/\/$/, ''));
  }
  for (const base of [
    'http://rapport.example.org',
    'http://127.0.0.1.example.org',
    'ftp://localhost',
    'rapport',
    'https://a:b@localhost',
    'https://h/?q',
  ]) {
    assert.throws(() => make(base), TypeError, base);
  }
  assert.ok(make('http://rapport.example.org', true));
});
