import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Dormouse, startCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

test('a snapshot and a tail wait through a restart of the collector', async () => {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-cli-'));
  const first = await startCollector(data);
  const { port } = new URL(first.url);
  const environment = { DORMOUSE_URL: first.url, DORMOUSE_ADMIN_TOKEN: first.adminToken };
  const before = await ScriptedService.connect(first, 'trades', '1111222233334444');

  const tail = new Dormouse(['tail'], environment);
  await tail.printed(/Following/);
  const snapshot = new Dormouse(['snapshot', 'risk.ts:3', '--timeout', '30s'], environment);
  const { id } = await before.armed();
  await snapshot.printed(/places a snapshot/);
  await first.stop();
  await tail.printed(/The collector is away/);

  const second = await startCollector(data, port);
  const after = await ScriptedService.connect(second, 'trades', '5555666677778888');
  after.capture(await after.armed(id), { locals: [{ key: 'amount', value: { type: 'number', value: 7 } }] });
  expect(await snapshot.finished).toMatchObject({
    code: 0,
    out: expect.stringContaining('amount  number  7'),
  });
  await tail.printed(/amount {2}number {2}7/);
  expect((await tail.kill('SIGINT')).code).toBe(0);
  await after.close();
  await second.stop();
  rmSync(data, { recursive: true });
});
