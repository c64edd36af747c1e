import type { Kysely } from 'kysely';

/** Saved requests of probes, every version of each. */
export async function createTemplateTable({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('templates')
    .addColumn('environment', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('templates_key', ['environment', 'name', 'version'])
    .execute();
}
