import type { Migration } from 'kysely/migration';
import { createFirstTables, tellWindowsApart } from '../sqlite/first-tables.js';
import { moveIntoDefaultEnvironment } from '../sqlite/move-into-environment.js';
import { createPolicyTable } from './policy-table.js';

/**
 * Steps that every database takes, after those of its own. A released step is never edited; a new one follows
 * it. Every table has `environment` at the head of its keys, see `environment.ts`. Times, cursors and counts
 * are `bigint`: SQLite takes any name for its integers, others do not.
 */
const COMMON: Readonly<Record<string, Migration>> = {
  '004-policies': { up: createPolicyTable },
};

export const SQLITE_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': { up: createFirstTables },
  '002-windows': { up: tellWindowsApart },
  '003-environments': { up: moveIntoDefaultEnvironment },
  ...COMMON,
};
