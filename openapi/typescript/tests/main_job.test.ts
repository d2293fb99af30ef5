import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, ifMatch, items, Session } from '../src/index.js';
import type { Schema } from '../src/index.js';
import { anybody, clinic, nextYear, openLink, patient, refused } from './world.js';
import type { Clinic } from './world.js';

const body = {
  condition: 'Chronic, mainly lumbar pain',
  summary: 'Four massages in 20 days; nine of ten sections of the Oswestry index are better.',
  treatment: { what: 'Swedish strokes and myofascial release', why: 'Chosen for chronic pain' },
  schedule: { frequency: 'Once a week', duration: '6 visits' },
  goals: [{ goal: 'Less pain medication', measure: 'Oswestry (ODI): sections better' }],
  measures: [{ name: 'Oswestry (ODI): sections better', unit: 'of 10', baseline: 0, current: 9 }],
  history: 'Former construction worker',
} satisfies Schema<'ReportBody'>;

async function signedReport(of: Clinic, patient_id: string): Promise<Schema<'Report'>> {
  const kind = 'progress_report';
  const draft = await of.client.POST('/v1/reports', { body: { patient_id, kind, body } });
  const params = { path: { id: draft.data.id }, header: ifMatch(draft) };
  return (await of.client.POST('/v1/reports/{id}/signature', { params })).data;
}

const toClinic = ({ id: clinic_id }: Clinic) => ({ recipient: { clinic_id }, purpose: 'treatment' });

test('a report is read by its recipient under a signed consent, until the patient revokes', async () => {
  const [north, south] = await Promise.all([
    clinic('North Massage Therapy', 'Ada Example', 'massage_therapist'),
    clinic('South Family Practice', 'Sam Example', 'physician'),
  ]);
  const casey = await patient(north, 'Casey');
  const path = { id: casey.id };

  // Half a report can't be signed; what is missing is told field by field.
  const halfBody = { treatment: body.treatment, schedule: body.schedule };
  const half = await north.client.POST('/v1/reports', {
    body: { patient_id: casey.id, kind: 'progress_report', body: halfBody },
  });
  const reportPath = { id: half.data.id };
  const incomplete = await refused(
    north.client.POST('/v1/reports/{id}/signature', { params: { path: reportPath, header: ifMatch(half) } }),
    'report-incomplete',
  );
  assert.deepEqual(incomplete.errors.map(({ pointer }) => pointer).sort(), ['/body/goals', '/body/measures']);
  const whole = await north.client.PATCH('/v1/reports/{id}', {
    params: { path: reportPath, header: ifMatch(half) },
    body: { body },
  });
  // Only the version that was seen may be changed.
  await refused(
    north.client.PATCH('/v1/reports/{id}', {
      params: { path: reportPath, header: ifMatch(half) },
      body: { body },
    }),
    'stale',
  );
  const report = await north.client.POST('/v1/reports/{id}/signature', {
    params: { path: reportPath, header: ifMatch(whole) },
  });
  assert.equal(report.data.state, 'signed');

  const share = (sections?: Schema<'Section'>[]) =>
    north.client.POST('/v1/reports/{id}/shares', {
      params: { path: reportPath },
      body: {
        ...toClinic(south),
        ...(sections && { sections }),
        cover_letter: 'How our shared patient is doing.',
      },
    });
  assert.equal((await refused(share(), 'consent-missing')).status, 403);
  const consent = await north.client.POST('/v1/patients/{id}/consents', {
    params: { path },
    body: {
      recipients: [{ clinic_id: south.id }],
      categories: ['treatment_plan', 'progress_report', 'outcome_measures'],
      purpose: 'treatment',
      expires_at: nextYear(),
    },
  });
  assert.equal(consent.data.state, 'pending');
  await refused(share(), 'consent-pending');

  const link = await openLink(casey);
  assert.match((await link.read()).statement, /South Family Practice/);
  assert.equal((await link.sign('Casey Sample')).state, 'active');
  const narrow = await refused(share(), 'consent-too-narrow');
  assert.deepEqual(narrow.problem?.categories, ['history']);
  const sections = ['treatment', 'schedule', 'goals', 'measures', 'condition', 'summary'] as const;
  const sent = await share([...sections]);
  assert.equal(sent.data.state, 'delivered');

  // The recipient finds it in the inbox, reads it through the gate, and acknowledges.
  const inbox: Schema<'Share'>[] = [];
  for await (const item of items((from) =>
    south.client.GET('/v1/inbox', { params: { query: { limit: 1, ...from } } }),
  )) {
    inbox.push(item);
  }
  assert.deepEqual(
    inbox.map(({ id }) => id),
    [sent.data.id],
  );
  assert.equal(inbox[0]?.content, undefined);
  const sharePath = { id: sent.data.id };
  const read = () => south.client.GET('/v1/shares/{id}', { params: { path: sharePath } });
  const first = await read();
  assert.equal(first.data.content?.patient.family_name, 'Sample');
  assert.equal(first.data.content?.body.measures?.[0]?.current, 9);
  assert.equal(first.data.content?.body.history, undefined);
  const acknowledged = await south.client.POST('/v1/shares/{id}/acknowledgement', {
    params: { path: sharePath, header: ifMatch(first) },
  });
  assert.equal(acknowledged.data.state, 'acknowledged');

  // The patient takes the consent back at the same link; from the answer on nobody reads.
  assert.equal((await (await openLink(casey)).revoke()).state, 'revoked');
  const gone = await refused(read(), 'consent-revoked');
  assert.equal(gone.status, 403);
  assert.ok(gone.requestId);
  const disclosures = await north.client.GET('/v1/patients/{id}/disclosures', { params: { path } });
  assert.ok(disclosures.data.items.length >= 1);
});

test('a referral is sent under consent, accepted, and closed by a signed report', async () => {
  const [south, north] = await Promise.all([
    clinic('South Family Practice', 'Sam Example', 'physician'),
    clinic('North Massage Therapy', 'Ada Example', 'massage_therapist'),
  ]);
  const lou = await patient(south, 'Lou');
  const draft = await south.client.POST('/v1/referrals', {
    body: {
      kind: 'referral',
      patient_id: lou.id,
      recipient: { clinic_id: north.id },
      urgency: 'routine',
      condition: 'Neck pain for more than five years',
      reason: 'Massage therapy for chronic cervical pain',
    },
  });
  const { id } = draft.data;
  const move = async (by: Clinic, verb: Schema<'ReferralVerb'>, with_: Schema<'ReferralMove'> = {}) => {
    const now = await by.client.GET('/v1/referrals/{id}', { params: { path: { id } } });
    const params = { path: { id, verb }, header: ifMatch(now) };
    return (await by.client.POST('/v1/referrals/{id}/{verb}', { params, body: with_ })).data;
  };

  await refused(move(south, 'send'), 'consent-missing');
  await south.client.POST('/v1/patients/{id}/consents', {
    params: { path: { id: lou.id } },
    body: {
      recipients: [{ clinic_id: north.id }],
      categories: ['referral', 'progress_report', 'outcome_measures', 'history'],
      purpose: 'treatment',
      expires_at: nextYear(),
      two_way: true,
    },
  });
  await (await openLink(lou)).sign('Lou Sample');
  assert.equal((await move(south, 'send')).state, 'sent');

  const received = await north.client.GET('/v1/referrals/{id}', { params: { path: { id } } });
  assert.equal(received.data.content?.patient?.given_name, 'Lou');
  assert.equal(received.data.state, 'received');
  const illegal = await refused(move(north, 'start'), 'illegal-transition');
  assert.ok(illegal.problem?.allowed?.includes('accept'));
  const accepted = await move(north, 'accept');
  assert.equal(accepted.state, 'accepted');

  const report = await signedReport(north, accepted.patient_id ?? '');
  const back = await north.client.POST('/v1/reports/{id}/shares', {
    params: { path: { id: report.id } },
    body: toClinic(south),
  });
  const closed = await move(north, 'complete', { share_id: back.data.id });
  assert.equal(closed.state, 'completed');
  assert.deepEqual(closed.allowed, []);
});

test('a session is renewed for twenty calls at once, resumed from its store, and over after the sign-out', async () => {
  const { client, store } = await clinic('East Physical Therapy', 'Eve Example', 'physical_therapist');
  const before = await store.load();
  assert.ok(before);
  await store.save({ ...before, renewAt: 0, expiresAt: 0 });
  const resumed = createClient({ baseUrl: anybody.baseUrl, session: new Session({ store }) });
  const names = await Promise.all(
    Array.from({ length: 20 }, async () => (await resumed.GET('/v1/practitioners/me')).data.name),
  );
  assert.deepEqual(new Set(names), new Set(['Eve Example']));
  const after = await store.load();
  assert.notEqual(after?.refreshToken, before.refreshToken);

  await resumed.session.signOut();
  await refused(resumed.GET('/v1/practitioners/me'), 'unauthenticated');
  // The other client still has an access token, and learns that the session is over.
  const over = await refused(client.GET('/v1/practitioners/me'), 'unauthenticated');
  assert.equal(over.retryable, false);
});
