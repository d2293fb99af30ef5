import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, isProblem, MachineSession, memoryStore, Session, webStore } from '../src/index.js';
import { anonymous, fake, json, kept, page, problem, signedIn, tokens } from './fake.js';
import type { Asked, Reply, Script } from './fake.js';

/** Refreshes once, and takes the second access token only. */
const takesSecond = (_: number, { path, headers }: Asked): Reply => {
  if (path === '/v1/auth/refresh') return json(200, tokens('second'));
  return headers.authorization === 'Bearer access-second' ? page() : problem(401, 'unauthenticated');
};

const paths = (asked: Asked[]) => asked.map(({ path }) => path);
const isOver = (error: unknown) => isProblem(error, 'unauthenticated');

test('twenty calls at once with an expired token share one refresh', async (context) => {
  const service = await fake(context, takesSecond);
  const { client, store } = await signedIn(service, 0);
  await Promise.all(Array.from({ length: 20 }, () => client.GET('/v1/inbox')));
  const refreshes = service.asked.filter(({ path }) => path === '/v1/auth/refresh');
  assert.equal(refreshes.length, 1);
  assert.equal(service.asked.length, 21);
  assert.equal(refreshes[0]?.body, '{"refresh_token":"refresh-first"}');
  assert.equal(refreshes[0]?.headers.authorization, undefined);
  assert.equal((await store.load())?.refreshToken, 'refresh-second');
});

test('twenty calls whose token is refused share one refresh, and each is made again once', async (context) => {
  const service = await fake(context, takesSecond);
  const { client } = await signedIn(service);
  await Promise.all(Array.from({ length: 20 }, () => client.GET('/v1/inbox')));
  assert.equal(service.asked.filter(({ path }) => path === '/v1/auth/refresh').length, 1);
  assert.equal(service.asked.length, 41);
});

test('a token is renewed before it ends, and used until then', async (context) => {
  const service = await fake(context, (_, { path }) =>
    path === '/v1/auth/refresh' ? json(200, tokens('b')) : page(),
  );
  const { client } = await signedIn(service, 59);
  await client.GET('/v1/inbox');
  await client.GET('/v1/inbox');
  assert.deepEqual(paths(service.asked), ['/v1/auth/refresh', '/v1/inbox', '/v1/inbox']);
});

test('any method is made again after its token was refused: it has done nothing', async (context) => {
  const service = await fake(context, takesSecond);
  const { client } = await signedIn(service);
  await client.PATCH('/v1/practitioners/me', {
    params: { header: { 'If-Match': '"1"' } },
    body: { is_accepting: true },
  });
  assert.deepEqual(paths(service.asked), [
    '/v1/practitioners/me',
    '/v1/auth/refresh',
    '/v1/practitioners/me',
  ]);
  assert.equal(service.asked[2]?.body, '{"is_accepting":true}');
});

test('a second refusal is given to the caller', async (context) => {
  const service = await fake(context, (_, { path }) =>
    path === '/v1/auth/refresh' ? json(200, tokens('second')) : problem(401, 'unauthenticated'),
  );
  const { client } = await signedIn(service);
  await assert.rejects(client.GET('/v1/inbox'), isOver);
  assert.equal(service.asked.length, 3);
});

test('another 401 is no matter of the session', async (context) => {
  const service = await fake(context, () => problem(401, 'verification-failed'));
  const { client } = await signedIn(service);
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error, 'verification-failed'));
  assert.equal(service.asked.length, 1);
});

test('after a refused refresh the session is over, without asking again', async (context) => {
  const service = await fake(context, () => problem(401, 'unauthenticated'));
  const { client, session, store, ended } = await signedIn(service, 0);
  for (let call = 0; call < 3; call += 1) await assert.rejects(client.GET('/v1/inbox'), isOver);
  assert.equal(service.asked.length, 1);
  assert.equal(await store.load(), undefined);
  assert.equal(await session.isSignedIn(), false);
  assert.equal(ended.times, 1);
});

test('a lost answer to a refresh is asked for again with the same token', async (context) => {
  const service = await fake(context, (number, asked) =>
    number === 1 ? 'hang up' : takesSecond(number, asked),
  );
  const { client } = await signedIn(service, 0);
  await client.GET('/v1/inbox');
  assert.equal(service.asked.length, 3);
  assert.equal(service.asked[0]?.body, service.asked[1]?.body);
});

test('a refresh that fails for a passing reason leaves a living token in use', async (context) => {
  const script: Script = (_, { path }) =>
    path === '/v1/auth/refresh' ? problem(503, 'unavailable') : page();
  const service = await fake(context, script);
  const living = await signedIn(service, 30);
  await living.client.GET('/v1/inbox');
  const dead = await signedIn(service, 0);
  await assert.rejects(
    dead.client.GET('/v1/inbox'),
    (error) => isProblem(error, 'unavailable') && error.retryable,
  );
  assert.ok(await dead.session.isSignedIn());
});

test('a caller who goes away does not take the new tokens along', async (context) => {
  const service = await fake(context, takesSecond);
  const { client, store } = await signedIn(service, 0);
  const controller = new AbortController();
  const left = client.GET('/v1/inbox', { signal: controller.signal });
  await service.until(1);
  controller.abort();
  await assert.rejects(left, { name: 'AbortError' });
  await client.GET('/v1/inbox');
  assert.deepEqual(paths(service.asked), ['/v1/auth/refresh', '/v1/inbox']);
  assert.equal((await store.load())?.refreshToken, 'refresh-second');
});

test('tokens that another page renewed are taken', async (context) => {
  const service = await fake(context, takesSecond);
  const { client, store } = await signedIn(service);
  await store.save(kept('second', 300));
  await client.GET('/v1/inbox');
  await store.save(kept('third', 300));
  await client.GET('/v1/inbox');
  assert.deepEqual(
    paths(service.asked),
    ['/v1/inbox', '/v1/inbox'],
    'what it has is good until it is refused',
  );
});

test('a sign-out on another page ends the session here, once its token is refused', async (context) => {
  const service = await fake(context, (number) => (number === 1 ? page() : problem(401, 'unauthenticated')));
  const { client, store, ended } = await signedIn(service);
  await client.GET('/v1/inbox');
  await store.save(undefined);
  await assert.rejects(client.GET('/v1/inbox'), isOver);
  assert.equal(ended.times, 1);
  assert.deepEqual(paths(service.asked), ['/v1/inbox', '/v1/inbox']);
});

test('a first sign-in enrols an authenticator', async (context) => {
  const service = await fake(context, (_, { path, headers, body }) => {
    if (path === '/v1/auth/login') return json(200, { mfa_enrolment_token: 'm', expires_in: 600 });
    if (headers.authorization !== 'Bearer m') return problem(404, 'not-found');
    if (path === '/v1/auth/mfa/enrol') return json(200, { otpauth_uri: 'otpauth://x', secret: 'S' });
    return body === '{"code":"123456"}' ? json(200, tokens('first')) : problem(401, 'verification-failed');
  });
  const client = anonymous(service);
  const second = await client.session.begin({ email: 'ada@north.example.org', password: 'a sentence' });
  assert.ok(second.isFirstTime);
  assert.equal((await second.enrol()).secret, 'S');
  await assert.rejects(second.verify('000000'), (error) => isProblem(error, 'verification-failed'));
  assert.equal(await client.session.isSignedIn(), false);
  await second.verify('123456');
  assert.ok(await client.session.isSignedIn());
  assert.equal(service.asked[0]?.body, '{"email":"ada@north.example.org","password":"a sentence"}');
});

test('signing in asks for a code, with the enrolment where there is one', async (context) => {
  let isFirst = true;
  const service = await fake(context, (_, { path }) => {
    if (path === '/v1/auth/login') return json(200, { [isFirst ? 'mfa_enrolment_token' : 'mfa_token']: 'm' });
    if (path === '/v1/auth/mfa/enrol') return json(200, { otpauth_uri: 'otpauth://x', secret: 'S' });
    return json(200, tokens('first'));
  });
  const client = anonymous(service);
  const secrets: (string | undefined)[] = [];
  for (isFirst of [true, false]) {
    await client.session.signIn({ email: 'a', password: 'b' }, (enrolment) => {
      secrets.push(enrolment?.secret);
      return '123456';
    });
  }
  assert.deepEqual(secrets, ['S', undefined]);
});

test('signing out ends the session here at once, whether the service hears of it or not', async (context) => {
  const service = await fake(context, (number) => (number === 1 ? 'hang up' : { status: 200 }));
  const { client, session, store, ended } = await signedIn(service, 0);
  await session.signOut();
  assert.deepEqual(paths(service.asked), ['/oauth/revoke', '/oauth/revoke']);
  assert.match(service.asked[1]?.body ?? '', /^token=refresh-first&/);
  await assert.rejects(client.GET('/v1/inbox'), isOver);
  await session.signOut();
  assert.equal(service.asked.length, 2);
  assert.equal(await store.load(), undefined);
  assert.equal(ended.times, 1);

  const deaf = await fake(context, () => problem(503, 'unavailable'));
  const other = await signedIn(deaf);
  await assert.rejects(other.session.signOut(), (error) => isProblem(error, 'unavailable'));
  await assert.rejects(other.client.GET('/v1/inbox'), isOver);
  assert.equal(other.ended.times, 1);
});

test('tokens that arrive after the sign-out are nobody’s', async (context) => {
  let refresh = (_: Reply) => {};
  const refreshed = new Promise<Reply>((resolve) => (refresh = resolve));
  const service = await fake(context, (_, { path }) =>
    path === '/v1/auth/refresh' ? refreshed : { status: 200 },
  );
  const { client, session, store } = await signedIn(service, 0);
  const call = client.GET('/v1/inbox');
  await service.until(1);
  await session.signOut();
  refresh(json(200, tokens('second')));
  await assert.rejects(call, isOver);
  assert.equal(await store.load(), undefined);
  assert.deepEqual(paths(service.asked), ['/v1/auth/refresh', '/oauth/revoke']);
});

test('nobody signed in is told without asking, where a session is needed', async (context) => {
  const service = await fake(context, () => json(200, {}));
  const client = anonymous(service);
  await assert.rejects(
    client.GET('/v1/inbox'),
    (error) => isOver(error) && isProblem(error) && error.reason === 'signed_out',
  );
  await client.GET('/readyz');
  assert.deepEqual(paths(service.asked), ['/readyz']);
});

test('what is done at a link carries no token of the session', async (context) => {
  const service = await fake(context, () => json(200, {}));
  const { client } = await signedIn(service);
  await client.GET('/v1/consent_links/{id}', { params: { path: { id: 'a' } } });
  assert.equal(service.asked[0]?.headers.authorization, undefined);
});

test('a machine signs in with its first call, and again when its token nears its end', async (context) => {
  const service = await fake(context, (number, { path }) => {
    if (path !== '/oauth/token') return page();
    return json(200, {
      access_token: `access-${number}`,
      token_type: 'Bearer',
      expires_in: number === 1 ? 0 : 300,
    });
  });
  const session = new MachineSession({
    clientId: 'id',
    clientSecret: 's&',
    scopes: ['reports:read', 'events:read'],
  });
  const client = createClient({ baseUrl: service.baseUrl, session });
  assert.equal(service.asked.length, 0);
  await client.GET('/v1/inbox');
  await Promise.all([client.GET('/v1/inbox'), client.GET('/v1/inbox')]);
  assert.deepEqual(paths(service.asked), [
    '/oauth/token',
    '/v1/inbox',
    '/oauth/token',
    '/v1/inbox',
    '/v1/inbox',
  ]);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(service.asked[0]?.body)), {
    grant_type: 'client_credentials',
    client_id: 'id',
    client_secret: 's&',
    scope: 'reports:read events:read',
  });
  assert.equal(service.asked[0]?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(service.asked[4]?.headers.authorization, 'Bearer access-3');
});

test('a machine that was refused may be let in later', async (context) => {
  const service = await fake(context, (number, { path }) => {
    if (number === 1) return problem(401, 'invalid-client');
    return path === '/oauth/token'
      ? json(200, { access_token: 'a', token_type: 'Bearer', expires_in: 300 })
      : page();
  });
  const session = new MachineSession({ clientId: 'id', clientSecret: 's' });
  const client = createClient({ baseUrl: service.baseUrl, session });
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error, 'invalid-client'));
  await client.GET('/v1/inbox');
});

test('a session belongs to one client', () => {
  const session = new Session();
  createClient({ baseUrl: 'http://localhost', session });
  assert.throws(() => createClient({ baseUrl: 'http://localhost', session }), TypeError);
});

test('a store in the browser keeps tokens and nothing that is none', async () => {
  const kept_ = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept_.get(key) ?? null,
    setItem: (key: string, value: string) => void kept_.set(key, value),
    removeItem: (key: string) => void kept_.delete(key),
  } as Storage;
  const store = webStore(storage);
  assert.equal(await store.load(), undefined);
  const some = kept('first', 300);
  await store.save(some);
  assert.deepEqual(await store.load(), some);
  kept_.set('rapport.session', '{"accessToken":');
  assert.equal(await store.load(), undefined);
  await store.save(undefined);
  assert.equal(kept_.size, 0);
  assert.equal(await memoryStore().load(), undefined);
});
