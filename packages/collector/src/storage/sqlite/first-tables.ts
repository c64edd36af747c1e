import type { Kysely } from 'kysely';

/** What version 0.1 began with: one environment, and SQLite only. */
export async function createFirstTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;

  await schema
    .createTable('tokens')
    .addColumn('role', 'text', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .execute();

  await schema
    .createTable('sequence')
    .addColumn('value', 'integer', (column) => column.notNull())
    .execute();
  await (db as Kysely<{ sequence: { value: number } }>).insertInto('sequence').values({ value: 0 }).execute();

  await schema
    .createTable('services')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('first_seen', 'integer', (column) => column.notNull())
    .execute();

  await schema
    .createTable('builds')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('commit_id', 'text')
    .addColumn('files', 'integer', (column) => column.notNull())
    .addColumn('functions', 'integer', (column) => column.notNull())
    .addColumn('points', 'integer', (column) => column.notNull())
    .addColumn('skipped', 'integer', (column) => column.notNull())
    .addColumn('manifest', 'blob', (column) => column.notNull())
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .execute();

  await schema
    .createTable('service_builds')
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('build', 'text', (column) => column.notNull())
    .addColumn('last_seen', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('service_builds_key', ['service', 'build'])
    .execute();

  await schema
    .createTable('agents')
    .addColumn('instance', 'text', (column) => column.primaryKey())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('identity', 'text', (column) => column.notNull())
    .addColumn('first_seen', 'integer', (column) => column.notNull())
    .addColumn('last_seen', 'integer', (column) => column.notNull())
    .execute();

  await schema
    .createTable('probes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('end_cause', 'text')
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'integer')
    .addColumn('hits', 'integer', (column) => column.notNull())
    .addColumn('changed', 'integer', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('unplaced', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('probes_by_change').on('probes').column('changed').execute();
  await schema.createIndex('probes_by_state').on('probes').columns(['state', 'ended_at']).execute();

  await schema
    .createTable('reports')
    .addColumn('probe', 'text', (column) => column.notNull())
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('report', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('reports_key', ['probe', 'instance'])
    .execute();

  await schema
    .createTable('captures')
    .addColumn('cursor', 'integer', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('probe', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('captures_by_probe').on('captures').columns(['probe', 'cursor']).execute();
  await schema.createIndex('captures_by_service').on('captures').columns(['service', 'cursor']).execute();
}

export async function tellWindowsApart({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('captures')
    .addColumn('is_window', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.createIndex('captures_by_form').on('captures').columns(['is_window', 'cursor']).execute();
}
