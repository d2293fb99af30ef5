// People who act, each by a client of their own, at the service that the environment names.
import * as OTPAuth from 'otpauth';
import {
  createClient,
  isProblem,
  linkHeaders,
  memoryStore,
  newIdempotencyKey,
  parseLink,
  Session,
} from '../src/index.js';
import type { KnownKind, ProblemError, RapportClient, Schema, TokenStore } from '../src/index.js';
import { Mailbox } from './mail.js';

const { RAPPORT_URL: baseUrl, RAPPORT_MAIL: folder } = process.env;
if (!baseUrl || !folder) {
  throw new Error(
    'RAPPORT_URL and RAPPORT_MAIL are to be set: the address of a running service, and the folder that it writes its ' +
      'mail to. `cargo run --release -- serve` prints both when it starts.',
  );
}

export const mailbox = new Mailbox(folder);
/** A client of nobody's, for what is done at links. */
export const anybody = createClient({ baseUrl });

/** A clinic whose owner is signed in. */
export interface Clinic {
  id: string;
  client: RapportClient;
  store: TokenStore;
}

// Addresses of this run alone, so that it can be run again on the same service.
const run = newIdempotencyKey().slice(0, 12);

export async function clinic(name: string, owner: string, profession: string): Promise<Clinic> {
  const email = `${owner.split(' ')[0]?.toLowerCase()}.${newIdempotencyKey().slice(0, 12)}@clinics.example.org`;
  const password = 'correct horse battery staple';
  const { data } = await anybody.POST('/v1/clinics', {
    body: { clinic: { name }, owner: { name: owner, email, password, profession } },
  });
  const store = memoryStore();
  const client = createClient({ baseUrl: anybody.baseUrl, session: new Session({ store }) });
  await client.session.signIn({ email, password }, (enrolment) => {
    if (!enrolment) throw new Error('a new account has no authenticator yet');
    return OTPAuth.URI.parse(enrolment.otpauth_uri).generate();
  });
  return { id: data.clinic.id, client, store };
}

export async function patient(of: Clinic, given_name: string): Promise<Schema<'Patient'>> {
  const { data } = await of.client.POST('/v1/patients', {
    body: {
      given_name,
      family_name: 'Sample',
      birth_date: '1963-04-17',
      email: `${given_name.toLowerCase()}.${run}@patients.example.org`,
    },
  });
  return data;
}

/** Opens the newest link that the patient got by mail, as the patient would: with the birth date and the code. */
export async function openLink(of: Schema<'Patient'>) {
  const address = of.email ?? '';
  const before = await mailbox.codes(address);
  const link = parseLink(await mailbox.link(address));
  if (!link) throw new Error('the mail holds no link');
  const path = { id: link.id };
  await anybody.POST('/v1/consent_links/{id}/challenge', { params: { path }, body: { secret: link.secret } });
  const opened = await anybody.POST('/v1/consent_links/{id}/session', {
    params: { path },
    body: { secret: link.secret, birth_date: of.birth_date, code: await mailbox.code(address, before + 1) },
  });
  const headers = linkHeaders(opened);
  const read = async () => (await anybody.GET('/v1/consent_links/{id}', { params: { path }, headers })).data;
  return {
    read,
    sign: async (signed_name: string) => {
      const { statement_hash } = await read();
      const params = { path, header: headers };
      const body = { signed_name, statement_hash };
      return (await anybody.POST('/v1/consent_links/{id}/signature', { params, body })).data;
    },
    revoke: async () =>
      (await anybody.POST('/v1/consent_links/{id}/revocation', { params: { path, header: headers } })).data,
  };
}

/** What is read once it is as it should be: an event gets its number a moment after it happened. */
export async function once<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const value = await read();
    if (isSo(value) || performance.now() > deadline) return value;
  }
}

/** A year from now. */
export const nextYear = () => new Date(Date.now() + 365 * 24 * 3_600_000).toISOString();

/** The problem of this kind that the call fails with. */
export async function refused(call: Promise<unknown>, kind: KnownKind): Promise<ProblemError> {
  try {
    await call;
  } catch (error) {
    if (isProblem(error, kind)) return error;
    throw error;
  }
  throw new Error(`it should have been refused: ${kind}`);
}
