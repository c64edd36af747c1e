import type { AgentDetail } from '@dormouse/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

const INSTANCE = '1111222233334444';

let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', INSTANCE);
});
afterAll(async () => {
  await service.close();
  await collector.stop();
});

test('processes are listed, shown, and switched off by what they are', async () => {
  const { out } = await collector.run('agents', '--service', 'trades', '--tag', 'zone=eu');
  expect(out).toMatch(
    /^INSTANCE +SERVICE +BUILD +PROBES +CAPTURED +STATE +HOST +TAGS\n1111222233334444 +trades/,
  );
  expect((await collector.run('agents', '--tag', 'zone=us')).err).toContain('No process is connected');
  const shown = await collector.run('agents', INSTANCE);
  expect(shown.out).toMatch(/^1111222233334444 {2}of trades\n/);
  expect(shown.out).toContain('  host      host-1, pid 42, Node v24.0.0');

  const kill = await collector.run('kill', 'trades', '--tag', 'zone=eu', '--reason', 'incident');
  expect(kill).toMatchObject({
    code: 0,
    err: expect.stringContaining(
      'of trades with zone=eu are switched off; 1 connected process has confirmed',
    ),
  });
  const { out: listed } = await collector.run('agents', '--json');
  const { agents } = JSON.parse(listed) as { agents: AgentDetail[] };
  expect(agents).toMatchObject([{ instance: INSTANCE, killed: { by: 'pool', reason: 'incident' } }]);
  expect((await collector.run('agents')).out).toContain('switched off');
  expect((await collector.run('policy')).out).toContain('trades with zone=eu');
  await collector.run('kill', 'trades', '--tag', 'zone=eu', '--off');
  expect((await collector.run('agents')).out).not.toContain('switched off');
});
