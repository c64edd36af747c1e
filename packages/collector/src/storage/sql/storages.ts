import { sql, type Kysely } from 'kysely';
import type { EnvironmentId } from '../contract/directory/places.js';
import type { Storages } from '../contract/storages.js';
import { sqlDirectory } from './directory/directory.js';
import type { DirectoryEngine } from './directory/engine.js';
import type { DirectoryTables } from './directory/tables.js';
import type { Database, Engine } from './engine.js';
import { EnvironmentScope } from './environment.js';
import { sqlStorage } from './storage.js';
import type { Tables } from './tables.js';

/** What a database holds: the directory, and the tables of environments with their column `environment`. */
export type AllTables = Tables & DirectoryTables;

/** What the parts of a database need besides their tables. */
export interface Engines {
  readonly directory: Omit<DirectoryEngine, 'db'>;
  environment(id: EnvironmentId, scoped: Database): Omit<Engine, 'db'>;
}

/** The contract, kept by one SQL database. */
export const sqlStorages = (db: Kysely<AllTables>, engines: Engines): Storages => ({
  directory: sqlDirectory({ db: db as unknown as DirectoryEngine['db'], ...engines.directory }),

  environment(id) {
    const scoped = db.withPlugin(new EnvironmentScope(id)) as unknown as Database;
    return sqlStorage({ db: scoped, ...engines.environment(id, scoped) });
  },

  async ping() {
    await sql`select 1`.execute(db);
  },

  close: () => db.destroy(),
});
