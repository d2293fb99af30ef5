import { ifMatch, isProblem } from '@rapport/client';
import type { RapportClient, Schema } from '@rapport/client';

/** Signs a draft as it was read, unless somebody changed it meanwhile. */
export async function sign(client: RapportClient, id: string) {
  const draft = await client.GET('/v1/reports/{id}', { params: { path: { id } } });
  const params = { path: { id }, header: ifMatch(draft) };
  return (await client.POST('/v1/reports/{id}/signature', { params })).data;
}

/** Shares a signed report with a clinic, or says why that can't be. */
export async function share(client: RapportClient, report: Schema<'Report'>, clinic_id: string) {
  try {
    const { data } = await client.POST('/v1/reports/{id}/shares', {
      params: { path: { id: report.id } },
      body: { recipient: { clinic_id }, purpose: 'treatment' },
    });
    return `It is ${data.state}.`;
  } catch (error) {
    if (isProblem(error, 'consent-missing')) return 'Ask the patient first.';
    if (!isProblem(error, 'consent-too-narrow')) throw error;
    return `Not covered: ${error.problem?.categories?.join(', ')}.`;
  }
}
