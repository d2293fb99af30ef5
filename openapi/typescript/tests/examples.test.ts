import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import * as OTPAuth from 'otpauth';
import { hear } from '../examples/events.js';
import { firstCall } from '../examples/first_call.js';
import { complaints } from '../examples/form.js';
import { drafts, search } from '../examples/lists.js';
import { happened, machine } from '../examples/machine.js';
import { hasty, inbox, invite } from '../examples/patience.js';
import { consentPage } from '../examples/patient_link.js';
import { share, sign } from '../examples/share.js';
import { createClient, followEvents, newIdempotencyKey, Session } from '../src/index.js';
import type { KeyAlgorithm, Schema } from '../src/index.js';
import { anybody, clinic, mailbox, nextYear, once, patient } from './world.js';
import type { Clinic } from './world.js';

const code = (otpauthUri = '') => Promise.resolve(OTPAuth.URI.parse(otpauthUri).generate());

const body = {
  treatment: { what: 'Massage', why: 'Chosen for stiffness' },
  schedule: { frequency: 'Once a week', duration: '6 visits' },
  goals: [{ goal: 'Less stiffness', measure: 'Stiffness (VAS)' }],
  measures: [{ name: 'Stiffness (VAS)', baseline: 5, current: 0.75 }],
} satisfies Schema<'ReportBody'>;

test('the first call', async () => {
  const { client, patient } = await firstCall(anybody.baseUrl, code);
  assert.equal(patient.given_name, 'Casey');
  assert.deepEqual(
    (await search(client, 'Sam')).map(({ id }) => id),
    [patient.id],
  );
  const call = client.POST('/v1/patients', {
    body: { given_name: '', family_name: 'S', birth_date: '1953-04-17' },
  });
  const told = await call.then(() => undefined, complaints);
  assert.deepEqual([...(told?.fields.keys() ?? [])], ['/given_name']);
  await assert.rejects(inbox(hasty(anybody.baseUrl), new AbortController().signal), {
    kind: 'unauthenticated',
  });
});

test('sharing, and the patient’s link', async () => {
  const north = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  const south = await clinic('South Family Practice', 'Sam Example', 'physician');
  const robin = await patient(north, 'Robin');
  const draft = await north.client.POST('/v1/reports', {
    body: { patient_id: robin.id, kind: 'progress_report', body },
  });
  assert.deepEqual(await drafts(north.client), [draft.data.id]);
  const report = await sign(north.client, draft.data.id);
  assert.equal(await share(north.client, report, south.id), 'Ask the patient first.');
  await north.client.POST('/v1/patients/{id}/consents', {
    params: { path: { id: robin.id } },
    body: {
      recipients: [{ clinic_id: south.id }],
      categories: ['progress_report', 'outcome_measures'],
      purpose: 'treatment',
      expires_at: nextYear(),
    },
  });
  const address = robin.email ?? '';
  const page = await consentPage(await mailbox.link(address), async () => ({
    birth_date: robin.birth_date,
    code: await mailbox.code(address),
  }));
  assert.equal((await page.sign('Robin Sample')).data.state, 'active');
  assert.equal(await share(north.client, report, south.id), 'It is delivered.');
});

test('an intent with a key of its own is done once', async () => {
  const { client } = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  const [key, email] = [newIdempotencyKey(), `eve.${newIdempotencyKey()}@clinics.example.org`];
  const first = await invite(client, email, key);
  const again = await invite(client, email, key);
  assert.equal(again.data.id, first.data.id);
  assert.equal(again.response.headers.get('Idempotency-Replayed'), 'true');
});

/** A draft that is signed, about a patient of the clinic's own. */
async function signedReport({ client }: Clinic): Promise<string> {
  const { data: casey } = await client.POST('/v1/patients', {
    body: { given_name: 'Casey', family_name: 'Sample', birth_date: '1953-04-17' },
  });
  const draft = await client.POST('/v1/reports', {
    body: { patient_id: casey.id, kind: 'progress_report', body },
  });
  return (await sign(client, draft.data.id)).id;
}

test('a machine reads what happened, by its secret', async () => {
  const north = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  const made = await north.client.POST('/v1/api_clients', {
    body: { name: 'Practice software', scopes: ['events:read', 'reports:read'] },
  });
  const { data: secret } = await north.client.POST('/v1/api_clients/{id}/secrets', {
    params: { path: { id: made.data.id } },
  });
  await signedReport(north);
  const heard = () => happened(anybody.baseUrl, made.data.id, secret.client_secret);
  assert.deepEqual(await once(heard, (types) => types.length > 0), ['report.signed']);
});

test('a machine hears what happens; it has proved its key, by whatever algorithm', async () => {
  const north = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  const keys = await Promise.all((['ES384', 'RS384', 'EdDSA'] as const).map(newKey));
  const { data: made } = await north.client.POST('/v1/api_clients', {
    body: {
      name: 'Practice software',
      scopes: ['events:read', 'reports:read'],
      jwks: { keys: keys.map(({ jwk }) => jwk) },
    },
  });
  const first = await signedReport(north);
  for (const { privateKey, algorithm, jwk } of keys) {
    const client = machine(anybody.baseUrl, made.id, { privateKey, algorithm, kid: jwk.kid });
    const caller = new AbortController();
    const heard: string[] = [];
    await assert.rejects(
      hear(client, { after: 0, signal: caller.signal }, async (_, report) => {
        heard.push(report.id);
        caller.abort();
      }),
      { name: 'AbortError' },
    );
    assert.deepEqual(heard, [first]);
    await client.session.signOut();
  }
  const { privateKey, algorithm } = await newKey('ES384');
  const stranger = machine(anybody.baseUrl, made.id, { privateKey, algorithm, kid: 'key-ES384' });
  await assert.rejects(stranger.GET('/v1/reports'), { kind: 'invalid-client' });
});

test('events are told once each, whatever becomes of the line', async () => {
  const north = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  let lines = 0;
  const client = createClient({
    baseUrl: anybody.baseUrl,
    session: new Session({ store: north.store }),
    fetch: async (request) => {
      const answer = await fetch(request);
      if (!request.url.includes('/v1/events/stream') || !answer.body) return answer;
      lines += 1;
      return new Response(answer.body.pipeThrough(cutBehindAnEvent()), answer);
    },
  });
  const signal = AbortSignal.timeout(60_000);
  const events = followEvents(client, { after: 0, type: 'report.signed', signal });
  const signed: string[] = [];
  const heard: string[] = [];
  for (let number = 0; number < 3; number += 1) signed.push(await signedReport(north));
  for await (const event of events) {
    heard.push(event.object.id);
    if (heard.length === 2) signed.push(await signedReport(north));
    if (heard.length === 4) break;
  }
  assert.deepEqual(heard, signed);
  assert.ok(lines >= 3, `${lines} lines`);
});

/** Ends a line in the middle, behind its first event. */
function cutBehindAnEvent() {
  let text = '';
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      text += Buffer.from(chunk).toString();
      const first = /^[^]*?data:.*\n\n/.exec(text)?.[0];
      if (!first) return;
      controller.enqueue(Buffer.from(`${first}id: 9`));
      controller.terminate();
    },
  });
}

async function newKey(algorithm: KeyAlgorithm) {
  const way = {
    ES384: { name: 'ECDSA', namedCurve: 'P-384' },
    RS384: {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-384',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    EdDSA: { name: 'Ed25519' },
  }[algorithm];
  const pair = (await webcrypto.subtle.generateKey(way, false, ['sign', 'verify'])) as CryptoKeyPair;
  const { kty = '', crv, x, y, n, e } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = Object.fromEntries(Object.entries({ crv, x, y, n, e }).filter(([, part]) => part));
  return { algorithm, privateKey: pair.privateKey, jwk: { kty, ...jwk, kid: `key-${algorithm}` } };
}
