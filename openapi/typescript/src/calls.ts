// What a call takes and gives, worked out from the generated types.
import type { FetchOptions, FetchResponse, ParseAs } from 'openapi-fetch';
import type { components, paths } from './schema.js';

/** A type of the document by its name, such as `Schema<'Report'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that know this method. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathsWith<M>> =
  paths[P] extends Record<M, infer O extends object> ? O : never;

// `fetch`, the address and middleware are the client's own.
type Mine = 'fetch' | 'baseUrl' | 'middleware' | 'parseAs' | 'Request' | 'redirect' | 'method';

/** How long a call and each of its attempts may take, in milliseconds, where that is not what the client says. */
export interface Times {
  timeout?: number;
  attemptTimeout?: number;
}

/** What is given with a call: `params`, `body`, `headers`, `signal`, its times; `parseAs` for what is no JSON. */
export type Init<M extends Method, P extends PathsWith<M>, As extends ParseAs = 'json'> = Omit<
  FetchOptions<Operation<M, P>>,
  Mine
> &
  Times &
  // Whoever wants something else than JSON has to say so.
  ('json' extends As ? { parseAs?: As } : { parseAs: As });

/** A success. Everything else is thrown. */
export interface Answer<M extends Method, P extends PathsWith<M>, As extends ParseAs = 'json'> {
  data: Extract<
    FetchResponse<Operation<M, P>, { parseAs: As }, `${string}/${string}`>,
    { data: unknown }
  >['data'];
  response: Response;
}

type Given<T> = object extends T ? [init?: T] : [init: T];

/** Calls an operation; its name is its path as the document has it, parameters in braces. */
export type Call<M extends Method> = <P extends PathsWith<M>, As extends ParseAs = 'json'>(
  path: P,
  ...init: Given<Init<M, P, As>>
) => Promise<Answer<M, P, As>>;
