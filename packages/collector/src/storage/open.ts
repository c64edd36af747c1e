import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from './contract/storage.js';
import type { EnvironmentId } from './sql/environment.js';
import { openSqlite } from './sqlite/open.js';

export const DEFAULT_DATA_FOLDER = join(homedir(), '.dormouse');

/** Where everything is kept. */
export interface StorageOptions {
  /** Folder of an embedded database, or `:memory:`. Default: {@link DEFAULT_DATA_FOLDER}. */
  readonly data?: string;
  /** Which environment of it is served. Default: the only one there is. */
  readonly environment?: EnvironmentId;
}

/** @throws {StartError} when it cannot be opened */
export async function openStorage({
  data = DEFAULT_DATA_FOLDER,
  environment,
}: StorageOptions): Promise<Storage> {
  return openSqlite(data, environment);
}
