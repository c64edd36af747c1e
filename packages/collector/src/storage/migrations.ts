import type { Migration } from 'kysely/migration';
import { createFirstTables, tellWindowsApart } from './first-tables.js';
import { moveIntoDefaultEnvironment } from './tables-of-environments.js';

/**
 * Every step that ever changed the tables, in order. A released step is never edited; a new one follows it.
 * Every table has `environment` at the head of its keys, see `environment.ts`. Times, cursors and counts
 * are `bigint`: SQLite takes any name for its integers, others do not.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': { up: createFirstTables },
  '002-windows': { up: tellWindowsApart },
  '003-environments': { up: moveIntoDefaultEnvironment },
};
