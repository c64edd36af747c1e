import type { ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

test('a probe expires by the collector’s clock, whether or not a process says so', async () => {
  const { api, agent } = await openCollector();
  const process = await agent({}, MANIFEST_A);
  const lasting = await api.snapshot();
  const brief = await api.snapshot({ limits: { expiresInMs: 60 } });
  await expect
    .poll(() => api.get(`/probes/${brief.id}`))
    .toMatchObject({ state: 'ended', endCause: 'expired' });
  await expect
    .poll(() => process.received.findLast((message) => message.type === 'probes')?.probes.map(({ id }) => id))
    .toEqual([lasting.id]);
});

test('removing twice keeps the first end', async () => {
  const { api, agent } = await openCollector();
  await agent({}, MANIFEST_A);
  const probe = await api.snapshot();
  const first = await api.expect<ProbeView>('DELETE', `/probes/${probe.id}`);
  const second = await api.expect<ProbeView>('DELETE', `/probes/${probe.id}`);
  expect(second).toEqual(first);
});

test('lists are newest first and can be filtered', async () => {
  const { api, agent } = await openCollector();
  await agent({}, MANIFEST_A);
  const first = await api.snapshot();
  await new Promise((resolve) => setTimeout(resolve, 2));
  const second = await api.snapshot();
  await api.expect('DELETE', `/probes/${first.id}`);
  const list = async (query: string): Promise<string[]> =>
    (await api.get<{ probes: ProbeView[] }>(`/probes?${query}`)).probes.map(({ id }) => id);
  expect(await list('')).toEqual([second.id, first.id]);
  expect(await list('state=active')).toEqual([second.id]);
  expect(await list('state=ended&service=trades')).toEqual([first.id]);
  expect(await list('limit=1')).toEqual([second.id]);
});

describe('reports', () => {
  test('show what became of the probe in each process', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.snapshot();
    process.report(probe.id, {
      seen: 12,
      matched: 3,
      captured: 2,
      skipped: { condition: 9, rateLimitProbe: 1 },
    });
    await process.handled();
    expect((await api.get<ProbeView>(`/probes/${probe.id}`)).agents).toEqual([
      {
        id: probe.id,
        instance: process.identity.instance,
        state: 'armed',
        seen: 12,
        matched: 3,
        captured: 2,
        skipped: { condition: 9, rateLimitProbe: 1 },
        dropped: {},
        incomplete: 0,
      },
    ]);
  });

  test('of the last counts still arrive after the end', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.snapshot();
    await api.expect('DELETE', `/probes/${probe.id}`);
    process.report(probe.id, { state: 'disarmed', cause: 'removed', seen: 5 });
    await process.handled();
    expect((await api.get<ProbeView>(`/probes/${probe.id}`)).agents).toMatchObject([
      { state: 'disarmed', cause: 'removed', seen: 5 },
    ]);
  });

  test('of another service’s probes count for nothing', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const foreign = await agent({ service: 'fraud' }, MANIFEST_A);
    const probe = await api.snapshot();
    foreign.report(probe.id, { state: 'disarmed', cause: 'error' });
    await foreign.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'active', agents: [] });
  });

  test('of failure end the probe once every process has failed', async () => {
    const { api, agent } = await openCollector();
    const processes = [await agent({}, MANIFEST_A), await agent({}, MANIFEST_A)];
    const probe = await api.snapshot();
    const [first, second] = processes;
    await Promise.all(processes.map((process) => process.next('probes')));

    first!.report(probe.id, { state: 'disarmed', cause: 'error', message: 'The condition always fails.' });
    await first!.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'active' });

    second!.report(probe.id, { state: 'disarmed', cause: 'invalid' });
    await second!.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({
      state: 'ended',
      endCause: 'error',
      agents: expect.arrayContaining([
        expect.objectContaining({ message: 'The condition always fails.' }) as object,
      ]) as object[],
    });
  });

  test('of a verdict end the check once every process has decided', async () => {
    const { api, agent } = await openCollector();
    const processes = [await agent({}, MANIFEST_A), await agent({}, MANIFEST_A)];
    const probe = await api.expect<ProbeView>('POST', '/probes', {
      kind: 'check',
      service: 'trades',
      location: { file: 'src/risk.ts', line: 13 },
      expect: 'score > 0',
      verdict: { afterHits: 10 },
    });
    const [first, second] = processes;
    await Promise.all(processes.map((process) => process.next('probes')));
    const decided = { state: 'disarmed', cause: 'verdict' } as const;
    first!.report(probe.id, { ...decided, check: { held: 10, violated: 0, failed: 0, verdict: 'holds' } });
    await first!.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'active' });
    second!.report(probe.id, { ...decided, check: { held: 9, violated: 1, failed: 0, verdict: 'violated' } });
    await second!.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'ended', endCause: 'verdict' });
  });

  test('of a kill switch or a lost collector do not', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.snapshot();
    await process.next('probes');
    process.report(probe.id, { state: 'disarmed', cause: 'killSwitch' });
    await process.handled();
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'active' });
  });
});
