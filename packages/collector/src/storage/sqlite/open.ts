import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StartError } from '../../start-error.js';
import type { Storages } from '../contract/storages.js';
import { sqlAgents } from '../sql/agents.js';
import { sqlStorages, type AllTables } from '../sql/storages.js';
import { sqliteDialect } from './dialect.js';
import { insertInto } from './insert-captures.js';
import { SQLITE_MIGRATIONS } from './migrations.js';
import { withoutOthers } from './without-others.js';

/** Instead of a folder: everything is forgotten at the end. */
export const IN_MEMORY = ':memory:';

/** A predecessor that was just told to stop gets this long to let go of the files, ms. */
const LOCK_WAIT_MS = 3_000;

/**
 * Captures are written to five trees at once: with SQLite's own 2 MB of cache, and a checkpoint every 4 MB, it writes the same
 * pages again and again (15 µs of CPU for a capture of 1.3 KB, and 12 with these).
 */
const CACHE_KIB = 65_536;
const CHECKPOINT_PAGES = 10_000;

/**
 * Opens the database in `folder`, creating or migrating it as needed. The folder and the file are for
 * this user only, and for one collector at a time.
 * @throws {StartError} when another collector holds it, or it cannot be read.
 */
export async function openSqlite(folder: string): Promise<Storages> {
  const sqlite = openFile(folder);
  const db = new Kysely<AllTables>({ dialect: sqliteDialect(sqlite) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => SQLITE_MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new StartError(`The database in ${folder} could not be brought to this version.`, { cause: error });
  }
  return sqlStorages(db, {
    directory: { announce: async () => {}, listen: async () => async () => {} },
    environment: (id, scoped) => ({
      // There is one connection: nothing happens between the reads of a transaction.
      snapshot: (read) => scoped.transaction().execute(read),
      insertCaptures: insertInto(sqlite, id),
      expireCaptures: async (before) => before,
      ...withoutOthers(sqlAgents(scoped)),
    }),
  });
}

function openFile(folder: string): DatabaseSync {
  try {
    if (folder === IN_MEMORY) return new DatabaseSync(IN_MEMORY);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'collector.db');
    const sqlite = new DatabaseSync(file);
    // NORMAL survives the death of the process at any moment; a power cut may cost the last moments.
    sqlite.exec(`
      pragma busy_timeout = ${LOCK_WAIT_MS};
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma cache_size = -${CACHE_KIB};
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
    `);
    sqlite.exec('begin exclusive; commit;');
    chmodSync(file, 0o600);
    return sqlite;
  } catch (error) {
    throw new StartError(openFailure(folder, error), { cause: error });
  }
}

function openFailure(folder: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes('locked')
    ? `Another collector uses ${folder}. Stop it, or give this one a folder of its own with --data.`
    : `The data folder ${folder} cannot be used: ${message}. Choose another with --data.`;
}
