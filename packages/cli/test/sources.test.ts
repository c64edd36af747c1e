import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Dormouse, startCollector, type Finished, type RunningCollector } from './dormouse.ts';
import { MANIFEST, RISK_TEXT, ScriptedService } from './scripted-service.ts';

let collector: RunningCollector;
let service: ScriptedService;
const root = mkdtempSync(join(tmpdir(), 'dormouse-sources-'));

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', '1111222233334444');
  mkdirSync(join(root, 'src'));
});
afterAll(async () => {
  await service.close();
  await collector.stop();
  rmSync(root, { recursive: true, force: true });
});

function dormouse(...args: readonly string[]): Promise<Finished> {
  const { url, adminToken } = collector;
  return new Dormouse([...args], { DORMOUSE_URL: url, DORMOUSE_ADMIN_TOKEN: adminToken }).finished;
}

const publish = (): Promise<Finished> => dormouse('sources', root);

test('publishes what was woven and nothing else, once', async () => {
  expect((await publish()).out).toContain('not found here: src/risk.ts');
  writeFileSync(join(root, 'src/risk.ts'), 'another text');
  expect((await publish()).out).toContain('not as woven: src/risk.ts');
  writeFileSync(join(root, 'src/risk.ts'), RISK_TEXT);
  expect((await publish()).out).toMatch(/^published 1 source of build /);
  expect((await publish()).out).toContain('published before: src/risk.ts');
});

test('what was published is searched, line by line', async () => {
  expect((await dormouse('search', 'ORDER.amount')).out).toBe(
    'src/risk.ts:2  const amount = order.amount;\n',
  );
  expect((await dormouse('search', 'nothing has this')).err).toContain('No line has it.');
});

test('functions are found by their names and variables, whether or not their source was published', async () => {
  const row = /assess +src\/risk\.ts +1-5 +order, amount\n/;
  for (const words of [['ASSESS', 'amount'], ['--file', 'risk.ts'], []])
    expect((await collector.run('functions', ...words)).out, words.join(' ')).toMatch(row);
  expect((await collector.run('functions', 'assess', 'nowhere')).err).toBe('No function has such a name.\n');
});

test('a build is known before a process runs it, when its manifest was uploaded', async () => {
  const file = join(root, 'dormouse.manifest.json');
  writeFileSync(file, JSON.stringify(MANIFEST));
  const upload = (...args: readonly string[]): Promise<Finished> =>
    collector.run('manifest', 'upload', ...args);
  expect((await upload(file, '--service', 'later')).out).toBe(
    `build ${MANIFEST.buildId} of later is known, with 1 file\n`,
  );
  expect((await collector.run('points', 'risk.ts:3', '--service', 'later')).out).toMatch(
    / 3 +3 +assess +order, amount\n/,
  );

  writeFileSync(file, JSON.stringify({ ...MANIFEST, manifest: -1 }));
  expect(await upload(file, '--service', 'later')).toMatchObject({ code: 1, out: '' });
  writeFileSync(file, 'no JSON');
  expect((await upload(file, '--service', 'later')).err).toMatch(/is no manifest: Unexpected token/);
  expect((await upload(file)).err).toContain('--service is missing');
  expect((await upload(file, file, '--service', 'later')).err).toContain(
    'One manifest is uploaded at a time',
  );
});
