import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuditPage, MintedToken } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreSqlite } from '../src/storage/sqlite/restore.ts';
import { openCollector, type TestCollector } from './support/collector.ts';

/** A backup has every tenant's evidence in it: who may have one. */

const isEmbedded = process.env['DORMOUSE_TEST_DATABASE'] === undefined;

async function backupBy({ url, api }: TestCollector, rights: object): Promise<Response> {
  const { secret } = await api.expect<MintedToken>('POST', '/tokens', { name: 'for a backup', ...rights });
  return fetch(`${url}/api/v1/backup`, { headers: { authorization: `Bearer ${secret}` } });
}

test.skipIf(!isEmbedded)('an admin of everything has it, and the audit trail says so', async () => {
  const collector = await openCollector();
  const response = await backupBy(collector, { place: '*', role: 'admin' });
  expect(response.status).toBe(200);
  const content = Buffer.from(await response.arrayBuffer());
  expect(content.length).toBe(Number(response.headers.get('content-length')));
  expect(content.toString('latin1', 0, 15)).toBe('SQLite format 3');
  const { records } = await collector.api.get<AuditPage>('/audit?chain=collector&operation=backUp');
  expect(records).toMatchObject([{ operation: 'backUp', outcome: 'ok', caller: { name: 'for a backup' } }]);
});

test.skipIf(!isEmbedded)('one is made after the other, and nothing of them is left', async () => {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-backups-'));
  try {
    const collector = await openCollector({ data });
    const files = readdirSync(data);
    const { secret } = await collector.api.expect<MintedToken>('POST', '/tokens', {
      name: 'for backups',
      place: '*',
      role: 'admin',
    });
    const ask = (): Promise<Response> =>
      fetch(`${collector.url}/api/v1/backup`, { headers: { authorization: `Bearer ${secret}` } });
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    await expect.poll(() => readdirSync(data)).toEqual(files);
    const again = await ask();
    expect(again.status).toBe(200);
    await again.arrayBuffer();
    await collector.close();
  } finally {
    rmSync(data, { recursive: true });
  }
});

test.each([
  ['an admin of an organisation', { place: 'default', role: 'admin' }],
  ['an admin of an environment', { place: 'default/default/default', role: 'admin' }],
  ['an admin of some services everywhere', { place: '*', role: 'admin', services: ['pay-*'] }],
  ['a debugger everywhere', { place: '*', role: 'debugger' }],
])('%s has none', async (_who, rights) => {
  const response = await backupBy(await openCollector(), rights);
  expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
});

describe.skipIf(!isEmbedded)('what cannot be restored is refused, and leaves nothing behind:', () => {
  let folder: string;
  let backup: string;
  let wrong: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dormouse-restore-'));
    backup = join(folder, 'backup.db');
    wrong = join(folder, 'wrong.db');
    const collector = await openCollector();
    const response = await backupBy(collector, { place: '*', role: 'admin' });
    writeFileSync(backup, Buffer.from(await response.arrayBuffer()));
    await collector.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[what: string, make: () => void, why: string]>([
    ['nothing', () => {}, 'could not be restored: ENOENT'],
    ['no database', () => writeFileSync(wrong, 'no database'), 'no backup of a collector, or it is damaged'],
    [
      'half a backup',
      () => truncateSync(wrong, statSync(wrong).size / 2),
      'no backup of a collector, or it is damaged',
    ],
    ['a database of others', () => makeOther(wrong), 'no backup of a collector, or it is damaged'],
    [
      'one of a newer version',
      () => makeNewer(wrong),
      'made by a newer version of the collector (it knows 999-later)',
    ],
  ])('%s', (what, make, why) => {
    if (what !== 'nothing') copyFileSync(backup, wrong);
    make();
    const data = join(folder, 'data');
    expect(() => restoreSqlite(wrong, data, /* replace: */ false)).toThrow(why);
    expect(readdirSync(data)).toEqual([]);
  });

  test('and what is whole is not', () => {
    const data = join(folder, 'data');
    expect(restoreSqlite(backup, data, /* replace: */ false)).toEqual({});
    expect(readdirSync(data)).toEqual(['collector.db']);
  });
});

function makeOther(file: string): void {
  rmSync(file);
  const database = new DatabaseSync(file);
  database.exec('create table captures (id text)');
  database.close();
}

function makeNewer(file: string): void {
  const database = new DatabaseSync(file);
  database.exec("insert into kysely_migration (name, timestamp) values ('999-later', '')");
  database.close();
}
