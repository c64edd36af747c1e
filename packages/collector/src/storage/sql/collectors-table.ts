import type { Kysely } from 'kysely';

/** The collectors that share a database, and which of them each process is connected to. */
export async function createCollectorsTable({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('collectors')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('alive_until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('collectors_key', ['environment', 'id'])
    .execute();
  await schema.alterTable('agents').addColumn('collector', 'text').execute();
}
