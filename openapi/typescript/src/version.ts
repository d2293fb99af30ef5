/** What tells which version of an object was read: an answer, or the object itself where it holds its `version`. */
export type Read = { response: Response } | { version: number };

/**
 * The header by which a change is made only if nobody made another one meanwhile.
 *
 * ```ts
 * const read = await client.GET('/v1/patients/{id}', { params: { path: { id } } });
 * await client.PATCH('/v1/patients/{id}', { params: { path: { id }, header: ifMatch(read) }, body: { phone } });
 * ```
 *
 * If somebody did, the call fails with `stale`: read again, and decide again.
 */
export function ifMatch(read: Read): { 'If-Match': string } {
  if ('version' in read) return { 'If-Match': `"${read.version}"` };
  const etag = read.response.headers.get('ETag');
  if (etag === null) throw new TypeError('the answer holds no version: it is not one of a single object');
  return { 'If-Match': etag };
}
