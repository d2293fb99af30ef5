import { keyed } from './facts.js';

/** The header by which the service knows a repeated POST. */
export const idempotencyKeyHeader = 'Idempotency-Key';

/** Whether the service keeps the answer of this operation (`POST /v1/reports`) for its key. */
export function takesKey(operation: string): boolean {
  return keyed.has(operation);
}

/** A key for an intent that you keep yourself and may send again after a restart. */
export function newIdempotencyKey(): string {
  const bytes = new Uint8Array(16);
  // A key must be unique among its caller's, not secret: where the platform has no source (Node 18), this one does.
  // Not `randomUUID`: browsers have it on secure pages only.
  if (globalThis.crypto) globalThis.crypto.getRandomValues(bytes);
  else bytes.forEach((_, index) => (bytes[index] = Math.floor(Math.random() * 256)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
