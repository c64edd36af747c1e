import type { Migration } from 'kysely/migration';
import { COMMON_MIGRATIONS } from '../sql/migrations.js';
import { createGuardedAudit } from './audit-tables.js';
import { createFirstTables, tellWindowsApart } from './first-tables.js';
import { moveIntoDefaultEnvironment } from './move-into-environment.js';

export const SQLITE_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': { up: createFirstTables },
  '002-windows': { up: tellWindowsApart },
  '003-environments': { up: moveIntoDefaultEnvironment },
  ...COMMON_MIGRATIONS,
  '009-audit': { up: createGuardedAudit },
};
