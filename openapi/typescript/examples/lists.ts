import { items } from '@rapport/client';
import type { RapportClient } from '@rapport/client';

/** The ids of every report that is not signed yet. */
export async function drafts(client: RapportClient): Promise<string[]> {
  const ids: string[] = [];
  const list = items((from) => client.GET('/v1/reports', { params: { query: { state: 'draft', ...from } } }));
  for await (const report of list) ids.push(report.id);
  return ids;
}

/** The first patients of this name. What is searched for travels in the body, never in the address. */
export async function search(client: RapportClient, family_name: string) {
  const { data } = await client.POST('/v1/patients/search', {
    params: { query: { limit: 10 } },
    body: { family_name },
  });
  return data.items;
}
