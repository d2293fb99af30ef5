import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { EventText } from '../src/events.js';
import { followEvents, isProblem } from '../src/index.js';
import { fake, json, problem, signedIn, tokens } from './fake.js';
import type { Fake, Reply } from './fake.js';

function event(sequence: number): string {
  const of = { id: `event-${sequence}`, type: 'share.opened', occurred_at: '2026-11-23T09:00:00Z', sequence };
  const object = { type: 'share', id: 'a', version: 2 };
  return `id: ${sequence}\ndata: ${JSON.stringify({ ...of, object, new_field: true })}\n\n`;
}

const opening = (id: number) => `retry: 1\nid: ${id}\n\n`;

/** A line of events that ends, is cut, or stays. */
function line(body: string, then?: 'cut' | 'silence'): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body, ...(then && { then }) };
}

const isForbidden = (error: unknown) => isProblem(error, 'forbidden');
const places = ({ asked }: Fake) => asked.map(({ headers }) => headers['last-event-id']);

/** What is told until it ends by a refusal. */
async function told(context: TestContext, script: (number: number) => Reply, options = {}) {
  const service = await fake(context, (number) => script(number) ?? problem(403, 'forbidden'));
  const { client } = await signedIn(service);
  const sequences: number[] = [];
  const follow = async () => {
    for await (const { sequence } of followEvents(client, options)) sequences.push(sequence);
  };
  await assert.rejects(follow(), isForbidden);
  return { sequences, service };
}

test('a text is understood wherever it is cut', () => {
  const whole = `retry: 1000\nid: 6\n\n:\n\n${event(7).replace('share', 'shäre')}${event(8).replaceAll('\n', '\r\n')}`;
  const bytes = new TextEncoder().encode(whole);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const text = new EventText();
    const all = [];
    for (let at = 0; at < bytes.length; at += size) all.push(...text.read(bytes.slice(at, at + size)));
    assert.deepEqual(
      all.map((one) => one.retry ?? one.id ?? one.event?.sequence ?? 'alive'),
      [1000, 6, 'alive', 7, 8],
      `in pieces of ${size}`,
    );
    assert.equal(all[3]?.event?.type, 'shäre.opened');
  }
});

test('a line that is cut is taken up where it was, and nothing is told twice', async (context) => {
  const { sequences, service } = await told(context, (number) => {
    if (number === 1) return line(`${opening(4)}${event(5)}${event(6)}data: {"seq`, 'cut');
    if (number === 2) return 'hang up';
    if (number === 3) return problem(503, 'unavailable');
    return number === 4 ? line(opening(6) + event(6) + event(7)) : problem(403, 'forbidden');
  });
  assert.deepEqual(sequences, [5, 6, 7]);
  assert.deepEqual(places(service), [undefined, '6', '6', '6', '7']);
  assert.equal(service.asked[0]?.headers.accept, 'text/event-stream');
  assert.equal(service.asked[0]?.headers.authorization, 'Bearer access-first');
});

test('who is cut off before the first event has a place all the same', async (context) => {
  const { sequences, service } = await told(context, (number) => {
    if (number > 2) return problem(403, 'forbidden');
    return number === 1 ? line(opening(40), 'cut') : line(event(41));
  });
  assert.deepEqual(sequences, [41]);
  assert.equal(places(service)[1], '40');
});

test('it begins after what was dealt with, and with one type if so asked', async (context) => {
  const options = { after: 11, type: 'share.opened' };
  const { sequences, service } = await told(
    context,
    (number) => (number === 1 ? line(event(11) + event(12)) : problem(403, 'forbidden')),
    options,
  );
  assert.deepEqual(sequences, [12]);
  assert.deepEqual(places(service), ['11', '12']);
  assert.equal(service.asked[0]?.path, '/v1/events/stream?type=share.opened');
});

test('a line that ended with its token is taken up with the next one', async (context) => {
  const service = await fake(context, (number, { path, headers }) => {
    if (path === '/v1/auth/refresh') return json(200, tokens('second'));
    if (number === 1) return line(opening(0) + event(1));
    return headers.authorization === 'Bearer access-second'
      ? line(event(2))
      : problem(401, 'unauthenticated');
  });
  const { client } = await signedIn(service);
  for await (const { sequence } of followEvents(client)) if (sequence === 2) break;
  assert.deepEqual(
    service.asked.map(({ path }) => path),
    ['/v1/events/stream', '/v1/events/stream', '/v1/auth/refresh', '/v1/events/stream'],
  );
});

test('a line that is silent for too long is dead', async (context) => {
  const { sequences } = await told(
    context,
    (number) => (number === 1 ? line(opening(0) + event(1), 'silence') : problem(403, 'forbidden')),
    { silence: 50 },
  );
  assert.deepEqual(sequences, [1]);
});

test('its caller ends it at any time: before, while it waits for an event, and between two lines', async (context) => {
  const service = await fake(context, (number) =>
    number === 1 ? line(opening(0) + event(1), 'silence') : line('retry: 600000\nid: 1\n\n'),
  );
  const { client } = await signedIn(service);
  for (const lines of [1, 2]) {
    const caller = new AbortController();
    const follow = async () => {
      for await (const _ of followEvents(client, { signal: caller.signal }));
    };
    const ended = assert.rejects(follow(), (error) => error === caller.signal.reason);
    await service.until(lines);
    await new Promise((resolve) => setTimeout(resolve, 50));
    caller.abort(new Error('enough'));
    await ended;
    await assert.rejects(follow(), (error) => error === caller.signal.reason);
  }
  assert.equal(service.asked.length, 2);
});

test('a service that does not come back is given up, and one that ends each line at once is not besieged', async (context) => {
  const away = await fake(context, () => problem(503, 'unavailable'));
  const { client } = await signedIn(away, 300, { retries: { attempts: 1 } });
  context.mock.method(Math, 'random', () => 0);
  const follow = async () => {
    for await (const _ of followEvents(client));
  };
  await assert.rejects(follow(), (error) => isProblem(error, 'unavailable'));
  assert.equal(away.asked.length, 8);

  context.mock.restoreAll();
  const ending = await fake(context, () => line('retry: 40\nid: 1\n\n'));
  const { client: other } = await signedIn(ending);
  const caller = new AbortController();
  setTimeout(() => caller.abort(), 600);
  await assert.rejects(async () => {
    for await (const _ of followEvents(other, { signal: caller.signal }));
  });
  // 40 ms, 80, 160, 320, half of each on average.
  assert.ok(ending.asked.length < 12, `${ending.asked.length} lines`);
});

test('what is no event ends it, and is not quoted', async (context) => {
  for (const body of [
    'data: {"name": "Casey"\n\n',
    'data: {"name": "Casey"}\n\n',
    'data: null\n\n',
    `data: ${'Casey'.repeat(2e4)}`,
  ]) {
    const service = await fake(context, () => line(body));
    const { client } = await signedIn(service);
    const follow = async () => {
      for await (const _ of followEvents(client));
    };
    await assert.rejects(follow(), (error) => {
      assert.ok(isProblem(error) && error.reason === 'unreadable');
      return !error.message.includes('Casey');
    });
  }
});
