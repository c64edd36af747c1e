import type { Kysely } from 'kysely';

/** What may not be probed, is never shown, and is switched off: one row for everything, and for each service and process. */
export async function createPolicyTable({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('policies')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('policies_key', ['environment', 'scope'])
    .execute();
}
