import { sql, type ColumnBuilderCallback, type CreateTableBuilder, type Kysely } from 'kysely';
import { DEFAULT_ENVIRONMENT } from './environment.js';

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

/** Columns of the tables that SQLite had before, in the order in which they are copied. */
const FORMER: Readonly<Record<string, string>> = {
  tokens: 'role, hash, created_at',
  sequence: 'value',
  services: 'name, first_seen',
  builds: 'id, commit_id, files, functions, points, skipped, manifest, received_at',
  service_builds: 'service, build, last_seen',
  agents: 'instance, service, identity, first_seen, last_seen',
  probes: 'id, service, state, end_cause, created_at, ended_at, hits, changed, definition, unplaced',
  reports: 'probe, instance, report',
};

const FORMER_INDICES = [
  'probes_by_change',
  'probes_by_state',
  'captures_by_probe',
  'captures_by_service',
  'captures_by_form',
];

/** SQLite cannot change a key: everything is copied. */
export async function moveIntoDefaultEnvironment(db: Kysely<unknown>): Promise<void> {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  for (const index of FORMER_INDICES) await run(`drop index ${index}`);
  for (const table of [...Object.keys(FORMER), 'captures']) {
    await run(`alter table ${table} rename to former_${table}`);
  }
  await createTablesOfEnvironments(db, 'blob');
  await createCaptures(db, /* inPartitions: */ false);
  for (const [table, columns] of Object.entries(FORMER)) {
    await run(
      `insert into ${table} (environment, ${columns}) select ${DEFAULT_ENVIRONMENT}, ${columns} from former_${table}`,
    );
  }
  const columns = 'cursor, id, probe, service, received_at, is_window, body';
  await run(
    `insert into captures (environment, day, ${columns})
       select ${DEFAULT_ENVIRONMENT}, cast(json_extract(body, '$.at') / 86400000 as integer), ${columns}
       from former_captures`,
  );
  for (const table of [...Object.keys(FORMER), 'captures']) await run(`drop table former_${table}`);
}
