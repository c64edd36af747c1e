import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Dormouse, startCollector, type Finished, type RunningCollector } from './dormouse.ts';
import { RISK_TEXT, ScriptedService } from './scripted-service.ts';

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
