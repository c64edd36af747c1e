import { sql } from 'kysely';
import type { Queries } from './engine.js';

/**
 * Takes `count` cursors and returns the first. Must be the first thing a transaction writes: the row is locked until
 * it ends, so that transactions with cursors come one after the other. A reader who sees a cursor
 * therefore sees all before it, and no two writers wait for each other.
 */
export async function takeCursors(queries: Queries, count: number): Promise<number> {
  const { value } = await queries
    .insertInto('sequence')
    .values({ value: count })
    .onConflict((conflict) => conflict.columns([]).doUpdateSet({ value: sql`sequence.value + ${count}` }))
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}

/** The last cursor given out; 0 before the first. */
export async function lastCursor(queries: Queries): Promise<number> {
  const row = await queries.selectFrom('sequence').select('value').executeTakeFirst();
  return row?.value ?? 0;
}
