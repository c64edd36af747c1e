import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { CaptureView, ImportDetails, ProbeView } from '@dormouse/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

let collector: RunningCollector;
let service: ScriptedService;
let folder: string;
let captures: readonly CaptureView[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dormouse-captures-'));
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', '1111222233334444');
  const probe = await collector.json<ProbeView>('log', 'risk.ts:3', 'costs {amount}');
  const command = await service.armed(probe.id);
  for (const amount of [1, 250]) {
    const value = { type: 'number', value: amount } as const;
    service.capture(command, { message: `costs ${amount}\u001b[2J`, locals: [{ key: 'amount', value }] });
  }
  captures = await vi.waitFor(async () => {
    const stored = (await list()).captures;
    expect(stored).toHaveLength(2);
    return stored;
  }, 20_000);
});
afterAll(async () => {
  await service.close();
  await collector.stop();
  rmSync(folder, { recursive: true });
});

const list = (...args: string[]): Promise<{ captures: CaptureView[] }> =>
  collector.json('captures', ...args, '--oldest');

test('a search is for conditions on values, and tells how far it looked', async () => {
  const { code, out, err } = await collector.run(
    'captures',
    'search',
    'amount > 100',
    '--service',
    'trades',
    '--from',
    '1h',
  );
  expect(code).toBe(0);
  expect(out).toContain('costs 250\\x1b[2J');
  expect(out).not.toContain('costs 1');
  expect(err).toBe('2 captures looked at.\n');
  expect((await list('search', '--text', 'COSTS 1')).captures).toHaveLength(1);
  const wrong = await collector.run('captures', 'search', 'amount over 100');
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('amount over 100\n');
  expect(wrong.err).toMatch(/^ {2,}\^/mu);
});

test('two captures are compared', async () => {
  const ids = captures.map(({ id }) => id);
  const { out } = await collector.run('captures', 'diff', ...ids);
  expect(out).toMatch(/^≠ {2}amount +1 +250$/mu);
  expect(out).toMatch(/^≠ {2}message +"costs 1\\u001b\[2J" +"costs 250\\u001b\[2J"$/mu);
  expect(await collector.json('captures', 'diff', ...ids)).toMatchObject({ more: 0, differences: [{}, {}] });
  expect((await collector.run('captures', 'diff', ids[0]!)).code).toBe(2);
});

test('captures go into a file and come back as what they are', async () => {
  const path = join(folder, 'evidence.jsonl.gz');
  const { code, err } = await collector.run('captures', 'export', path, 'amount > 100');
  expect([code, err]).toEqual([0, '1 capture written.\n']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(gunzipSync(readFileSync(path)).toString()).toMatch(
    /^\{"format":"dormouse-captures".*"end":\{"captures":1\}\}\n$/su,
  );
  expect((await collector.run('captures', 'export', path)).err).toMatch(/cannot be written: EEXIST/);

  const { id } = await collector.json<ImportDetails>('captures', 'import', path);
  const [imported] = (await list('--import', id)).captures;
  expect(imported).toMatchObject({ id: `${id}-1`, imported: { import: id, id: captures[1]!.id } });
  expect((await collector.run('capture', `${id}-1`)).out).toContain('costs 250');
  expect((await collector.run('captures', 'imports')).out).toContain(id);
  expect((await list()).captures).toHaveLength(2);
  await collector.run('captures', 'forget', id);
  expect(await collector.json('captures', 'imports')).toEqual({ imports: [] });

  writeFileSync(join(folder, 'damaged'), readFileSync(path).subarray(0, -30));
  const damaged = await collector.run('captures', 'import', join(folder, 'damaged'));
  expect([damaged.code, damaged.err]).toEqual([
    1,
    expect.stringMatching(/cannot be unpacked.*\[INVALID_FILE\]/su),
  ]);
});

test('what is kept is told', async () => {
  expect((await collector.run('captures', 'kept')).out).toMatch(/^captures +2 +\d\.\d kB .* 7 days$/mu);
});

test('an action that there is not is answered with the nearest', async () => {
  const { code, err } = await collector.run('captures', 'serach');
  expect(code).toBe(2);
  expect(err).toContain('search');
});
