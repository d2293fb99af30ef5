// What a machine proves itself by: a secret, or a private key (RFC 7523, SMART Backend Services).
import type { Schema } from './calls.js';
import { newIdempotencyKey } from './idempotency.js';

/** What a private key signs with: ECDSA on P-384, RSA (PKCS #1, 1.5) with SHA-384, Ed25519. */
export type KeyAlgorithm = 'ES384' | 'RS384' | 'EdDSA';

/** A private key of an API client. The service knows the public one, by `jwks` or `jwks_uri`. */
export interface MachineKey {
  /** PKCS #8 in PEM, a JWK, or a key of WebCrypto, which need not be extractable. */
  privateKey: string | JsonWebKey | CryptoKey;
  /** The one algorithm of the key. */
  algorithm: KeyAlgorithm;
  /** The `kid` by which the service knows the public key. */
  kid: string;
}

/** The part of a form that proves who sends it. */
export type Proof = Pick<
  Schema<'TokenRequest'>,
  'client_id' | 'client_secret' | 'client_assertion' | 'client_assertion_type'
>;

/** Makes a proof for a service of this address; an assertion is good once. */
export type Prove = (audience: string) => Promise<Proof>;

/** How long an assertion is good for, in seconds: for its way there, and for clocks that are a little apart. */
const lifetime = 60;

export function bySecret(clientId: string, clientSecret: string): Prove {
  return async () => ({ client_id: clientId, client_secret: clientSecret });
}

export function byKey(clientId: string, { privateKey, algorithm, kid }: MachineKey): Prove {
  let imported: Promise<CryptoKey> | undefined;
  return async (audience) => {
    imported ??= importKey(privateKey, algorithm);
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: audience,
      iat: now,
      exp: now + lifetime,
      jti: newIdempotencyKey(),
    };
    const signed = `${encoded({ alg: algorithm, typ: 'JWT', kid })}.${encoded(claims)}`;
    const signature = await webCrypto().sign(ways[algorithm], await imported, utf8(signed));
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${signed}.${base64url(new Uint8Array(signature))}`,
    };
  };
}

/** The algorithms as WebCrypto names them. Its ECDSA signature is the one of a JWT already (RFC 7518, 3.4). */
const ways = {
  ES384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  RS384: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  EdDSA: { name: 'Ed25519' },
} as const;

async function importKey(key: MachineKey['privateKey'], algorithm: KeyAlgorithm): Promise<CryptoKey> {
  const subtle = webCrypto();
  const way = ways[algorithm];
  try {
    if (typeof key === 'string') return await subtle.importKey('pkcs8', fromPem(key), way, false, ['sign']);
    if (!('kty' in key)) return key as CryptoKey;
    // What else it says of itself, such as `kid` and `use`, is not for here: `alg` of Ed25519 has two names.
    const { kty, crv, d, x, y, n, e, p, q, dp, dq, qi } = key;
    const own = Object.entries({ kty, crv, d, x, y, n, e, p, q, dp, dq, qi }).filter(([, part]) => part);
    return await subtle.importKey('jwk', Object.fromEntries(own), way, false, ['sign']);
  } catch {
    // The platform's own error is dropped: it may quote the key.
    throw new TypeError('the private key is not one of its algorithm, in PKCS #8 or as a JWK');
  }
}

function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new TypeError('to sign with a key takes WebCrypto: Node 20, or a page by https');
  return subtle;
}

function fromPem(pem: string): ArrayBuffer {
  const [, body] = /-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----/.exec(pem) ?? [];
  if (!body) throw new TypeError('no PKCS #8 in PEM');
  return Uint8Array.from(atob(body.replace(/\s/g, '')), (character) => character.charCodeAt(0)).buffer;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

const encoded = (part: object): string => base64url(utf8(JSON.stringify(part)));

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
