import type { StorageOptions } from '../../src/storage/open.ts';
import { IN_MEMORY } from '../../src/storage/sqlite/folder.ts';
import { freshDatabase } from './database.ts';

/** A PostgreSQL on which all tests run instead of on SQLite: every folder is a database there. */
const SERVER = process.env['DORMOUSE_TEST_DATABASE'];
const databases = new Map<string, string>();

/** Where a collector keeps what it is given a folder for. */
export async function storageOf(data: string): Promise<StorageOptions> {
  return SERVER === undefined ? { data } : { database: await databaseOf(SERVER, data) };
}

/** The same as flags of its program. */
export async function storageFlags(data: string): Promise<readonly string[]> {
  return Object.entries(await storageOf(data)).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function databaseOf(server: string, folder: string): Promise<string> {
  const known = folder === IN_MEMORY ? undefined : databases.get(folder);
  const database = known ?? (await freshDatabase(server));
  databases.set(folder, database);
  return database;
}
