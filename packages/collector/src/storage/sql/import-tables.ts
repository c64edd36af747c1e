import type { ColumnBuilderCallback, Kysely } from 'kysely';

const required: ColumnBuilderCallback = (column) => column.notNull();

/** Captures from files, apart from those of processes. */
export async function createImportTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('imports')
    .addColumn('environment', 'integer', required)
    .addColumn('id', 'text', required)
    .addColumn('begun_at', 'bigint', required)
    .addColumn('view', 'text')
    .addPrimaryKeyConstraint('imports_key', ['environment', 'id'])
    .execute();

  await schema
    .createTable('imported_captures')
    .addColumn('environment', 'integer', required)
    .addColumn('import', 'text', required)
    .addColumn('number', 'integer', required)
    .addColumn('probe', 'text', required)
    .addColumn('service', 'text', required)
    .addColumn('received_at', 'bigint', required)
    .addColumn('body', 'text', required)
    .addPrimaryKeyConstraint('imported_captures_key', ['environment', 'import', 'number'])
    .execute();
}
