import { DatabaseSync } from 'node:sqlite';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { startPostgres, type Postgres } from '../../../../scripts/lib/postgres.ts';
import { createGuardedAudit as createInPostgres } from '../../src/storage/postgres/audit-tables.ts';
import { sqlAudit } from '../../src/storage/sql/directory/audit.ts';
import type { DirectoryTables } from '../../src/storage/sql/directory/tables.ts';
import { createGuardedAudit as createInSqlite } from '../../src/storage/sqlite/audit-tables.ts';
import { sqliteDialect } from '../../src/storage/sqlite/dialect.ts';
import { describeAudit, type AuditDatabase } from './support/audit.ts';

const TABLES = ['audit_records', 'audit_chains', 'audit_checkpoints', 'audit_pending'];

function databaseOf(db: Kysely<DirectoryTables>): Pick<AuditDatabase, 'store' | 'query'> {
  const store = sqlAudit({ db, announce: async () => {}, listen: async () => async () => {} });
  return { store, query: async (text) => (await sql.raw(text).execute(db)).rows };
}

describe('SQLite', () => {
  describeAudit(async () => {
    const db = new Kysely<DirectoryTables>({ dialect: sqliteDialect(new DatabaseSync(':memory:')) });
    await createInSqlite(db as Kysely<unknown>);
    const { store, query } = databaseOf(db);
    return {
      store,
      query,
      async disarm() {
        const triggers = (await query(`select name from sqlite_master where type = 'trigger'`)) as {
          name: string;
        }[];
        for (const { name } of triggers) await query(`drop trigger ${name}`);
      },
      close: () => db.destroy(),
    };
  });
});

describe('PostgreSQL', () => {
  let postgres: Postgres;
  let db: Kysely<DirectoryTables>;

  beforeAll(async () => {
    postgres = await startPostgres();
    types.setTypeParser(types.builtins.INT8, Number);
    db = new Kysely<DirectoryTables>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: postgres.url }) }),
    });
    await createInPostgres(db as Kysely<unknown>);
  });

  afterAll(async () => {
    await db.destroy();
    await postgres.stop();
  });

  describeAudit(async () => {
    const { store, query } = databaseOf(db);
    const triggers = async (state: 'enable' | 'disable'): Promise<void> => {
      for (const table of TABLES) await query(`alter table ${table} ${state} trigger all`);
    };
    return { store, query, disarm: () => triggers('disable'), close: () => triggers('enable') };
  });
});
