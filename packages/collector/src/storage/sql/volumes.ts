import { sql } from 'kysely';
import type { Kept } from '../contract/captures.js';
import type { Database, Queries } from './engine.js';
import type { CaptureRow } from './tables.js';

/**
 * Cursors of one block. What is kept is counted for blocks, so that neither retention nor anybody who wants to know goes
 * through all captures.
 */
export const BLOCK = 1_000;

export type Form = CaptureRow['is_window'];

const blockOf = (cursor: number): number => Math.floor(cursor / BLOCK);

/** The cursors of a block, both inclusive. */
export const cursorsOf = (block: number): readonly [first: number, last: number] => [
  block * BLOCK,
  (block + 1) * BLOCK - 1,
];

/** Counts captures that were inserted. */
export async function addToVolumes(queries: Queries, rows: readonly CaptureRow[]): Promise<void> {
  const volumes = new Map<string, { is_window: Form; block: number; captures: number; bytes: number }>();
  for (const { cursor, is_window, body } of rows) {
    const block = blockOf(cursor);
    const key = `${is_window} ${block}`;
    const volume = volumes.get(key) ?? { is_window, block, captures: 0, bytes: 0 };
    volumes.set(key, volume);
    volume.captures++;
    volume.bytes += Buffer.byteLength(body);
  }
  if (volumes.size === 0) return;
  await queries
    .insertInto('capture_volumes')
    .values([...volumes.values()])
    .onConflict((conflict) =>
      conflict.columns(['is_window', 'block']).doUpdateSet({
        captures: sql`capture_volumes.captures + excluded.captures`,
        bytes: sql`capture_volumes.bytes + excluded.bytes`,
      }),
    )
    .execute();
}

/** Counts one block again, of which some were deleted. @returns when the first arrived that is left in it; nothing where none is */
export async function countBlock(queries: Queries, form: Form, block: number): Promise<number | undefined> {
  const [first, last] = cursorsOf(block);
  const { captures, bytes, oldest } = await queries
    .selectFrom('captures')
    .select(({ fn }) => [
      sql<number>`count(*)`.as('captures'),
      sql<number>`coalesce(sum(octet_length(body)), 0)`.as('bytes'),
      fn.min('received_at').as('oldest'),
    ])
    .where('cursor', '>=', first)
    .where('cursor', '<=', last)
    .where('is_window', '=', form)
    .executeTakeFirstOrThrow();
  if (captures > 0) {
    await queries
      .updateTable('capture_volumes')
      .set({ captures, bytes })
      .where('is_window', '=', form)
      .where('block', '=', block)
      .execute();
  } else {
    await queries
      .deleteFrom('capture_volumes')
      .where('is_window', '=', form)
      .where('block', '=', block)
      .execute();
  }
  return oldest ?? undefined;
}

/** The blocks after one, in their order. */
export async function nextBlock(queries: Queries, form: Form, after: number): Promise<number | undefined> {
  const row = await queries
    .selectFrom('capture_volumes')
    .select('block')
    .where('is_window', '=', form)
    .where('block', '>', after)
    .orderBy('block')
    .limit(1)
    .executeTakeFirst();
  return row?.block;
}

export async function volumeOf(db: Database, form: Form): Promise<Kept> {
  const { count, bytes } = await db
    .selectFrom('capture_volumes')
    .select([
      sql<number>`cast(coalesce(sum(captures), 0) as bigint)`.as('count'),
      sql<number>`cast(coalesce(sum(bytes), 0) as bigint)`.as('bytes'),
    ])
    .where('is_window', '=', form)
    .executeTakeFirstOrThrow();
  const block = await nextBlock(db, form, -1);
  if (block === undefined) return { count, bytes };
  const oldest = await db
    .selectFrom('captures')
    .select('received_at')
    .where('cursor', '>=', cursorsOf(block)[0])
    .where('is_window', '=', form)
    .orderBy('cursor')
    .limit(1)
    .executeTakeFirst();
  return { count, bytes, ...(oldest !== undefined && { oldest: oldest.received_at }) };
}

/**
 * The newest capture that is beyond a number, or beyond the bytes of so many, counted from the newest.
 * @returns its cursor; 0 where there is none
 */
export async function cursorBeyond(
  db: Database,
  form: Form,
  measure: 'captures' | 'bytes',
  kept: number,
): Promise<number> {
  if (kept === Infinity) return 0;
  const totals = db
    .selectFrom('capture_volumes')
    .select([
      'block',
      measure,
      sql<number>`cast(sum(${sql.ref(measure)}) over (order by block desc) as bigint)`.as('total'),
    ])
    .where('is_window', '=', form);
  const crossing = await db
    .selectFrom(totals.as('totals'))
    .select(['block', sql<number>`total - ${sql.ref(measure)}`.as('newer')])
    .where('total', '>', kept)
    .orderBy('block', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (crossing === undefined) return 0;
  const [first, last] = cursorsOf(crossing.block);
  const rows = await db
    .selectFrom('captures')
    .select(['cursor', sql<number>`octet_length(body)`.as('bytes')])
    .where('cursor', '>=', first)
    .where('cursor', '<=', last)
    .where('is_window', '=', form)
    .orderBy('cursor', 'desc')
    .execute();
  let total = crossing.newer;
  return rows.find(({ bytes }) => (total += measure === 'bytes' ? bytes : 1) > kept)?.cursor ?? first - 1;
}
