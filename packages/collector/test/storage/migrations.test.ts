import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, onTestFinished, test } from 'vitest';
import { databaseFile } from '../../src/storage/sqlite/folder.ts';
import { SQLITE_MIGRATIONS } from '../../src/storage/sqlite/migrations.ts';
import { sqliteDialect } from '../../src/storage/sqlite/dialect.ts';
import { restoreSqlite } from '../../src/storage/sqlite/restore.ts';
import { startCollector } from '../../src/index.ts';
import { expectFirstVersion, fillFirstVersion } from './support/first-version.ts';

test('everything of the time before environments is in the default one', async () => {
  const db = new Kysely<unknown>({ dialect: sqliteDialect(new DatabaseSync(':memory:')) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => SQLITE_MIGRATIONS } });
  const query = async (text: string): Promise<unknown[]> => (await sql.raw(text).execute(db)).rows;

  await migrator.migrateTo('002-windows');
  const body = JSON.stringify({ at: (20 * 32 + 3.5) * 86_400_000 });
  for (const text of [
    `insert into tokens values ('admin', 'hash', 1)`,
    `update sequence set value = 42`,
    `insert into services values ('s', 1)`,
    `insert into builds values ('b', null, 1, 2, 3, 4, x'00ff', 5)`,
    `insert into service_builds values ('s', 'b', 6)`,
    `insert into agents values ('i', 's', '{}', 7, 8)`,
    `insert into probes values ('p', 's', 'ended', 'removed', 9, 10, 11, 12, '{}', '[]')`,
    `insert into reports values ('p', 'i', '{}')`,
    `insert into captures values (41, 'c', 'p', 's', 13, '${body}', 1)`,
  ]) {
    await query(text);
  }

  expect((await migrator.migrateTo('003-environments')).error).toBeUndefined();
  const all = (table: string): Promise<unknown[]> => query(`select * from ${table}`);
  const environment = 1;
  expect(await all('tokens')).toEqual([{ environment, role: 'admin', hash: 'hash', created_at: 1 }]);
  expect(await all('sequence')).toEqual([{ environment, value: 42 }]);
  expect(await all('services')).toEqual([{ environment, name: 's', first_seen: 1 }]);
  expect(await all('builds')).toEqual([
    {
      environment,
      id: 'b',
      commit_id: null,
      files: 1,
      functions: 2,
      points: 3,
      skipped: 4,
      manifest: Uint8Array.of(0, 255),
      received_at: 5,
    },
  ]);
  expect(await all('service_builds')).toEqual([{ environment, service: 's', build: 'b', last_seen: 6 }]);
  expect(await all('agents')).toEqual([
    { environment, instance: 'i', service: 's', identity: '{}', first_seen: 7, last_seen: 8 },
  ]);
  expect(await all('probes')).toEqual([
    {
      environment,
      id: 'p',
      service: 's',
      state: 'ended',
      end_cause: 'removed',
      created_at: 9,
      ended_at: 10,
      hits: 11,
      changed: 12,
      definition: '{}',
      unplaced: '[]',
    },
  ]);
  expect(await all('reports')).toEqual([{ environment, probe: 'p', instance: 'i', report: '{}' }]);
  expect(await all('captures')).toEqual([
    {
      environment,
      cursor: 41,
      id: 'c',
      day: 3,
      probe: 'p',
      service: 's',
      received_at: 13,
      is_window: 1,
      body,
    },
  ]);
  expect(await query(`select name from sqlite_master where name like 'former%'`)).toEqual([]);

  expect((await migrator.migrateTo('006-directory')).error).toBeUndefined();
  expect(await query('select id, parent, name from places order by id')).toEqual([
    { id: 1, parent: 3, name: 'default' },
    { id: 2, parent: 0, name: 'default' },
    { id: 3, parent: 2, name: 'default' },
  ]);
  expect(await query('select id, kind, place, role, hash, created_at from tokens')).toEqual([
    { id: 'admin', kind: 'api', place: 0, role: 'admin', hash: 'hash', created_at: 1 },
  ]);
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  await db.destroy();
});

test('a collector finds all that one of the first version has left, in its folder or in a backup', async () => {
  const data = await mkdtemp(join(tmpdir(), 'dormouse-first-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const db = new Kysely<unknown>({ dialect: sqliteDialect(new DatabaseSync(databaseFile(data))) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => SQLITE_MIGRATIONS } });
  expect((await migrator.migrateTo('001-first')).error).toBeUndefined();
  await fillFirstVersion({
    run: (statement) => sql.raw(statement).execute(db),
    hasEnvironments: false,
    bytes: (hex) => `x'${hex}'`,
  });
  await db.destroy();
  const restored = join(data, 'restored');
  expect(restoreSqlite(databaseFile(data), restored, /* replace: */ false)).toEqual({});
  for (const folder of [data, data, restored]) {
    const collector = await startCollector({ port: 0, data: folder, logLevel: 'silent' });
    await expectFirstVersion(collector.url);
    await collector.close();
  }
});
