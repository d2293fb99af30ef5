import { createClient, linkHeaders, parseLink } from '@rapport/client';

/** The patient's page: `address` is the link of the mail, `ask` asks for the birth date and the code. */
export async function consentPage(address: string, ask: () => Promise<{ birth_date: string; code: string }>) {
  const link = parseLink(address);
  if (!link) throw new Error('this is no link');
  const client = createClient({ baseUrl: new URL(address).origin });
  const path = { id: link.id };
  const { secret } = link;
  await client.POST('/v1/consent_links/{id}/challenge', { params: { path }, body: { secret } });
  const opened = await client.POST('/v1/consent_links/{id}/session', {
    params: { path },
    body: { secret, ...(await ask()) },
  });
  const headers = linkHeaders(opened);
  const { data: asked } = await client.GET('/v1/consent_links/{id}', { params: { path }, headers });
  return {
    asked,
    sign: (signed_name: string) =>
      client.POST('/v1/consent_links/{id}/signature', {
        params: { path, header: headers },
        body: { signed_name, statement_hash: asked.statement_hash },
      }),
  };
}
