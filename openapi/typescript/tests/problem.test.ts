import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { isProblem, ProblemError, problemKinds } from '../src/index.js';
import { fake, problem, signedIn } from './fake.js';
import type { Reply } from './fake.js';
import type { TestContext } from 'node:test';

async function failure(context: TestContext, reply: Reply): Promise<ProblemError> {
  const { client } = await signedIn(await fake(context, () => reply), 300, { retries: { attempts: 1 } });
  try {
    await client.GET('/v1/inbox');
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

test('a problem is told as the service told it', async (context) => {
  const errors = [{ pointer: '/birth_date', code: 'required', message: 'It is required.' }];
  const type = 'https://rapport.example.org/problems/validation';
  const error = await failure(context, problem(422, '', { 'retry-after': '7' }, { type, errors }));
  assert.equal(error.kind, 'validation');
  assert.ok(error.is('validation') && isProblem(error, 'validation') && !isProblem(error, 'stale'));
  assert.equal(error.status, 422);
  assert.equal(error.requestId, 'request-7');
  assert.deepEqual(error.errors, errors);
  assert.equal(error.retryAfter, 7);
  assert.equal(error.retryable, false);
  assert.equal(error.reason, 'refused');
  assert.equal(error.message, 'A title: What to do. [422 validation, request request-7]');
});

test('what a kind tells besides comes along', async (context) => {
  const move = await failure(
    context,
    problem(409, 'illegal-transition', {}, { allowed: ['accept', 'decline'] }),
  );
  assert.deepEqual(move.problem?.allowed, ['accept', 'decline']);
  const narrow = await failure(context, problem(403, 'consent-too-narrow', {}, { categories: ['history'] }));
  assert.deepEqual(narrow.problem?.categories, ['history']);
});

test('a kind that is newer than this client is told by its name', async (context) => {
  const error = await failure(context, problem(403, 'consent-asleep'));
  assert.equal(error.kind, 'consent-asleep');
  assert.equal(error.status, 403);
  assert.equal(error.retryable, false);
});

test('the known kinds are those of the document', async () => {
  const document = JSON.parse(
    await readFile(new URL('../../openapi.json', import.meta.url), 'utf8'),
  ) as object;
  const slugs = new Set(
    [...JSON.stringify(document).matchAll(/"\/problems\/([a-z-]+)"/g)].map(([, slug]) => slug),
  );
  assert.deepEqual([...problemKinds].sort(), [...slugs].sort());
});

test('no error quotes a body', async (context) => {
  for (const [status, body] of [
    [200, '{"items": "marker"'],
    [200, '<marker>'],
    [500, '<marker>'],
    [302, 'marker'],
    [403, '{"marker": true}'],
    [422, '{"type": "/problems/validation", "title": "t", "status": 422, "errors": ["marker"], "marker": 1}'],
  ] as const) {
    const headers = { 'content-type': 'application/json', 'x-request-id': 'request-8' };
    const error = await failure(context, { status, headers, body });
    const printed = `${error} ${error.stack} ${inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
    assert.ok(!printed.includes('marker'), printed);
    assert.ok(!printed.includes('access-first'), 'nor a token');
    assert.equal(error.requestId, 'request-8');
    assert.equal(error.status, status);
  }
});

test('an answer that is no JSON is a fault of the answer', async (context) => {
  const error = await failure(context, { status: 200, body: '<html>' });
  assert.equal(error.reason, 'unreadable');
  assert.equal(error.kind, undefined);
});
