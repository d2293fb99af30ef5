import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ifMatch, isProblem, items, linkHeaders, pages, parseLink } from '../src/index.js';
import { anonymous, fake, json, nobody, page, problem, signedIn } from './fake.js';

const id = '01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12';

test('a list is read page after page, and only as far as it is read', async (context) => {
  const service = await fake(context, (_, { path }) => {
    if (path === '/v1/auth/sessions?limit=2') return page([{ id: '1' }, { id: '2' }], 'a b&c');
    if (path === '/v1/auth/sessions?limit=2&cursor=a%20b%26c') return page([], 'd');
    return path === '/v1/auth/sessions?limit=2&cursor=d' ? page([{ id: '3' }]) : problem(404, 'not-found');
  });
  const { client } = await signedIn(service);
  const list = () =>
    items((from) => client.GET('/v1/auth/sessions', { params: { query: { limit: 2, ...from } } }));
  const ids: string[] = [];
  for await (const session of list()) ids.push(session.id);
  assert.deepEqual(ids, ['1', '2', '3']);
  assert.equal(service.asked.length, 3);
  for await (const session of list()) if (session.id === '2') break;
  assert.equal(service.asked.length, 4);
});

test('a list ends at the first error', async (context) => {
  const service = await fake(context, (number) =>
    number === 1 ? page([], 'next') : problem(403, 'forbidden'),
  );
  const { client } = await signedIn(service);
  const read = pages((from) => client.GET('/v1/reports', { params: { query: from } }));
  assert.equal((await read.next()).done, false);
  await assert.rejects(read.next(), (error) => isProblem(error, 'forbidden'));
});

test('what a patient search looks for is never in the address', async (context) => {
  const service = await fake(context, () => page());
  const { client } = await signedIn(service);
  const body = { family_name: 'Sample' };
  const found = items((from) =>
    client.POST('/v1/patients/search', { params: { query: { limit: 5, ...from } }, body }),
  );
  assert.equal((await found.next()).done, true);
  assert.equal(service.asked[0]?.path, '/v1/patients/search?limit=5');
  assert.equal(service.asked[0]?.body, '{"family_name":"Sample"}');
});

test('a change carries the version that was read', async (context) => {
  const service = await fake(context, (_, { method }) =>
    method === 'GET' ? json(200, { id, version: 3 }, { etag: '"3"' }) : problem(412, 'stale'),
  );
  const { client } = await signedIn(service);
  const read = await client.GET('/v1/patients/{id}', { params: { path: { id } } });
  for (const version of [read, read.data]) {
    const change = { params: { path: { id }, header: ifMatch(version) }, body: { phone: '555-0111' } };
    await assert.rejects(client.PATCH('/v1/patients/{id}', change), (error) => isProblem(error, 'stale'));
    assert.equal(service.asked.at(-1)?.headers['if-match'], '"3"');
  }
  assert.throws(() => ifMatch({ response: new Response() }), TypeError);
});

test('a path leads to what it says', async (context) => {
  const service = await fake(context, () => json(200, {}));
  const { client } = await signedIn(service);
  for (const id of ['', '.', '..']) {
    await assert.rejects(client.GET('/v1/reports/{id}/versions', { params: { path: { id } } }), TypeError);
  }
  assert.equal(service.asked.length, 0);
  await client.GET('/v1/reports/{id}/versions', { params: { path: { id: '../a b?c' } } });
  assert.equal(service.asked[0]?.path, '/v1/reports/..%2Fa%20b%3Fc/versions');
});

test('a link is known by its parts, and its session by cookie and token', async (context) => {
  assert.deepEqual(parseLink(`https://h.example.org/consent/${id}#s-1`), { id, secret: 's-1' });
  for (const address of ['', 'https://h/consent/1#s', `https://h/consent/${id}`, 'x#y']) {
    assert.equal(parseLink(address), undefined, address);
  }
  const service = await fake(context, () =>
    json(200, { csrf_token: 'csrf-1', expires_in: 900 }, { 'set-cookie': 'link=cookie-1; Path=/; HttpOnly' }),
  );
  const client = anonymous(service);
  const opened = await client.POST('/v1/share_links/{id}/session', {
    params: { path: { id } },
    body: { secret: 's-1', code: '123456' },
  });
  assert.deepEqual(linkHeaders(opened), { 'X-CSRF-Token': 'csrf-1', Cookie: 'link=cookie-1' });
  await client.POST('/v1/share_links/{id}/acknowledgement', {
    params: { path: { id }, header: linkHeaders(opened) },
  });
  assert.equal(service.asked[1]?.headers.cookie, 'link=cookie-1');
  assert.equal(service.asked[1]?.headers['x-csrf-token'], 'csrf-1');
});

test('a stream is handed out as it comes, and ended by its reader', async () => {
  const { client } = await signedIn(await nobody(), 300, {
    timeout: 100,
    fetch: (request) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(': hello\n\n'));
          request.signal.addEventListener('abort', () => controller.error(new Error('ended')));
        },
      });
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    },
  });
  const controller = new AbortController();
  const { data } = await client.GET('/v1/events/stream', { parseAs: 'stream', signal: controller.signal });
  const reader = (data as ReadableStream<Uint8Array>).getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), ': hello\n\n');
  const next = reader.read();
  controller.abort();
  await assert.rejects(next, /ended/);
});
