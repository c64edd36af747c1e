import type { Kysely } from 'kysely';

/** Texts of sources, for builds that publish them. */
export async function createSourceTable({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('sources')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sources_key', ['environment', 'hash'])
    .execute();
}
