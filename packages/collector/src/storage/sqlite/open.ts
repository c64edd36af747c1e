import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StartError } from '../../start-error.js';
import type { Storages } from '../contract/storages.js';
import { sqlAgents } from '../sql/agents.js';
import { sqlStorages, type AllTables } from '../sql/storages.js';
import { sqliteBackups } from './backup.js';
import { sqliteDialect } from './dialect.js';
import { openFolder } from './folder.js';
import { insertInto } from './insert-captures.js';
import { SQLITE_MIGRATIONS } from './migrations.js';
import { withoutOthers } from './without-others.js';

/**
 * Opens the database in `folder`, creating or migrating it as needed. The folder and the file are for
 * this user only, and for one collector at a time.
 * @throws {StartError} when another collector holds it, or it cannot be read.
 */
export async function openSqlite(folder: string): Promise<Storages> {
  const sqlite = openFolder(folder);
  const db = new Kysely<AllTables>({ dialect: sqliteDialect(sqlite) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => SQLITE_MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new StartError(`The database in ${folder} could not be brought to this version.`, { cause: error });
  }
  const storages = sqlStorages(db, {
    directory: { announce: async () => {}, listen: async () => async () => {} },
    environment: (id, scoped) => ({
      // There is one connection: nothing happens between the reads of a transaction.
      snapshot: (read) => scoped.transaction().execute(read),
      insertCaptures: insertInto(sqlite, id),
      expireCaptures: async (before) => before,
      ...withoutOthers(sqlAgents(scoped)),
    }),
  });
  return { ...storages, backup: sqliteBackups(sqlite, folder) };
}
