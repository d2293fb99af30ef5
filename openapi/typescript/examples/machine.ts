import { createClient, items, MachineSession } from '@rapport/client';

/** A program of the clinic's own hears what happened to reports; it signs in with its first call. */
export async function follow(baseUrl: string, clientId: string, clientSecret: string) {
  const session = new MachineSession({ clientId, clientSecret, scopes: ['events:read', 'reports:read'] });
  const client = createClient({ baseUrl, session });
  const types: string[] = [];
  for await (const event of items((from) => client.GET('/v1/events', { params: { query: from } }))) {
    types.push(event.type);
  }
  return types;
}
