import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS, type ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import type { TestAgent } from './support/agent.ts';
import { openCollector } from './support/collector.ts';
import { BUILD_B, makeManifest, MANIFEST_A, RISK } from './support/manifest.ts';
import { until } from './support/until.ts';

/** The processes that were last told to arm the probe. */
const having = (agents: readonly TestAgent[], id: string): TestAgent[] =>
  agents.filter((agent) => agent.told.includes(id));

async function fleetOf(count: number) {
  const { api, agent } = await openCollector();
  const agents: TestAgent[] = [];
  for (let index = 0; index < count; index++) agents.push(await agent({}, MANIFEST_A));
  const view = (id: string): Promise<ProbeView> => api.get(`/probes/${id}`);
  return { api, agent, agents, view };
}

describe('a share of the processes', () => {
  test.each([
    [0.01, 1],
    [0.5, 2],
    [0.6, 3],
    [1, 4],
  ])('of %d gets the probe: %d of 4', async (share, count) => {
    const { api, agents, view } = await fleetOf(4);
    const { id } = await api.snapshot({ target: { share } });
    await until(`${count} have it`, () => having(agents, id).length === count);
    const instances = having(agents, id).map(({ identity }) => identity.instance);
    expect((await view(id)).rollout).toMatchObject({ stage: 'all' });
    expect((await view(id)).rollout?.instances.toSorted()).toEqual(instances.toSorted());
  });

  test('stays as large when its processes go', async () => {
    const { api, agents } = await fleetOf(3);
    const { id } = await api.snapshot({ target: { share: 0.1 } });
    await until('one has it', () => having(agents, id).length === 1);
    const [first] = having(agents, id);
    await first!.disconnect();
    const others = agents.filter((agent) => agent !== first);
    await until('another has it', () => having(others, id).length === 1);
  });
});

describe('in a large fleet', () => {
  /** Where each process looks at all others whenever one comes, this takes minutes. */
  const MANY = 200;

  test('a share is a share of those that are there, however many come and go', async () => {
    const { api, agent, agents: former } = await fleetOf(1);
    const { id } = await api.snapshot({ target: { share: 0.1 } });
    const come = Array.from({ length: MANY - 1 }, () => agent({}, MANIFEST_A));
    const agents = [...former, ...(await Promise.all(come))];
    await until('a tenth has it', () => having(agents, id).length === MANY / 10);
    const [gone, left] = [agents.slice(0, MANY / 2), agents.slice(MANY / 2)];
    await Promise.all(gone.map((one) => one.disconnect()));
    await until('a tenth of the rest has it', () => having(left, id).length === MANY / 20);
  });

  test('a canary goes first, and all others follow', async () => {
    const { api, agent } = await fleetOf(0);
    const agents = await Promise.all(Array.from({ length: 50 }, () => agent({}, MANIFEST_A)));
    const { id } = await api.snapshot({ target: { canary: { quietMs: 1 } } });
    await until('one has it', () => having(agents, id).length === 1);
    having(agents, id)[0]!.report(id, {});
    await until('all have it', () => having(agents, id).length === 50);
  });

  test('a check ends once, when every process has decided', async () => {
    const { api, agent, view } = await fleetOf(0);
    const agents = await Promise.all(Array.from({ length: 50 }, () => agent({}, MANIFEST_A)));
    const { id } = await api.snapshot({ kind: 'check', expect: 'score < 50', verdict: { afterHits: 1 } });
    await until('all have it', () => having(agents, id).length === 50);
    const check = { held: 1, violated: 0, failed: 0, verdict: 'holds' } as const;
    const decide = async (one: TestAgent): Promise<void> => {
      one.report(id, { state: 'disarmed', cause: 'verdict', check });
      await one.handled();
    };
    await Promise.all(agents.slice(1).map(decide));
    expect((await view(id)).state).toBe('active');
    await decide(agents[0]!);
    const ended = await view(id);
    expect(ended).toMatchObject({ state: 'ended', endCause: 'verdict' });
    expect(ended.agents.filter((report) => report.check?.verdict === 'holds')).toHaveLength(50);
  });
});

test('a process whose build becomes known only later is chosen from then on', async () => {
  const { api, agent } = await fleetOf(0);
  const first = await agent({}, MANIFEST_A);
  const { id } = await api.snapshot({ target: { share: 1 } });
  await until('it has it', () => first.told.includes(id));
  const second = await agent({ buildId: BUILD_B });
  expect(second.told).toEqual([]);
  second.send({ type: 'manifest', manifest: makeManifest(BUILD_B, [RISK]) });
  await until('the other has it too', () => second.told.includes(id));
});

describe('a canary', () => {
  test('has the probe alone until it has been quiet for long enough', async () => {
    const { api, agents, view } = await fleetOf(3);
    const { id } = await api.snapshot({ target: { canary: { quietMs: 500 } } });
    await until('one has it', () => having(agents, id).length === 1);
    const [canary] = having(agents, id);
    expect((await view(id)).rollout).toEqual({ instances: [canary!.identity.instance], stage: 'canary' });

    const armedAt = Date.now();
    canary!.report(id, {});
    await canary!.handled();
    expect((await view(id)).rollout?.widensAt).toBeGreaterThanOrEqual(armedAt + 500 + LIMITS.statusMs);
    await until('all have it', () => having(agents, id).length === 3);
    expect(Date.now() - armedAt).toBeGreaterThanOrEqual(499 + LIMITS.statusMs);
    expect((await view(id)).rollout).toMatchObject({ stage: 'all' });
  });

  test('that was through once is not asked for again by a collector that starts anew', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-rollout-'));
    try {
      const first = await openCollector({ data });
      const canary = await first.agent({}, MANIFEST_A);
      const { id } = await first.api.snapshot({ target: { canary: { quietMs: 1 } } });
      await until('it has it', () => canary.told.includes(id));
      canary.report(id, {});
      await until(
        'it is through',
        async () => (await first.api.get<ProbeView>(`/probes/${id}`)).rollout?.stage === 'all',
      );
      await first.close();

      const second = await openCollector({ data });
      const agents = [await second.agent({}, MANIFEST_A), await second.agent({}, MANIFEST_A)];
      await until('both have it', () => having(agents, id).length === 2);
      await second.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  test('waits anew after trouble, and says what it was', async () => {
    const { api, agents, view } = await fleetOf(2);
    const { id } = await api.snapshot({ condition: 'score > 1', target: { canary: { quietMs: 5_000 } } });
    await until('one has it', () => having(agents, id).length === 1);
    const [canary] = having(agents, id);
    canary!.report(id, {});
    await canary!.handled();
    const first = (await view(id)).rollout!.widensAt!;
    await new Promise((resolve) => setTimeout(resolve, 20));
    canary!.report(id, { skipped: { conditionError: 1 }, message: 'score is not a number' });
    await canary!.handled();
    const { rollout } = await view(id);
    expect(rollout).toMatchObject({ stage: 'canary', trouble: 'score is not a number' });
    expect(rollout!.widensAt).toBeGreaterThan(first);
    canary!.report(id, { pause: { cause: 'eventLoopDelay', since: 1, until: 2 } });
    await canary!.handled();
    const paused = (await view(id)).rollout;
    expect(paused?.trouble).toMatch(/eventLoopDelay/);
    expect(paused).not.toHaveProperty('widensAt');
    canary!.report(id, {});
    await canary!.handled();
    expect((await view(id)).rollout).toHaveProperty('widensAt');
  });

  test('that fails ends the probe before another process has seen it', async () => {
    const { api, agents, view } = await fleetOf(2);
    const { id } = await api.snapshot({ target: { canary: { quietMs: 60_000 } } });
    await until('one has it', () => having(agents, id).length === 1);
    const [canary] = having(agents, id);
    const other = agents.find((agent) => agent !== canary)!;
    canary!.report(id, { state: 'disarmed', cause: 'error', message: 'broken' });
    await until('it has ended', async () => (await view(id)).state === 'ended');
    expect((await view(id)).endCause).toBe('error');
    await other.handled();
    expect(other.received.some((message) => message.type === 'probes' && message.probes.length > 0)).toBe(
      false,
    );
  });

  test.each(['probeCpuBudget', 'cpuBudget'] as const)(
    'whose process the probe takes too much of (%s) ends it before another has it',
    async (cause) => {
      const { api, agents, view } = await fleetOf(2);
      const { id } = await api.snapshot({ target: { canary: { quietMs: 60_000 } } });
      await until('one has it', () => having(agents, id).length === 1);
      const [canary] = having(agents, id);
      const other = agents.find((agent) => agent !== canary)!;
      canary!.report(id, { pause: { cause, since: 1, until: 2 } });
      await canary!.handled();
      expect(await view(id)).toMatchObject({
        state: 'ended',
        endCause: 'budget',
        agents: [{ instance: canary!.identity.instance, pause: { cause } }],
      });
      await other.handled();
      expect(other.told).toEqual([]);
      await until('it is told to disarm it', () => !canary!.told.includes(id));
    },
  );

  test('that was through once goes on where the guard trips', async () => {
    const { api, agents, view } = await fleetOf(2);
    const { id } = await api.snapshot({ target: { canary: { quietMs: 1 } } });
    await until('one has it', () => having(agents, id).length === 1);
    having(agents, id)[0]!.report(id, {});
    await until('all have it', () => having(agents, id).length === 2);
    agents[0]!.report(id, { pause: { cause: 'cpuBudget', since: 1, until: 2 } });
    await agents[0]!.handled();
    expect((await view(id)).state).toBe('active');
  });

  test('that goes is followed by another', async () => {
    const { api, agents, view } = await fleetOf(2);
    const { id } = await api.snapshot({ target: { canary: { quietMs: 60_000 } } });
    await until('one has it', () => having(agents, id).length === 1);
    const [canary] = having(agents, id);
    await canary!.disconnect();
    const other = agents.find((agent) => agent !== canary)!;
    await until('the other has it', () => other.told.includes(id));
    expect((await view(id)).rollout?.instances).toEqual([other.identity.instance]);
  });
});

describe('targets', () => {
  test('several instances by name', async () => {
    const { api, agents } = await fleetOf(3);
    const instances = agents.slice(1).map(({ identity }) => identity.instance);
    const { id } = await api.snapshot({ target: { instances } });
    await until('both have it', () => having(agents, id).length === 2);
    expect(having(agents, id)).toEqual(agents.slice(1));
  });

  test('requests are told to the process, and a secret of theirs is refused', async () => {
    const { api, agents } = await fleetOf(1);
    const { id, target } = await api.snapshot({
      condition: '$ctx.tenant === "acme"',
      target: { context: { user: '42' } },
    });
    expect(target).toEqual({ context: { user: '42' } });
    const [process] = agents;
    await until('it has it', () => process!.told.includes(id));
    expect(process!.wanted).toMatchObject([{ id, context: { user: '42' } }]);
    expect(await api.refuse({ target: { context: { sessionId: '1' } } })).toMatchObject({
      code: 'REDACTED_NAME',
      path: 'target.context.sessionId',
    });
    expect(await api.refuse({ condition: '$ctx.password === "x"' })).toMatchObject({ code: 'REDACTED_NAME' });
  });

  test.each([[{ share: 0 }], [{ share: 1.1 }], [{ canary: { quietMs: 0 } }], [{ instances: [] }]])(
    'that mean nothing are refused: %j',
    async (target) => {
      const { api } = await fleetOf(1);
      expect(await api.refuse({ target })).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );
});
