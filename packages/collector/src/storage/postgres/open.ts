import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { CompiledQuery, Kysely, PostgresDialect, sql, type DatabaseConnection } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { Pool, types, type DatabaseError } from 'pg';
import { StartError } from '../../start-error.js';
import { EVERYWHERE } from '../contract/directory/places.js';
import type { Storages } from '../contract/storages.js';
import type { Engine } from '../sql/engine.js';
import { sqlStorages, type AllTables } from '../sql/storages.js';
import { announce, postgresAnnouncements } from './announcements.js';
import { expireCaptures } from './expire-captures.js';
import { insertInto } from './insert-captures.js';
import { POSTGRES_MIGRATIONS } from './migrations.js';
import { preparing } from './prepared.js';
import { postgresPresence } from './presence.js';

/** The oldest PostgreSQL this is tested with. */
const OLDEST_VERSION = 15;
/** Connections of one collector. */
const CONNECTIONS = 10;
/** Time to connect, ms. */
const CONNECT_WITHIN_MS = 5_000;
/** After so much silence the network is asked whether there still is somebody, ms. */
const KEEP_ALIVE_MS = 10_000;
/** What one collector has locked when its machine stops keeps others from storing for so long, ms: less than agents wait. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** A connection is kept for so long while nobody uses it, ms: a new one first has to learn of all partitions. */
const KEEP_FOR_MS = 600_000;
/** PostgreSQL’s code of a table that is not there: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNDEFINED_TABLE = '42P01';

/**
 * Opens the database at a `postgres://` URL, creating or migrating its tables as needed. Any number of
 * collectors may share it.
 * @throws {StartError} when it cannot be reached or used
 */
export async function openPostgres(url: string): Promise<Storages> {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    idleTimeoutMillis: KEEP_FOR_MS,
    application_name: 'dormouse',
    types: { getTypeParser },
  });
  // A connection that breaks is replaced, and whoever waits for it hears of it; nobody else needs to.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<AllTables>({
    dialect: new PostgresDialect({ pool: preparing(pool), onCreateConnection: setUp }),
  });
  try {
    await requireVersion(db);
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw asStartError(url, error);
  }
  const collector = randomUUID();
  const announcements = postgresAnnouncements(url, collector);
  return sqlStorages(db, {
    directory: {
      announce: (queries) => announce(queries, EVERYWHERE, collector, 'directory'),
      listen: (changed) => announcements(EVERYWHERE).listen(changed),
    },
    environment(id, scoped) {
      const announceHere: Engine['announce'] = (queries, topic) => announce(queries, id, collector, topic);
      return {
        snapshot: (read) =>
          scoped.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read),
        insertCaptures: insertInto(id),
        expireCaptures: (before) => expireCaptures(db, before),
        announce: announceHere,
        announcements: announcements(id),
        presence: postgresPresence({ db: scoped, announce: announceHere }, collector),
      };
    },
  });
}

/**
 * Every statement finds its rows by an index, whatever its values: a plan that is made once is as good as one for each time. And
 * none is worth compiling; PostgreSQL would think so, because a plan for any number of rows looks expensive.
 */
const SETTINGS = `
  set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
  set plan_cache_mode = force_generic_plan;
  set jit = off`;

/** Statements and not parameters of the connection, which poolers refuse. Where they fail so will the query it is for. */
const setUp = async (connection: DatabaseConnection): Promise<void> => {
  await connection.executeQuery(CompiledQuery.raw(SETTINGS)).catch(() => {});
};

/** Counts, cursors and times are whole numbers far below 2 ** 53. */
const getTypeParser = ((oid: number, format?: 'text') =>
  oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser;

async function requireVersion(db: Kysely<AllTables>): Promise<void> {
  const { rows } = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= OLDEST_VERSION) return;
  throw new StartError(`The database is PostgreSQL ${version}. Use ${OLDEST_VERSION} or newer.`);
}

/** Collectors that start together wait for each other: the migrator takes a lock. */
async function migrate(db: Kysely<AllTables>): Promise<void> {
  if (await isMigrated(db)) return;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => POSTGRES_MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Whether the migrator, which locks and looks at every table first, would find exactly what it wants. */
async function isMigrated(db: Kysely<AllTables>): Promise<boolean> {
  try {
    const table = sql.table(DEFAULT_MIGRATION_TABLE);
    const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
    return isDeepStrictEqual(
      new Set(rows.map(({ name }) => name)),
      new Set(Object.keys(POSTGRES_MIGRATIONS)),
    );
  } catch (error) {
    if ((error as DatabaseError).code === UNDEFINED_TABLE) return false;
    throw error;
  }
}

function asStartError(url: string, error: unknown): StartError {
  if (error instanceof StartError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StartError(`The database ${withoutPassword(url)} cannot be used: ${message}.`, { cause: error });
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'of --database';
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return shown.href;
}
