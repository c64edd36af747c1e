import type { Kysely, Transaction } from 'kysely';
import type { Announcements, Topic } from '../contract/announcements.js';
import type { PresenceStore } from '../contract/presence.js';
import type { CaptureRow, Tables } from './tables.js';

/** A database as one environment sees it. */
export type Database = Kysely<Tables>;

/** A database, or a transaction on it. */
export type Queries = Database | Transaction<Tables>;

/** What is not the same in every SQL database. */
export interface Engine {
  readonly db: Database;
  /** Several reads that see one moment. */
  snapshot<Result>(read: (queries: Queries) => Promise<Result>): Promise<Result>;
  /**
   * Inserts captures that are not there yet: the one statement that all evidence passes, as fast as the database has it.
   * @returns those that were inserted
   */
  insertCaptures(queries: Queries, rows: readonly CaptureRow[]): Promise<readonly CaptureRow[]>;
  /**
   * Deletes what it can delete at once of captures that arrived before a moment, ms since 1970.
   * @returns the moment before which they remain to be deleted one by one
   */
  expireCaptures(before: number): Promise<number>;
  /** Tells other collectors what has changed, once the transaction is through. */
  announce(queries: Queries, topic: Topic): Promise<void>;
  readonly announcements: Announcements;
  readonly presence: PresenceStore;
}
