import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as OTPAuth from 'otpauth';
import { firstCall } from '../examples/first_call.js';
import { complaints } from '../examples/form.js';
import { drafts, search } from '../examples/lists.js';
import { follow } from '../examples/machine.js';
import { hasty, inbox, invite } from '../examples/patience.js';
import { consentPage } from '../examples/patient_link.js';
import { share, sign } from '../examples/share.js';
import { newIdempotencyKey } from '../src/index.js';
import type { Schema } from '../src/index.js';
import { anybody, clinic, mailbox, nextYear, once, patient } from './world.js';

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

test('a machine follows what happens', async () => {
  const { client } = await clinic('North Massage Therapy', 'Ada Example', 'massage_therapist');
  const made = await client.POST('/v1/api_clients', {
    body: { name: 'Practice software', scopes: ['events:read', 'reports:read'] },
  });
  const { data: secret } = await client.POST('/v1/api_clients/{id}/secrets', {
    params: { path: { id: made.data.id } },
  });
  const { data: casey } = await client.POST('/v1/patients', {
    body: { given_name: 'Casey', family_name: 'Sample', birth_date: '1953-04-17' },
  });
  const draft = await client.POST('/v1/reports', {
    body: { patient_id: casey.id, kind: 'progress_report', body },
  });
  await sign(client, draft.data.id);
  const heard = () => follow(anybody.baseUrl, made.data.id, secret.client_secret);
  assert.deepEqual(await once(heard, (types) => types.length > 0), ['report.signed']);
});
