import { createClient, newIdempotencyKey } from '@rapport/client';
import type { RapportClient, Schema } from '@rapport/client';

/** A client that gives up sooner. */
export const hasty = (baseUrl: string) =>
  createClient({ baseUrl, timeout: 10_000, attemptTimeout: 4_000, retries: { attempts: 2 } });

/** A call that its caller may give up. */
export const inbox = (client: RapportClient, signal: AbortSignal) => client.GET('/v1/inbox', { signal });

/** A call that takes longer: a file of some megabytes over a slow line. */
export function attach(client: RapportClient, report: string, body: Schema<'NewAttachment'>) {
  const params = { path: { id: report } };
  const longer = { timeout: 600_000, attemptTimeout: 300_000 };
  return client.POST('/v1/reports/{id}/attachments', { params, body, ...longer });
}

/** An intent with a key of its own, which may be sent again after a restart and is done once. */
export function invite(client: RapportClient, email: string, key = newIdempotencyKey()) {
  return client.POST('/v1/members', {
    params: { header: { 'Idempotency-Key': key } },
    body: { name: 'Eve Example', email, role: 'practitioner', profession: 'massage_therapist' },
  });
}
