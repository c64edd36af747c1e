import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Storages } from './contract/storages.js';
import { openSqlite } from './sqlite/open.js';

export const DEFAULT_DATA_FOLDER = join(homedir(), '.dormouse');

/** Where everything is kept. */
export interface StorageOptions {
  /** Folder of an embedded database, or `:memory:`. Default: {@link DEFAULT_DATA_FOLDER}. */
  readonly data?: string;
  /** Instead of `data`: the `postgres://` URL of a database that several collectors may share. */
  readonly database?: string;
}

/** @throws {StartError} when it cannot be opened */
export async function openStorages({
  data = DEFAULT_DATA_FOLDER,
  database,
}: StorageOptions): Promise<Storages> {
  if (database === undefined) return openSqlite(data);
  // Its driver is loaded when it is needed.
  const { openPostgres } = await import('./postgres/open.js');
  return openPostgres(database);
}
