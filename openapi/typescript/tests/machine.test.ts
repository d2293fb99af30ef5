import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { createClient, isProblem, MachineSession } from '../src/index.js';
import type { KeyAlgorithm, MachineKey } from '../src/index.js';
import { fake, json, page, problem } from './fake.js';
import type { Asked } from './fake.js';

const { subtle } = webcrypto;
const clientId = '01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15';
const ways: Record<KeyAlgorithm, object> = {
  ES384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  RS384: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-384',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  EdDSA: { name: 'Ed25519' },
};

async function keyPair(algorithm: KeyAlgorithm) {
  return (await subtle.generateKey(ways[algorithm] as never, true, [
    'sign',
    'verify',
  ])) as unknown as CryptoKeyPair;
}

function pem(bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN PRIVATE KEY-----\n${lines?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function assertion({ body }: Asked) {
  const form = new URLSearchParams(body);
  const parts = form.get('client_assertion')?.split('.') ?? [];
  const [header, claims] = parts
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  const signed = Buffer.from(parts.slice(0, 2).join('.'));
  return { form, header, claims, signed, signature: Buffer.from(parts[2] ?? '', 'base64url') };
}

const granted = (expires_in = 300) => json(200, { access_token: 'a', token_type: 'Bearer', expires_in });
const machine = (baseUrl: string, key: MachineKey, audience?: string) =>
  createClient({
    baseUrl,
    session: new MachineSession({ clientId, key, scopes: ['events:read'], ...(audience && { audience }) }),
    retries: { base: 1, cap: 1 },
  });

test('a machine proves that it has its key, in each of its forms and by each of its algorithms', async (context) => {
  for (const algorithm of ['ES384', 'RS384', 'EdDSA'] as const) {
    const pair = await keyPair(algorithm);
    const forms = [
      pem(await subtle.exportKey('pkcs8', pair.privateKey)),
      {
        ...(await subtle.exportKey('jwk', pair.privateKey)),
        alg: algorithm,
        use: 'sig',
        kid: 'k',
      } as JsonWebKey,
      pair.privateKey,
    ];
    for (const privateKey of forms) {
      const service = await fake(context, (_, { path }) => (path === '/oauth/token' ? granted() : page()));
      await machine(service.baseUrl, { privateKey, algorithm, kid: 'key-1' }).GET('/v1/inbox');
      const { form, header, claims, signed, signature } = assertion(service.asked[0]!);
      assert.deepEqual(header, { alg: algorithm, typ: 'JWT', kid: 'key-1' });
      const { iat, exp, jti, ...who } = claims;
      assert.deepEqual(who, { iss: clientId, sub: clientId, aud: service.baseUrl });
      assert.ok(Math.abs(Date.now() / 1_000 - iat) < 5 && exp === iat + 60 && jti.length >= 16);
      assert.ok(await subtle.verify(ways[algorithm] as never, pair.publicKey, signature, signed), algorithm);
      assert.deepEqual([...form.keys()].sort(), [
        'client_assertion',
        'client_assertion_type',
        'grant_type',
        'scope',
      ]);
      assert.equal(
        form.get('client_assertion_type'),
        'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      );
      assert.equal(service.asked[1]?.headers.authorization, 'Bearer a');
    }
  }
});

test('an assertion is used once: not after a lost answer, and a renewal makes another', async (context) => {
  const { privateKey } = await keyPair('ES384');
  const service = await fake(context, (number, { path }) => {
    if (path !== '/oauth/token') return page();
    if (number === 1) return problem(503, 'unavailable');
    return number === 2 ? 'hang up' : granted(0);
  });
  const client = machine(
    service.baseUrl,
    { privateKey, algorithm: 'ES384', kid: 'k' },
    'https://rapport.example.org',
  );
  // What was refused at the door has not been looked at, and goes again. What may have arrived does not.
  await assert.rejects(client.GET('/v1/inbox'), (error) => isProblem(error) && error.retryable);
  assert.equal(service.asked.length, 2);
  await client.GET('/v1/inbox');
  await client.GET('/v1/inbox');
  const proofs = service.asked.filter(({ path }) => path === '/oauth/token').map(assertion);
  assert.equal(proofs.length, 4);
  assert.equal(new Set(proofs.map(({ claims }) => claims.jti)).size, 3);
  assert.equal(proofs[0]?.claims.aud, 'https://rapport.example.org');
});

test('a machine whose token was refused signs in again, and its sign-out ends the token there', async (context) => {
  const { privateKey } = await keyPair('EdDSA');
  const service = await fake(context, (number, { path }) => {
    if (path === '/oauth/token') return granted();
    if (path === '/oauth/revoke') return { status: 200 };
    return number === 2 ? problem(401, 'unauthenticated') : page();
  });
  const client = machine(service.baseUrl, { privateKey, algorithm: 'EdDSA', kid: 'k' });
  await client.GET('/v1/inbox');
  await client.session.signOut();
  await client.session.signOut();
  assert.deepEqual(
    service.asked.map(({ path }) => path),
    ['/oauth/token', '/v1/inbox', '/oauth/token', '/v1/inbox', '/oauth/revoke'],
  );
  const { form, claims } = assertion(service.asked[4]!);
  assert.deepEqual([form.get('token'), claims.iss], ['a', clientId]);
});

test('a key that is none is not quoted', async (context) => {
  const service = await fake(context, () => granted());
  const bad = [
    'marker',
    pem(Buffer.from('marker').buffer),
    { kty: 'EC', crv: 'P-384', d: 'marker', x: 'a', y: 'a' },
  ];
  for (const privateKey of bad) {
    const client = machine(service.baseUrl, { privateKey, algorithm: 'ES384', kid: 'k' });
    await assert.rejects(client.GET('/v1/inbox'), (error: Error) => {
      assert.ok(error instanceof TypeError && error.cause === undefined);
      return error.message.startsWith('the private key') && !error.message.includes('marker');
    });
  }
  assert.equal(service.asked.length, 0);
});
