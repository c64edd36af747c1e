import { sql } from 'kysely';
import type { Queries } from './database.js';

/** Takes `count` cursors, in the transaction that uses them; returns the first. */
export async function takeCursors(queries: Queries, count: number): Promise<number> {
  const { value } = await queries
    .updateTable('sequence')
    .set({ value: sql<number>`value + ${count}` })
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}

/** The last cursor given out: where a stream without a past begins. */
export async function lastCursor(queries: Queries): Promise<number> {
  const { value } = await queries.selectFrom('sequence').select('value').executeTakeFirstOrThrow();
  return value;
}
