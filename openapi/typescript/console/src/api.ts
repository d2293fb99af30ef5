// The calls that this page makes, through the TypeScript client, in the order of the work.
import { ifMatch, items, ProblemError } from '../../src/index.js';
import type { Problem as ProblemBody, Schema } from '../../src/index.js';
import { client } from './session.js';

export type Attachment = Schema<'Attachment'>;
export type Category = Schema<'Category'>;
export type Consent = Schema<'Consent'>;
export type Disclosure = Schema<'Disclosure'>;
export type Goal = Schema<'Goal'>;
export type Measure = Schema<'Measure'>;
export type Member = Schema<'Member'>;
export type Patient = Schema<'Patient'>;
export type Practitioner = Schema<'Practitioner'>;
export type Problem = ProblemBody;
export type Recipient = Schema<'Recipient'>;
export type RecipientChoice = Schema<'RecipientChoice'>;
export type Referral = Schema<'Referral'>;
export type ReferralMove = Schema<'ReferralMove'>;
export type ReferralVerb = Schema<'ReferralVerb'>;
export type Report = Schema<'Report'>;
export type ReportBody = Schema<'ReportBody'>;
export type ReportKind = Schema<'ReportKind'>;
export type ReportSummary = Schema<'ReportSummary'>;
export type ReportVersion = Schema<'ReportVersion'>;
export type ReportVersionSummary = Schema<'ReportVersionSummary'>;
export type Section = Schema<'Section'>;
export type Share = Schema<'Share'>;

/** A page of a list, and how to get the next one. */
export interface Listed<Item> {
  items: Item[];
  more: (() => Promise<Listed<Item>>) | null;
}

type Page<Item> = { items: Item[]; next_cursor?: string | null };
type From = { cursor?: string };

async function paged<Item>(
  read: (from: From) => Promise<{ data: Page<Item> }>,
  from: From = {},
): Promise<Listed<Item>> {
  const { data } = await read(from);
  const { next_cursor: next } = data;
  return { items: data.items, more: next ? () => paged(read, { cursor: next }) : null };
}

/** All of a list, up to so many. */
async function upTo<Item>(
  limit: number,
  read: (from: From) => Promise<{ data: Page<Item> }>,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items(read)) {
    found.push(item);
    if (found.length >= limit) break;
  }
  return found;
}

/** What went wrong, told by the service or not. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) {
    if (error.problem) return error.problem;
    const title =
      error.reason === 'unreachable'
        ? 'The service does not answer'
        : error.reason === 'timeout'
          ? 'The service took too long'
          : error.reason === 'signed_out'
            ? 'Sign in first'
            : 'The answer could not be read';
    return {
      type: '',
      title,
      status: error.status ?? 0,
      detail: 'Check the connection and try again.',
      request_id: error.requestId ?? '',
    };
  }
  // A fault of this page. What it says could quote what was being shown, so it is not passed on.
  return {
    type: '',
    title: 'Something went wrong in this page',
    status: 0,
    detail: 'Load the page again. Nothing that the service holds was lost.',
    request_id: '',
  };
}

export const slugOf = (problem: Problem): string => problem.type.slice(problem.type.lastIndexOf('/') + 1);
export const isKind = (error: unknown, ...slugs: string[]): boolean =>
  slugs.includes(slugOf(toProblem(error)));

const path = (id: string): { path: { id: string } } => ({ path: { id } });

// What came in.

export const inbox = (): Promise<Listed<Share>> =>
  paged((from) => client().GET('/v1/inbox', { params: { query: { limit: 50, ...from } } }));

export async function readShare(id: string): Promise<Share> {
  return (await client().GET('/v1/shares/{id}', { params: path(id) })).data;
}

export async function acknowledgeShare(share: Share): Promise<Share> {
  return (
    await client().POST('/v1/shares/{id}/acknowledgement', {
      params: { ...path(share.id), header: ifMatch(share) },
    })
  ).data;
}

export async function withdrawShare(share: Share): Promise<void> {
  await client().DELETE('/v1/shares/{id}', { params: { ...path(share.id), header: ifMatch(share) } });
}

export async function readSharedFile(share: string, file: string): Promise<Blob> {
  const params = { path: { id: share, attachment_id: file } };
  return (
    await client().GET('/v1/shares/{id}/attachments/{attachment_id}/content', { params, parseAs: 'blob' })
  ).data as Blob;
}

// Patients.

export const searchPatients = (search: Schema<'PatientSearch'>): Promise<Listed<Patient>> =>
  paged((from) =>
    client().POST('/v1/patients/search', { params: { query: { limit: 25, ...from } }, body: search }),
  );

export async function readPatient(id: string): Promise<Patient> {
  return (await client().GET('/v1/patients/{id}', { params: path(id) })).data;
}

export async function addPatient(patient: Schema<'NewPatient'>): Promise<Patient> {
  return (await client().POST('/v1/patients', { body: patient })).data;
}

export const sharingHistory = (patient: string): Promise<Listed<Schema<'SharingHistoryEntry'>>> =>
  paged((from) =>
    client().GET('/v1/patients/{id}/sharing_history', {
      params: { ...path(patient), query: { limit: 50, ...from } },
    }),
  );

export const disclosures = (patient: string): Promise<Listed<Disclosure>> =>
  paged((from) =>
    client().GET('/v1/patients/{id}/disclosures', {
      params: { ...path(patient), query: { limit: 50, ...from } },
    }),
  );

// Reports.

export const reportsOf = (patient: string): Promise<ReportSummary[]> =>
  upTo(100, (from) =>
    client().GET('/v1/reports', { params: { query: { patient_id: patient, limit: 100, ...from } } }),
  );

export async function readReport(id: string): Promise<Report> {
  return (await client().GET('/v1/reports/{id}', { params: path(id) })).data;
}

/** The report after one change of the viewer's own; as it was, if somebody else has changed it too. */
export async function readOn(report: Report): Promise<Report> {
  const now = await readReport(report.id).catch(() => report);
  return now.version === report.version + 1 ? now : report;
}

export async function draftReport(report: Schema<'NewReport'>): Promise<Report> {
  return (await client().POST('/v1/reports', { body: report })).data;
}

export async function saveReport(report: Report, patch: Schema<'ReportPatch'>): Promise<Report> {
  return (
    await client().PATCH('/v1/reports/{id}', {
      params: { ...path(report.id), header: ifMatch(report) },
      body: patch,
    })
  ).data;
}

export async function signReport(report: Report): Promise<Report> {
  return (
    await client().POST('/v1/reports/{id}/signature', {
      params: { ...path(report.id), header: ifMatch(report) },
    })
  ).data;
}

export async function amendReport(report: Report, amendment: Schema<'AmendReport'>): Promise<Report> {
  return (
    await client().POST('/v1/reports/{id}/amendments', {
      params: { ...path(report.id), header: ifMatch(report) },
      body: amendment,
    })
  ).data;
}

/** Newest first. */
export const versionsOf = (report: string): Promise<ReportVersionSummary[]> =>
  upTo(100, (from) =>
    client().GET('/v1/reports/{id}/versions', {
      params: { ...path(report), query: { limit: 100, ...from } },
    }),
  );

export async function readVersion(report: string, number: number): Promise<ReportVersion> {
  const params = { path: { id: report, number } };
  return (await client().GET('/v1/reports/{id}/versions/{number}', { params })).data;
}

// The files of a report.

export const filesOf = (report: string): Promise<Attachment[]> =>
  upTo(500, (from) =>
    client().GET('/v1/reports/{id}/attachments', {
      params: { ...path(report), query: { limit: 100, ...from } },
    }),
  );

export async function addFile(report: string, file: File, media_type: string): Promise<Attachment> {
  const body = { file_name: file.name, media_type, content: await inBase64(file) };
  // A line may be slow, and a file large.
  const times = { timeout: 900_000, attemptTimeout: 600_000 };
  return (await client().POST('/v1/reports/{id}/attachments', { params: path(report), body, ...times })).data;
}

export async function readFile(id: string): Promise<Blob> {
  return (await client().GET('/v1/attachments/{id}/content', { params: path(id), parseAs: 'blob' }))
    .data as Blob;
}

export async function removeFile(id: string): Promise<void> {
  await client().DELETE('/v1/attachments/{id}', { params: path(id) });
}

function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(new Error('the file can not be read'));
    reader.readAsDataURL(file);
  });
}

export const sharesOf = (report: string): Promise<Share[]> =>
  upTo(100, (from) =>
    client().GET('/v1/reports/{id}/shares', { params: { ...path(report), query: { limit: 100, ...from } } }),
  );

export async function shareReport(report: string, share: Schema<'NewShare'>): Promise<Share> {
  return (await client().POST('/v1/reports/{id}/shares', { params: path(report), body: share })).data;
}

// Consents.

export const consentsOf = (patient: string): Promise<Consent[]> =>
  upTo(100, (from) =>
    client().GET('/v1/patients/{id}/consents', {
      params: { ...path(patient), query: { limit: 100, ...from } },
    }),
  );

export async function readConsent(id: string): Promise<Consent> {
  return (await client().GET('/v1/consents/{id}', { params: path(id) })).data;
}

export async function askConsent(patient: string, consent: Schema<'NewConsent'>): Promise<Consent> {
  return (await client().POST('/v1/patients/{id}/consents', { params: path(patient), body: consent })).data;
}

export async function revokeConsent(id: string, note: string | undefined): Promise<Consent> {
  return (
    await client().POST('/v1/consents/{id}/revocation', {
      params: path(id),
      body: note === undefined ? {} : { note },
    })
  ).data;
}

// The directory.

export async function searchDirectory(text: string): Promise<Practitioner[]> {
  return (await client().GET('/v1/practitioners', { params: { query: { q: text, limit: 10 } } })).data.items;
}

export async function readMe(): Promise<Practitioner> {
  return (await client().GET('/v1/practitioners/me')).data;
}

/** Somebody of the own clinic. */
export async function readMember(id: string): Promise<Member | null> {
  const members = await upTo(500, (from) =>
    client().GET('/v1/members', { params: { query: { limit: 100, ...from } } }),
  );
  return members.find((one) => one.id === id) ?? null;
}

// Referrals.

export const referrals = (direction: 'sent' | 'received'): Promise<Referral[]> =>
  upTo(200, (from) =>
    client().GET('/v1/referrals', { params: { query: { direction, limit: 100, ...from } } }),
  );

export async function readReferral(id: string): Promise<Referral> {
  return (await client().GET('/v1/referrals/{id}', { params: path(id) })).data;
}

export async function writeReferral(referral: Schema<'NewReferral'>): Promise<Referral> {
  return (await client().POST('/v1/referrals', { body: referral })).data;
}

export async function moveReferral(
  referral: Referral,
  verb: ReferralVerb,
  move: ReferralMove,
): Promise<Referral> {
  const params = { path: { id: referral.id, verb }, header: ifMatch(referral) };
  return (await client().POST('/v1/referrals/{id}/{verb}', { params, body: move })).data;
}

export async function timelineOf(referral: string): Promise<Schema<'ReferralTransition'>[]> {
  return (await client().GET('/v1/referrals/{id}/timeline', { params: path(referral) })).data.items;
}

export const messagesOf = (referral: string): Promise<Schema<'ReferralMessage'>[]> =>
  upTo(100, (from) =>
    client().GET('/v1/referrals/{id}/messages', {
      params: { ...path(referral), query: { limit: 100, ...from } },
    }),
  );

export async function writeMessage(referral: string, text: string): Promise<void> {
  await client().POST('/v1/referrals/{id}/messages', { params: path(referral), body: { text } });
}
