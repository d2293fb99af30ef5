import { isProblem } from '@rapport/client';

/** What a form says after a call that failed: a sentence for each field, and one for the rest. */
export function complaints(error: unknown): { fields: Map<string, string>; other?: string } {
  if (!isProblem(error)) throw error;
  const fields = new Map(error.errors.map(({ pointer, message }) => [pointer, message]));
  if (fields.size > 0) return { fields };
  if (error.retryable) return { fields, other: `Try again in ${error.retryAfter ?? 'a few'} seconds.` };
  return { fields, other: error.problem?.detail ?? 'It did not work.' };
}
