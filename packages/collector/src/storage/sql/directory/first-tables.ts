import { sql, type CreateTableBuilder, type ColumnBuilderCallback, type Kysely } from 'kysely';
import { DEFAULT_ENVIRONMENT, EVERYWHERE } from '../../contract/directory/places.js';

const required: ColumnBuilderCallback = (column) => column.notNull();

const DEFAULT_ORGANISATION = 2;
const DEFAULT_PROJECT = 3;

/** The two tokens of the default environment, as they were: everything for people, the agents' door for agents. */
const FORMER_TOKENS = {
  admin: {
    kind: 'api',
    name: 'admin token',
    place: EVERYWHERE,
    role: 'admin',
    grants: '["values","agent-expressions","raise-limits"]',
  },
  agent: { kind: 'agent', name: 'agent token', place: DEFAULT_ENVIRONMENT, role: 'viewer', grants: '[]' },
} as const;

const withBinding = (table: CreateTableBuilder<string, string>): CreateTableBuilder<string, string> =>
  table
    .addColumn('place', 'integer', required)
    .addColumn('role', 'text', required)
    .addColumn('grants', 'text', required)
    .addColumn('services', 'text', required)
    .addColumn('elevation', 'text');

/** Who may do what where. What there was is of the environment `default/default/default`. */
export async function createDirectory(db: Kysely<unknown>): Promise<void> {
  await createPlaces(db);
  await createTokens(db);
  await withBinding(
    db.schema
      .createTable('bindings')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', required)
      .addColumn('created_at', 'bigint', required),
  ).execute();
  await db.schema.createIndex('bindings_by_user').on('bindings').column('user_id').execute();
  await db.schema
    .createTable('elevations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('subject_kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('environment', 'integer', required)
    .addColumn('role', 'text', required)
    .addColumn('grants', 'text', required)
    .addColumn('reason', 'text', required)
    .addColumn('started_at', 'bigint', required)
    .addColumn('ends_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('elevations_by_end').on('elevations').column('ends_at').execute();
}

async function createPlaces(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('places')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('parent', 'integer', required)
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('places_by_name', ['parent', 'name'])
    .execute();
  for (const [id, parent] of [
    [DEFAULT_ORGANISATION, EVERYWHERE],
    [DEFAULT_PROJECT, DEFAULT_ORGANISATION],
    [DEFAULT_ENVIRONMENT, DEFAULT_PROJECT],
  ]) {
    await sql`insert into places (id, parent, name, created_at) values (${id}, ${parent}, 'default', 0)`.execute(
      db,
    );
  }
  await db.schema
    .createTable('abandoned_environments')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .execute();
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('tokens').renameTo('former_tokens').execute();
  await withBinding(
    db.schema
      .createTable('tokens')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('owner', 'text')
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('former_hash', 'text')
      .addColumn('former_until', 'bigint')
      .addColumn('created_at', 'bigint', required)
      .addColumn('expires_at', 'bigint')
      .addColumn('used_at', 'bigint'),
  ).execute();
  await db.schema.createIndex('tokens_by_former_hash').on('tokens').column('former_hash').execute();
  for (const [id, { kind, name, place, role, grants }] of Object.entries(FORMER_TOKENS)) {
    await sql`
      insert into tokens (id, kind, name, hash, created_at, place, role, grants, services)
      select ${id}, ${kind}, ${name}, hash, created_at, ${place}, ${role}, ${grants}, '[]'
      from former_tokens where environment = ${DEFAULT_ENVIRONMENT} and role = ${id}`.execute(db);
  }
  await db.schema.dropTable('former_tokens').execute();
}
