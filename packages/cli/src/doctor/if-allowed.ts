import { CollectorError } from '../failure.js';

/** An answer; undefined where the token may not have it: what it would have told is left out. */
export async function ifAllowed<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CollectorError && error.has('FORBIDDEN')) return undefined;
    throw error;
  }
}
