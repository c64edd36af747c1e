import { sql, type ColumnBuilderCallback, type CreateTableBuilder, type Kysely } from 'kysely';

const required: ColumnBuilderCallback = (column) => column.notNull();

/** A table of many environments. `key` is its primary key beside `environment`. */
function createTable(
  { schema }: Kysely<unknown>,
  name: string,
  key: readonly string[],
): CreateTableBuilder<string, string> {
  const table: CreateTableBuilder<string, string> = schema.createTable(name);
  return table
    .addColumn('environment', 'integer', required)
    .addPrimaryKeyConstraint(`${name}_key`, ['environment', ...key]);
}

/** The tables as they are since environments are kept apart. @param bytes the type of columns with bytes */
export async function createTablesOfEnvironments(
  db: Kysely<unknown>,
  bytes: 'blob' | 'bytea',
): Promise<void> {
  await createTable(db, 'tokens', ['role'])
    .addColumn('role', 'text', required)
    .addColumn('hash', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute();

  await createTable(db, 'sequence', []).addColumn('value', 'bigint', required).execute();

  await createTable(db, 'services', ['name'])
    .addColumn('name', 'text', required)
    .addColumn('first_seen', 'bigint', required)
    .execute();

  await createTable(db, 'builds', ['id'])
    .addColumn('id', 'text', required)
    .addColumn('commit_id', 'text')
    .addColumn('files', 'integer', required)
    .addColumn('functions', 'integer', required)
    .addColumn('points', 'integer', required)
    .addColumn('skipped', 'integer', required)
    .addColumn('manifest', bytes, required)
    .addColumn('received_at', 'bigint', required)
    .execute();

  await createTable(db, 'service_builds', ['service', 'build'])
    .addColumn('service', 'text', required)
    .addColumn('build', 'text', required)
    .addColumn('last_seen', 'bigint', required)
    .execute();

  await createTable(db, 'agents', ['instance'])
    .addColumn('instance', 'text', required)
    .addColumn('service', 'text', required)
    .addColumn('identity', 'text', required)
    .addColumn('first_seen', 'bigint', required)
    .addColumn('last_seen', 'bigint', required)
    .execute();

  await createTable(db, 'probes', ['id'])
    .addColumn('id', 'text', required)
    .addColumn('service', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('end_cause', 'text')
    .addColumn('created_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addColumn('hits', 'bigint', required)
    .addColumn('changed', 'bigint', required)
    .addColumn('definition', 'text', required)
    .addColumn('unplaced', 'text', required)
    .execute();
  await createIndex(db, 'probes', 'change', ['changed']);
  await createIndex(db, 'probes', 'state', ['state', 'ended_at']);

  await createTable(db, 'reports', ['probe', 'instance'])
    .addColumn('probe', 'text', required)
    .addColumn('instance', 'text', required)
    .addColumn('report', 'text', required)
    .execute();
}

/** The captures, in one table or, `inPartitions`, in one of each day. */
export async function createCaptures(db: Kysely<unknown>, inPartitions: boolean): Promise<void> {
  const table = createTable(db, 'captures', ['id', 'day'])
    .addColumn('cursor', 'bigint', required)
    .addColumn('id', 'text', required)
    .addColumn('day', 'integer', required)
    .addColumn('probe', 'text', required)
    .addColumn('service', 'text', required)
    .addColumn('received_at', 'bigint', required)
    .addColumn('is_window', 'integer', required)
    .addColumn('body', 'text', required);
  await (inPartitions ? table.modifyEnd(sql`partition by list (day)`) : table).execute();
  await createIndex(db, 'captures', 'cursor', ['cursor']);
  await createIndex(db, 'captures', 'probe', ['probe', 'cursor']);
  await createIndex(db, 'captures', 'service', ['service', 'cursor']);
  await createIndex(db, 'captures', 'form', ['is_window', 'cursor']);
}

async function createIndex(
  { schema }: Kysely<unknown>,
  table: string,
  name: string,
  columns: readonly string[],
): Promise<void> {
  await schema
    .createIndex(`${table}_by_${name}`)
    .on(table)
    .columns(['environment', ...columns])
    .execute();
}
