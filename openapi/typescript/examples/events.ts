import { followEvents } from '@rapport/client';
import type { FollowOptions, Schema } from '@rapport/client';
import type { machine } from './machine.js';

/** Hears of each report that is signed; `keep` keeps how far it has come, for after a restart. */
export async function hear(
  client: ReturnType<typeof machine>,
  from: Pick<FollowOptions, 'after' | 'signal'>,
  keep: (sequence: number, report: Schema<'Report'>) => Promise<void>,
) {
  for await (const { sequence, object } of followEvents(client, { ...from, type: 'report.signed' })) {
    const { data: report } = await client.GET('/v1/reports/{id}', { params: { path: { id: object.id } } });
    await keep(sequence, report);
  }
}
