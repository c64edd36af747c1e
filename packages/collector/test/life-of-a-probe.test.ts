import type { CaptureView, ProbeView } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { BUILD_A, MANIFEST_A } from './support/manifest.ts';

test('a probe is placed, armed, hit, and its evidence read', async () => {
  const { api, agent } = await openCollector();
  const process = await agent({}, MANIFEST_A);

  const probe = await api.snapshot({ condition: 'score > 40', watches: ['trade.id'] });
  expect(probe).toMatchObject({
    state: 'active',
    location: { file: 'src/risk.ts', line: 13, column: 3 },
    function: 'assess',
    condition: 'score > 40',
    watches: ['trade.id'],
    hits: 0,
    unplaced: [],
    agents: [],
  });

  const { probes } = await process.next('probes');
  expect(probes).toHaveLength(1);
  expect(probes[0]).toMatchObject({
    id: probe.id,
    kind: 'snapshot',
    place: {
      on: 'line',
      file: '000000000000',
      functionIndex: 0,
      pointIndex: 1,
      locals: ['trade', 'limits', 'score'],
      outers: ['config'],
      self: true,
    },
    condition: { source: 'score > 40', reads: ['score'] },
  });

  await process.deliver([process.capture(probe.id)]);
  const { captures } = await api.get<{ captures: CaptureView[] }>(`/captures?probe=${probe.id}`);
  expect(captures).toHaveLength(1);
  expect(captures[0]).toMatchObject({
    probe: probe.id,
    service: 'trades',
    instance: process.identity.instance,
    buildId: BUILD_A,
    location: { file: 'src/risk.ts', line: 13, column: 3 },
    function: 'assess',
    locals: [{ key: 'score', value: { type: 'number', value: 41 } }],
  });
  expect(await api.get(`/captures/${captures[0]!.id}`)).toEqual(captures[0]);

  const removed = await api.expect<ProbeView>('DELETE', `/probes/${probe.id}`);
  expect(removed).toMatchObject({ state: 'ended', endCause: 'removed', hits: 1 });
  expect((await process.next('probes')).probes).toEqual([]);
});
