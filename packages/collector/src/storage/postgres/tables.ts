import { sql, type Kysely } from 'kysely';
import { DAYS } from '../sql/days.js';
import { createCaptures, createTablesOfEnvironments } from '../sql/tables-of-environments.js';

/** The partition of `captures` for a day, see `dayOf`. */
export const partitionOf = (day: number): string => `captures_${day}`;

export async function createPostgresTables(db: Kysely<unknown>): Promise<void> {
  await createTablesOfEnvironments(db, 'bytea');
  await createCaptures(db, /* inPartitions: */ true);
  for (let day = 0; day < DAYS; day++) {
    const partition = sql.table(partitionOf(day));
    await sql`create table ${partition} partition of captures for values in (${sql.lit(day)})`.execute(db);
  }
}
