import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.js';

/** A database as one environment sees it. */
export type Database = Kysely<Tables>;

/** A database, or a transaction on it. */
export type Queries = Database | Transaction<Tables>;

/** What is not the same in every SQL database. */
export interface Engine {
  readonly db: Database;
  /** Several reads that see one moment. */
  snapshot<Result>(read: (queries: Queries) => Promise<Result>): Promise<Result>;
}
