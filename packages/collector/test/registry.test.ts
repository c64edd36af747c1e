import type { AgentDetail, PolicyView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { sampleReport } from './storage/support/samples.ts';
import { openCollector } from './support/collector.ts';
import { BUILD_B, makeManifest, MANIFEST_A, RISK } from './support/manifest.ts';
import { until } from './support/until.ts';

const MANIFEST_B = makeManifest(BUILD_B, [RISK]);

interface AgentList {
  readonly agents: readonly AgentDetail[];
  readonly total: number;
}

async function fleet() {
  const collector = await openCollector();
  const { api, agent } = collector;
  const eu = await agent({ tags: { region: 'eu', zone: 'a' }, version: '1' }, MANIFEST_A);
  const us = await agent({ tags: { region: 'us' }, version: '2' }, MANIFEST_B);
  const other = await agent({ service: 'orders', tags: { region: 'eu' } });
  const list = (query = ''): Promise<AgentList> => api.get(`/agents?${query}`);
  const instancesOf = async (query: string): Promise<string[]> =>
    (await list(query)).agents.map(({ instance }) => instance).toSorted();
  const named = (...agents: { identity: { instance: string } }[]): string[] =>
    agents.map(({ identity }) => identity.instance).toSorted();
  return { api, agent, eu, us, other, list, instancesOf, named };
}

describe('the registry of processes', () => {
  test('lists who is connected and who was, by what they are', async () => {
    const { eu, us, other, list, instancesOf, named } = await fleet();
    expect(await instancesOf('')).toEqual(named(eu, us, other));
    expect(await instancesOf('service=trades')).toEqual(named(eu, us));
    expect(await instancesOf(`buildId=${BUILD_B}`)).toEqual(named(us));
    expect(await instancesOf('version=1')).toEqual(named(eu));
    expect(await instancesOf('tag=region=eu')).toEqual(named(eu, other));
    expect(await instancesOf('tag=region=eu&tag=zone=a')).toEqual(named(eu));

    await eu.disconnect();
    await until('it is gone', async () => (await instancesOf('connected=true')).length === 2);
    expect(await instancesOf('connected=false')).toEqual(named(eu));
    const { agents, total } = await list('limit=2');
    expect(total).toBe(3);
    expect(agents.map(({ connected }) => connected)).toEqual([true, true]);
    expect((await list('connected=false')).agents[0]).not.toHaveProperty('probes');
  });

  test('tells what the probes of a process have done, and may take', async () => {
    const { api, eu } = await fleet();
    const first = await api.snapshot();
    const second = await api.snapshot();
    await until('it is told', () => eu.told.length === 2);
    const budget = { limits: { cpuShare: 0.01 }, spentMs: 1.25, captures: 12, bytes: 3_400 };
    eu.send({
      type: 'status',
      revision: 1,
      budget,
      policy: { revision: 0 },
      pause: { cause: 'cpuBudget', since: 1, until: 2 },
      reports: [
        sampleReport(first.id, {
          state: 'armed',
          seen: 5,
          matched: 2,
          captured: 2,
          skipped: { condition: 3 },
          pause: { cause: 'cpuBudget', since: 1, until: 2 },
        }),
        sampleReport('p_unknown', { seen: 1_000 }),
      ],
    });
    eu.send({ type: 'status', revision: 1, budget, reports: [] });
    await eu.handled();
    const detail = (): Promise<AgentDetail> => api.get(`/agents/${eu.identity.instance}`);
    expect(await detail()).toMatchObject({
      connected: true,
      budget,
      probes: { told: 2, armed: 1, waiting: 1, disarmed: 0, resting: 1, seen: 5, skipped: { condition: 3 } },
      reports: [{ id: first.id, captured: 2 }],
    });
    await api.expect('DELETE', `/probes/${first.id}`);
    await until('it is told', () => eu.told.length === 1);
    expect(await detail()).toMatchObject({ probes: { told: 1, armed: 0, seen: 0 }, reports: [] });
    expect(eu.told).toEqual([second.id]);
  });

  test('knows nobody who never was', async () => {
    const { api } = await fleet();
    expect(await api.fail('GET', '/agents/0000')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await api.fail('GET', '/agents?tag=region')).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await api.fail('GET', '/agents?service=trade')).toMatchObject({ code: 'UNKNOWN_SERVICE' });
  });
});

describe('the kill switch of a pool', () => {
  const killed = ({ received }: { received: readonly { type: string }[] }): boolean =>
    (received.findLast(({ type }) => type === 'policy') as { killed?: boolean } | undefined)?.killed ?? false;

  test('holds for its processes, also for those that come later, and for no others', async () => {
    const { api, agent, eu, us, other } = await fleet();
    const pool = { tags: { region: 'eu' } };
    const policy = await api.expect<PolicyView>('PUT', '/kill-switch', {
      on: true,
      reason: 'incident',
      service: 'trades',
      pool,
    });
    expect(policy).toMatchObject({ service: 'trades', pool, processes: { connected: 1 } });
    await until('it is switched off', () => killed(eu));
    const late = await agent({ tags: { region: 'eu' } }, MANIFEST_A);
    expect([us, other, late].map(killed)).toEqual([false, false, true]);
    expect(await api.get(`/agents/${late.identity.instance}`)).toMatchObject({
      killed: { by: 'pool', reason: 'incident' },
    });
    const { policies } = await api.get<{ policies: PolicyView[] }>('/policies');
    expect(policies.map(({ service, pool: of }) => [service, of])).toEqual([
      [undefined, undefined],
      ['trades', pool],
    ]);

    await api.expect('PUT', '/kill-switch', { on: false, service: 'trades', pool });
    await until('it is switched on', () => !killed(eu) && !killed(late));
  });

  test('may be of all services, and of several traits at once', async () => {
    const { api, eu, us, other } = await fleet();
    const reason = 'incident';
    await api.expect('PUT', '/kill-switch', { on: true, reason, pool: { tags: { region: 'eu' } } });
    await until('both are switched off', () => killed(eu) && killed(other));
    await api.expect('PUT', '/kill-switch', {
      on: true,
      reason,
      pool: { buildId: BUILD_B, version: '1' },
    });
    await us.handled();
    expect(killed(us)).toBe(false);
    await api.expect('PUT', '/kill-switch', { on: true, reason, pool: { buildId: BUILD_B } });
    await until('it is switched off', () => killed(us));
  });

  test('of nobody in particular is refused', async () => {
    const { api, eu } = await fleet();
    const { instance } = eu.identity;
    const refuse = (body: object) => api.fail('PUT', '/kill-switch', { on: true, reason: 'why', ...body });
    expect(await refuse({ pool: {} })).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await refuse({ pool: { tags: {} } })).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await refuse({ instance, pool: { version: '1' } })).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
