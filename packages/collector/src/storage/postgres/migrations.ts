import type { Migration } from 'kysely/migration';
import { COMMON_MIGRATIONS } from '../sql/migrations.js';
import { createGuardedAudit } from './audit-tables.js';
import { createPostgresTables } from './tables.js';

export const POSTGRES_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '003-environments': { up: createPostgresTables },
  ...COMMON_MIGRATIONS,
  '009-audit': { up: createGuardedAudit },
};
