import type { Kysely, Transaction } from 'kysely';
import type { Directory } from '../../contract/directory/directory.js';
import type { DirectoryTables } from './tables.js';

export type DirectoryQueries = Kysely<DirectoryTables> | Transaction<DirectoryTables>;

/** A database as its directory sees it: all of it, and no environment's tables. */
export interface DirectoryEngine {
  readonly db: Kysely<DirectoryTables>;
  /** Tells other collectors that the directory has changed, once the transaction is through. */
  announce(queries: DirectoryQueries): Promise<void>;
  readonly listen: Directory['listen'];
}
