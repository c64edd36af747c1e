import { sql, type Kysely } from 'kysely';
import { BLOCK } from './volumes.js';

/** How many captures there are and how large, in blocks; in its place goes the index by which that was counted. */
export async function createVolumes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('capture_volumes')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('is_window', 'integer', (column) => column.notNull())
    .addColumn('block', 'bigint', (column) => column.notNull())
    .addColumn('captures', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('capture_volumes_key', ['environment', 'is_window', 'block'])
    .execute();
  await sql`
    insert into capture_volumes (environment, is_window, block, captures, bytes)
    select environment, is_window, cursor / ${sql.lit(BLOCK)}, count(*), sum(octet_length(body))
    from captures
    group by environment, is_window, cursor / ${sql.lit(BLOCK)}`.execute(db);
  await db.schema.dropIndex('captures_by_form').execute();
}
