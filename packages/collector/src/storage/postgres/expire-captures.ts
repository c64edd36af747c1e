import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { Tables } from '../sql/tables.js';
import { DAY_MS, DAYS } from '../sql/days.js';
import { partitionOf } from './tables.js';

/** Others who read or write wait at most so long for a partition to be emptied; then it is tried again a minute later. */
const LOCK_WITHIN_MS = 1_000;

/**
 * Empties every partition in which nothing arrived since a moment: at once, however much there is. What is
 * older and shares its partition with newer captures has a day to be alone; then it is for others to delete.
 * @param db all environments
 */
export async function expireCaptures(db: Kysely<Tables>, before: number): Promise<number> {
  for (let day = 0; day < DAYS; day++) {
    const partition = sql.table(partitionOf(day));
    if ((await isExpired(db, partition, before)) && !(await hasAny(db, partition, before)))
      await emptyPartition(db, partition, before);
  }
  return before - DAY_MS;
}

async function emptyPartition(
  db: Kysely<Tables>,
  partition: RawBuilder<unknown>,
  before: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`set local lock_timeout = ${sql.lit(LOCK_WITHIN_MS)}`.execute(transaction);
    await sql`lock table ${partition} in access exclusive mode`.execute(transaction);
    // Something may have arrived before the lock.
    if (await isExpired(transaction, partition, before)) {
      await sql`truncate table ${partition}`.execute(transaction);
    }
  });
}

/**
 * Whether anything arrived since a moment, whatever its cursor: a collector whose clock is behind may have stored the newest. It
 * looks at everything, which is done before the lock and, where clocks agree, once.
 */
async function hasAny(db: Kysely<Tables>, partition: RawBuilder<unknown>, since: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from ${partition} where received_at >= ${since}) as found`.execute(db);
  return rows[0]?.found === true;
}

/** Whether it has captures, and the newest of every environment arrived before a moment. An index knows those. */
async function isExpired(
  db: Kysely<Tables> | Transaction<Tables>,
  partition: RawBuilder<unknown>,
  before: number,
): Promise<boolean> {
  const { rows } = await sql<{ newest: number | null }>`
    select max(newest.received_at) as newest
    from sequence
    cross join lateral (
      select received_at from ${partition} as captures
      where captures.environment = sequence.environment
      order by cursor desc
      limit 1
    ) as newest`.execute(db);
  const newest = rows[0]?.newest;
  return typeof newest === 'number' && newest < before;
}
