import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_REDACTION_RULES,
  LIMITS,
  REDACTION_LIMITS,
  type PolicyMessage,
  type PolicyReport,
  type PolicyView,
  type ProbeView,
  type ServiceView,
} from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { Fleet } from '../src/agents/fleet.ts';
import { Builds } from '../src/builds/builds.ts';
import { createServer } from '../src/http/server.ts';
import { Policies } from '../src/policy/policies.ts';
import { DEFAULT_ENVIRONMENT } from '../src/storage/contract/directory/places.ts';
import { openStorages } from '../src/storage/open.ts';
import { IN_MEMORY } from '../src/storage/sqlite/folder.ts';
import { sampleAgent } from './storage/support/samples.ts';
import { Bell } from '../src/stream/bell.ts';
import type { TestAgent } from './support/agent.ts';
import { TestApi } from './support/api.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { storageOf } from './support/storage-of.ts';

const NOTHING = { deny: [], redaction: DEFAULT_REDACTION_RULES, limits: {} };

const kill = (api: TestApi, request: object): Promise<PolicyView> =>
  api.expect('PUT', '/kill-switch', request);
const put = (api: TestApi, path: string, request: object): Promise<PolicyView> =>
  api.expect('PUT', path, request);

/** The policy that a process has now, as far as it was told. */
const told = (agent: TestAgent): PolicyMessage =>
  agent.received.findLast((message) => message.type === 'policy')!;

const confirm = async (agent: TestAgent, report: PolicyReport): Promise<void> => {
  agent.send({ type: 'status', revision: 1, reports: [], policy: report });
  await agent.handled();
};

const serviceOf = async (api: TestApi): Promise<ServiceView> =>
  (await api.get<{ services: ServiceView[] }>('/services')).services.find(
    ({ service }) => service === 'trades',
  )!;

describe('a process', () => {
  test('hears its policy before any probe, when it connects and at every change', async () => {
    const { api, agent } = await openCollector();
    const first = await agent({}, MANIFEST_A);
    expect(first.received.map(({ type }) => type).slice(0, 3)).toEqual(['welcome', 'policy', 'probes']);
    expect(told(first)).toEqual({ type: 'policy', revision: 0, killed: false, ...NOTHING });

    await put(api, '/policy', { deny: ['src/vault/**'] });
    const everywhere = await first.next('policy');
    const { revision } = await put(api, '/policy?service=trades', {
      deny: ['#decrypt'],
      limits: { cpuShare: 0.001 },
    });
    expect(await first.next('policy')).toEqual({
      type: 'policy',
      revision,
      killed: false,
      deny: ['src/vault/**', '#decrypt'],
      redaction: DEFAULT_REDACTION_RULES,
      limits: { cpuShare: 0.001 },
    });
    expect(revision).toBeGreaterThan(everywhere.revision);

    const other = await agent({ service: 'fraud' });
    expect(told(other)).toMatchObject({ revision: everywhere.revision, deny: ['src/vault/**'], limits: {} });
  });

  test('hears of a change that comes while it connects', async () => {
    const { api, agent } = await openCollector();
    const changes = Array.from({ length: 10 }, (_, n) => put(api, '/policy', { deny: [`#${n}`] }));
    const joining = Array.from({ length: 10 }, () => agent({}, MANIFEST_A));
    const last = Math.max(...(await Promise.all(changes)).map(({ revision }) => revision));
    for (const process of await Promise.all(joining)) {
      await expect.poll(() => told(process).revision).toBe(last);
      expect(process.received[0]?.type).toBe('welcome');
    }
  });

  test('says which policy it has, and views show it', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const { revision } = await put(api, '/policy?service=trades', { deny: ['#assess'] });
    const state = async (): Promise<unknown> => (await serviceOf(api)).agents[0]?.policy;
    expect(await state()).toEqual({ revision: 0, wanted: revision });
    const processes = async (): Promise<unknown> =>
      (await api.get<PolicyView>('/policy?service=trades')).processes;
    const { instance } = process.identity;
    expect(await processes()).toEqual({
      connected: 1,
      current: 0,
      behind: [{ instance, service: 'trades', revision: 0 }],
    });

    await confirm(process, { revision });
    expect(await state()).toEqual({ revision, wanted: revision });
    expect(await processes()).toEqual({ connected: 1, current: 1, behind: [] });

    const problem = 'The rules are not understood.';
    await confirm(process, { revision, problem });
    expect(await processes()).toMatchObject({ current: 0, behind: [{ revision, problem }] });
  });

  test('shows while all its probes rest, and that the program has switched them off itself', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const pause = { cause: 'eventLoopDelay', since: 1, until: 1_001 } as const;
    process.send({ type: 'status', revision: 1, reports: [], policy: { revision: 0, killed: true }, pause });
    await process.handled();
    expect((await serviceOf(api)).agents).toMatchObject([{ pause, killed: { by: 'process' } }]);
    await confirm(process, { revision: 0 });
    expect((await serviceOf(api)).agents[0]).not.toHaveProperty('pause');
    expect((await serviceOf(api)).agents[0]).not.toHaveProperty('killed');
  });
});

describe('a kill switch', () => {
  test('is of a process, a service or everything, and the widest one is named', async () => {
    const { api, agent } = await openCollector();
    const [one, two] = [await agent({}, MANIFEST_A), await agent({}, MANIFEST_A)];
    const stranger = await agent({ service: 'fraud' });
    const killed = (): unknown[] => [one, two, stranger].map((process) => told(process).killed);

    const { instance } = one.identity;
    expect(await kill(api, { on: true, reason: 'slow', instance })).toMatchObject({
      service: 'trades',
      instance,
      kill: { reason: 'slow' },
    });
    expect(await one.next('policy')).toMatchObject({ killed: true, reason: 'slow' });
    expect(killed()).toEqual([true, false, false]);

    await kill(api, { on: true, reason: 'an incident', service: 'trades' });
    await two.next('policy');
    await kill(api, { on: true, reason: 'all hands' });
    expect(await stranger.next('policy')).toMatchObject({ killed: true, reason: 'all hands' });
    expect((await serviceOf(api)).killed).toMatchObject({ by: 'everything', reason: 'all hands' });
    expect((await serviceOf(api)).agents[0]?.killed).toMatchObject({ by: 'everything' });

    await kill(api, { on: false });
    await stranger.next('policy');
    expect((await serviceOf(api)).killed).toMatchObject({ by: 'service', reason: 'an incident' });
    await kill(api, { on: false, service: 'trades' });
    await expect.poll(killed).toEqual([true, false, false]);
    expect(await kill(api, { on: false, instance })).not.toHaveProperty('kill');
    await expect.poll(killed).toEqual([false, false, false]);
  });

  test('keeps probes from being placed, and shows on those that wait', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const { id } = await api.snapshot();
    await kill(api, { on: true, reason: 'an incident', service: 'trades' });
    expect(await api.refuse({})).toMatchObject({
      status: 409,
      code: 'SWITCHED_OFF',
      message: expect.stringMatching(
        /^The probes of trades are switched off since \d{4}-.*Z: an incident\. PUT \/kill-switch switches/,
      ) as string,
    });
    const view = (): Promise<ProbeView> => api.get(`/probes/${id}`);
    expect(await view()).toMatchObject({ state: 'active', killed: { by: 'service', reason: 'an incident' } });
    await kill(api, { on: false, service: 'trades' });
    expect(await view()).not.toHaveProperty('killed');
    await api.snapshot();
  });

  test('needs a reason, a service that is known and a process that is one of its', async () => {
    const { api, agent } = await openCollector();
    const { identity } = await agent({}, MANIFEST_A);
    await agent({ service: 'fraud' });
    const refuse = (request: object): Promise<unknown> => api.fail('PUT', '/kill-switch', request);
    expect(await refuse({ on: true })).toMatchObject({ code: 'INVALID_REQUEST', path: 'reason' });
    expect(await refuse({ on: true, reason: '' })).toMatchObject({ code: 'INVALID_REQUEST', path: 'reason' });
    expect(await refuse({ on: true, reason: 'x', service: 'trade' })).toMatchObject({
      code: 'UNKNOWN_SERVICE',
    });
    expect(await refuse({ on: true, reason: 'x', instance: 'nobody' })).toMatchObject({
      code: 'NOT_FOUND',
      path: 'instance',
    });
    expect(
      await refuse({ on: true, reason: 'x', service: 'fraud', instance: identity.instance }),
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('keeps the time at which it was switched on when its reason changes', async () => {
    const { api } = await openCollector();
    const { kill: first } = await kill(api, { on: true, reason: 'why' });
    expect((await kill(api, { on: true, reason: 'better words' })).kill).toEqual({
      reason: 'better words',
      since: first?.since,
    });
  });

  test('and policies outlast the collector', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-policy-'));
    try {
      const before = await openCollector({ data });
      const { identity } = await before.agent({}, MANIFEST_A);
      await put(before.api, '/policy', { redaction: { names: ['tier'] } });
      const { revision } = await kill(before.api, { on: true, reason: 'night', service: 'trades' });
      await kill(before.api, { on: true, reason: 'one', instance: identity.instance });
      await before.close();

      const after = await openCollector({ data });
      const restarted = await after.agent({}, MANIFEST_A);
      expect(told(restarted)).toMatchObject({
        revision,
        killed: true,
        reason: 'night',
        redaction: { names: ['tier'] },
      });
      expect((await kill(after.api, { on: false, service: 'trades' })).revision).toBeGreaterThan(revision);
      expect(await restarted.next('policy')).toMatchObject({ killed: false });
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

describe('a deny list', () => {
  test('refuses probes on the lines and calls of what it names, in every file that it means', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    await put(api, '/policy', { deny: ['src/pri*.ts'] });
    await put(api, '/policy?service=trades', { deny: ['#assess'] });
    expect(await api.refuse({ location: { file: 'price.ts', line: 2 } })).toMatchObject({
      status: 422,
      code: 'DENIED',
      message: 'price of src/price.ts may not be probed: the deny list has src/pri*.ts.',
      path: 'location',
    });
    expect(await api.refuse({})).toMatchObject({ code: 'DENIED' });
    expect(
      await api.refuse({ on: 'entry', location: { file: 'risk.ts', function: 'assess' } }),
    ).toMatchObject({
      code: 'DENIED',
    });
    await put(api, '/policy?service=trades', {});
    await api.snapshot();
  });

  test('tells which entries protect nothing', async () => {
    const { api, agent } = await openCollector();
    expect(await put(api, '/policy', { deny: ['src/rsik.ts'] })).toMatchObject({ unmatched: [] });
    await agent({}, MANIFEST_A);
    expect(await put(api, '/policy', { deny: ['src/rsik.ts', '#assess', '#asess'] })).toMatchObject({
      unmatched: ['src/rsik.ts', '#asess'],
    });
  });

  test.each([
    ['deny', { deny: [' '] }, 'deny[0]'],
    ['deny', { deny: ['x'.repeat(LIMITS.denyEntryLength + 1)] }, 'deny[0]'],
    ['limits', { limits: { cpuShare: 2 } }, 'limits.cpuShare'],
    ['limits', { limits: { cpu: 2 } }, 'limits'],
    ['limits', { limits: { loopDelayMs: 0 } }, 'limits.loopDelayMs'],
    ['anything else', { kill: true }, ''],
  ])('or %s that makes no sense is refused: %j', async (_what, request, path) => {
    const { api } = await openCollector();
    const error = await api.fail('PUT', '/policy', request);
    expect(error).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(error.path ?? '').toBe(path);
  });
});

describe('redaction rules', () => {
  async function openTrades(): Promise<TestCollector> {
    const collector = await openCollector();
    await collector.agent({}, MANIFEST_A);
    return collector;
  }

  test('hold for expressions and requests that are asked for from then on', async () => {
    const { api } = await openTrades();
    await api.snapshot({ condition: 'score > 1' });
    await put(api, '/policy', { redaction: { names: ['score'] } });
    expect(await api.refuse({ condition: 'score > 1' })).toMatchObject({
      code: 'REDACTED_NAME',
      path: 'condition',
    });
    expect(await api.refuse({ target: { context: { highScore: '1' } } })).toMatchObject({
      code: 'REDACTED_NAME',
    });
    await put(api, '/policy', { redaction: { mode: 'include', includeNames: ['trade'] } });
    expect(await api.refuse({ watches: ['limits'] })).toMatchObject({ code: 'REDACTED_NAME' });
    await api.snapshot({ watches: ['trade'] });
  });

  test('of a service cannot allow what everything hides, nor the other way round', async () => {
    const { api } = await openTrades();
    const location = { file: 'price.ts', line: 2 };
    await put(api, '/policy?service=trades', { redaction: { allowNames: ['password', 'score'] } });
    await api.snapshot({ location, watches: ['password'] });
    await put(api, '/policy', { redaction: { names: ['password', 'score'] } });
    expect(await api.refuse({ location, watches: ['password'] })).toMatchObject({ code: 'REDACTED_NAME' });
    expect(await api.refuse({ condition: 'score > 1' })).toMatchObject({ code: 'REDACTED_NAME' });
  });

  test.each([
    [{ patterns: [{ name: 'a', pattern: '(' }] }, 'redaction.patterns[0].pattern'],
    [{ patterns: [{ name: 'a', pattern: '(?=x)' }] }, 'redaction.patterns[0].pattern'],
    [{ patterns: [{ name: 'two words', pattern: 'x' }] }, 'redaction.patterns[0].name'],
    [{ names: [''] }, 'redaction.names[0]'],
    [{ name: ['x'] }, 'redaction.name'],
    [{ mode: 'all' }, 'redaction.mode'],
  ])('that are none are refused, and those before stay: %j', async (redaction, path) => {
    const { api } = await openTrades();
    const { revision } = await put(api, '/policy', { redaction: { names: ['tier'] } });
    const error = await api.fail('PUT', '/policy', { redaction });
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', path });
    expect(error.message.length).toBeGreaterThan(10);
    expect(await api.get('/policy')).toMatchObject({ revision, redaction: { names: ['tier'] } });
  });

  test('are refused where a process would get too many together', async () => {
    const { api } = await openTrades();
    const patterns = Array.from({ length: REDACTION_LIMITS.patterns }, (_, n) => ({
      name: `p${n}`,
      pattern: `x${n}`,
    }));
    await put(api, '/policy?service=trades', { redaction: { patterns } });
    const more = { redaction: { patterns: [{ name: 'more', pattern: 'y' }] } };
    expect(await api.fail('PUT', '/policy', more)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'redaction',
      message: expect.stringContaining('everything and trades') as string,
    });
    await put(api, '/policy?service=trades', {});
    await put(api, '/policy', more);
    expect(await api.fail('PUT', '/policy?service=trades', { redaction: { patterns } })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});

describe('policies', () => {
  test('are listed, everything first', async () => {
    const { api, agent } = await openCollector();
    const { instance } = (await agent({}, MANIFEST_A)).identity;
    const list = async (): Promise<unknown[]> => {
      const { policies } = await api.get<{ policies: PolicyView[] }>('/policies');
      return policies.map((policy) => [policy.service, policy.instance, policy.revision > 0]);
    };
    expect(await list()).toEqual([[undefined, undefined, false]]);
    await kill(api, { on: true, reason: 'x', instance });
    await put(api, '/policy?service=trades', { deny: ['a'] });
    expect(await list()).toEqual([
      [undefined, undefined, false],
      ['trades', undefined, true],
      ['trades', instance, true],
    ]);
  });

  test('are not replaced by who has not seen the last one', async () => {
    const { api } = await openCollector();
    const { revision } = await put(api, '/policy', { deny: ['a'], revision: 0 });
    expect(await api.fail('PUT', '/policy', { deny: ['b'], revision: 0 })).toMatchObject({
      status: 409,
      code: 'CONFLICT',
      message: `The policy of everything has changed: this is about revision 0, and now it is ${revision}. Read it again.`,
    });
    await kill(api, { on: true, reason: 'x' });
    expect(await api.get('/policy')).toMatchObject({ deny: ['a'], kill: { reason: 'x' } });
    expect(await put(api, '/policy', {})).toMatchObject({ deny: [], kill: { reason: 'x' } });
  });

  test('changed at once are changed one after the other', async () => {
    const { api } = await openCollector();
    const changes = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0 ? put(api, '/policy', { deny: [`a${n}`] }) : kill(api, { on: true, reason: `r${n}` }),
    );
    const revisions = (await Promise.all(changes)).map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(20);
    const { deny, kill: killed } = await api.get<PolicyView>('/policy');
    expect([deny.length, killed?.reason[0]]).toEqual([1, 'r']);
  });

  test('changed by two collectors on one storage lose nothing', async () => {
    const storages = await openStorages(await storageOf(IN_MEMORY));
    const storage = storages.environment(DEFAULT_ENVIRONMENT);
    const { log } = createServer({ logLevel: 'silent' });
    const open = async (): Promise<Policies> => {
      const fleet = new Fleet(storage);
      const policies = new Policies({
        storage,
        builds: new Builds(storage.builds),
        fleet,
        news: new Bell(),
        log,
      });
      await policies.start();
      return policies;
    };
    const [one, other] = [await open(), await open()];
    await one.switch({ on: true, reason: 'an incident' });
    expect(await other.put({}, { deny: ['a'] })).toMatchObject({
      deny: ['a'],
      kill: { reason: 'an incident' },
    });
    const { revision } = await one.switch({ on: false });
    await expect(other.put({}, { deny: ['b'], revision: revision - 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await one.reload();
    expect(one.for(sampleAgent('i'))).toMatchObject({ revision, deny: ['a'] });
    await storages.close();
  });

  test('are for those who may: not for agents, and not without a token', async () => {
    const { url, agentToken, api } = await openCollector();
    for (const [method, path, body] of [
      ['GET', '/policies', undefined],
      ['GET', '/policy', undefined],
      ['PUT', '/policy', {}],
      ['PUT', '/kill-switch', { on: true, reason: 'x' }],
    ] as const) {
      expect((await new TestApi(url, agentToken).fail(method, path, body)).code).toBe('FORBIDDEN');
      expect((await new TestApi(url, 'nobody').fail(method, path, body)).code).toBe('UNAUTHENTICATED');
    }
    expect(await api.get('/policy')).toMatchObject({ revision: 0 });
  });
});
