import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Client } from '../src/client/client.ts';
import { Dormouse, startCollectorOn, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

let folder: string;
let collector: RunningCollector;
let client: Client;
let service: ScriptedService;
let backup: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dormouse-backup-'));
  backup = join(folder, 'backup.db');
  collector = await startCollectorOn(['--data', join(folder, 'data')]);
  client = new Client({ url: collector.url, token: collector.adminToken });
  service = await ScriptedService.connect(collector, 'trades', '1111222233334444');
});
afterAll(async () => {
  await service.close();
  await collector.stop();
  rmSync(folder, { recursive: true });
});

let restored: RunningCollector | undefined;
afterEach(async () => {
  await restored?.stop();
  restored = undefined;
});

const everything = async (of: Client) => {
  const { captures } = await of.captures({ limit: 1_000 });
  return { captures, probes: await of.probes({}), policies: await of.policies() };
};

test('a backup that is made while captures arrive is restored to what was there', async () => {
  const created = await client.createProbe({
    kind: 'snapshot',
    service: 'trades',
    location: { file: 'risk.ts', line: 3 },
    limits: { hits: 100_000 },
  });
  const probe = await service.armed(created.id);
  await client.putPolicy('trades', { deny: ['#decrypt'] });
  const capture = (): void =>
    service.capture(probe, {
      locals: [{ key: 'amount', value: { type: 'string', value: 'x'.repeat(2_000) } }],
    });
  for (let hit = 0; hit < 300; hit += 1) capture();
  const stored = async () => (await client.probe(created.id)).hits;
  await expect.poll(stored).toBe(300);

  let more = 500;
  const arriving = setInterval(() => {
    if (more-- > 0) capture();
  }, 1);
  const made = await collector.start('backup', backup, '--json').finished;
  clearInterval(arriving);
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(made.out)).toEqual({ file: backup, bytes: statSync(backup).size });
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('backup'))).toEqual([]);
  expect(readFileSync(backup, 'latin1')).not.toContain(collector.adminToken);

  const before = await everything(client);
  const data = join(folder, 'restored');
  expect(await collector.start('restore', backup, '--data', data).finished).toMatchObject({
    code: 0,
    out: `Restored ${backup} into ${data}.\n`,
  });
  restored = await startCollectorOn(['--data', data]);
  const after = await everything(new Client({ url: restored.url, token: collector.adminToken }));
  expect(after.captures.length).toBeGreaterThanOrEqual(300);
  expect(after.captures).toEqual(before.captures.slice(0, after.captures.length));
  expect(after.probes).toMatchObject([{ id: created.id, hits: after.captures.length, state: 'active' }]);
  expect(after.policies.map(({ deny }) => deny)).toEqual(before.policies.map(({ deny }) => deny));
});

test('a file is not written over, nor a database, unless that is asked for', async () => {
  expect(await collector.start('backup', backup).finished).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force'),
  });
  expect(await collector.start('backup', backup, '--force').finished).toMatchObject({ code: 0 });

  const data = join(folder, 'restored');
  expect(await collector.start('restore', backup, '--data', data, '--json').finished).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^{"error":{"code":"CANNOT_START","message":".*--replace/),
  });
  const { code, out } = await collector.start('restore', backup, '--data', data, '--replace', '--json')
    .finished;
  expect(code).toBe(0);
  const { kept } = JSON.parse(out) as { kept: string };
  const former = new DatabaseSync(kept);
  expect(former.prepare('select count(*) as n from captures').get()).toEqual({ n: expect.any(Number) });
  former.close();
  expect(readdirSync(data)).toHaveLength(2);
});

test('nothing is restored while a collector uses the folder', async () => {
  const { code, err } = await collector.start('restore', backup, '--data', join(folder, 'data'), '--replace')
    .finished;
  expect(code).toBe(1);
  expect(err).toContain('Another collector uses');
  expect(await client.services()).toHaveLength(1);
});

test('only who may do everything everywhere may have it', async () => {
  const { code, err } = await new Dormouse(['backup', join(folder, 'none.db')], {
    DORMOUSE_URL: collector.url,
    DORMOUSE_ADMIN_TOKEN: collector.agentToken,
  }).finished;
  expect(code).toBe(1);
  expect(err).toContain('[FORBIDDEN]');
  expect(readdirSync(folder)).not.toContain('none.db');
});
