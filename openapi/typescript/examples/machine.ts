import { createClient, items, MachineSession } from '@rapport/client';
import type { MachineKey } from '@rapport/client';

/** A program of the clinic's own, which proves itself by a key that it alone has. */
export function machine(baseUrl: string, clientId: string, key: MachineKey) {
  const session = new MachineSession({ clientId, key, scopes: ['events:read', 'reports:read'] });
  return createClient({ baseUrl, session });
}

/** One that has a secret reads what has happened to reports. */
export async function happened(baseUrl: string, clientId: string, clientSecret: string) {
  const client = createClient({ baseUrl, session: new MachineSession({ clientId, clientSecret }) });
  const types: string[] = [];
  for await (const event of items((from) => client.GET('/v1/events', { params: { query: from } }))) {
    types.push(event.type);
  }
  return types;
}
