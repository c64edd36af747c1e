import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Capture,
  CaptureView,
  GroupView,
  PolicyView,
  ProbeView,
  ServiceView,
  WaitView,
} from '@dormouse/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startPostgres, type Postgres } from '../../../scripts/lib/postgres.ts';
import { Builds } from '../src/builds/builds.ts';
import { openPostgres } from '../src/storage/postgres/open.ts';
import { attributesOf, openReceiver } from './out/support/otlp-receiver.ts';
import { openWebhookReceiver } from './out/support/webhook-receiver.ts';
import { TestAgent } from './support/agent.ts';
import { snapshotRequest } from './support/api.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { freshDatabase, takeAway } from './support/database.ts';
import { EventStream } from './support/event-stream.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { startProgram, TOKENS, type StartedProgram } from './support/program.ts';

/** Two collectors on one PostgreSQL: what is asked of either holds for the processes of both. */

let postgres: Postgres;
let database: string;
let here: TestCollector;
let there: TestCollector;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.stop());

beforeEach(async () => {
  database = await freshDatabase(postgres.url);
  here = await openCollector({ database });
  there = await openCollector({ database });
});

/** Soon: long before anything is looked at that was not announced. */
const soon = { timeout: 2_000, interval: 10 };

/** When lost connections are there again. */
const later = { timeout: 8_000 };

const told = (agent: TestAgent, id: string): boolean => agent.told.includes(id);

const view = (collector: TestCollector, id: string): Promise<ProbeView> => collector.api.get(`/probes/${id}`);

async function processesAt(collector: TestCollector): Promise<[string, boolean][]> {
  const { services } = await collector.api.get<{ services: ServiceView[] }>('/services');
  return services
    .flatMap(({ agents }) =>
      agents.map(({ instance, connected }): [string, boolean] => [instance, connected]),
    )
    .toSorted();
}

describe('a probe', () => {
  test('reaches the processes of every collector, and leaves them all', async () => {
    const agents = [await here.agent({}, MANIFEST_A), await there.agent({}, MANIFEST_A)];
    const { id } = await here.api.snapshot();
    for (const agent of agents) await expect.poll(() => told(agent, id), soon).toBe(true);
    await there.api.expect('DELETE', `/probes/${id}`);
    for (const agent of agents) await expect.poll(() => told(agent, id), soon).toBe(false);
    expect(await view(here, id)).toMatchObject({ state: 'ended', endCause: 'removed' });
  });

  test('is placed by what runs at another collector', async () => {
    const agent = await there.agent({}, MANIFEST_A);
    await expect.poll(() => processesAt(here), soon).toEqual([[agent.identity.instance, true]]);
    const probe = await here.api.snapshot({ target: { instances: [agent.identity.instance] } });
    await expect.poll(() => told(agent, probe.id), soon).toBe(true);
  });

  test('has one hit limit for all processes', async () => {
    const agents = [await here.agent({}, MANIFEST_A), await there.agent({}, MANIFEST_A)];
    const { id } = await here.api.snapshot({ limits: { hits: 4 } });
    for (const agent of agents) {
      await expect.poll(() => told(agent, id), soon).toBe(true);
      await agent.deliver([agent.capture(id), agent.capture(id)]);
    }
    for (const agent of agents) await expect.poll(() => told(agent, id), soon).toBe(false);
    expect(await view(here, id)).toMatchObject({ state: 'ended', endCause: 'hitLimit', hits: 4 });
  });

  test('is given more, waited for, and ended with its group at any collector', async () => {
    const agent = await there.agent({}, MANIFEST_A);
    await expect.poll(() => processesAt(here), soon).toHaveLength(1);
    const group = await here.api.expect<GroupView>('POST', '/groups', { name: 'incident' });
    const { id } = await here.api.snapshot({ group: group.id, limits: { hits: 1 } });
    await here.api.expect('POST', `/probes/${id}/extend`, { hits: 3 });
    await expect.poll(() => agent.wanted[0]?.limits.hits, soon).toBe(3);
    const waiting = here.api.get<WaitView>(`/probes/${id}/wait?hits=2`);
    await agent.deliver([agent.capture(id), agent.capture(id)]);
    expect(await waiting).toMatchObject({ reason: 'hits', probe: { hits: 2 } });
    expect(await there.api.expect('DELETE', `/groups/${group.id}`)).toMatchObject({ active: 0, hits: 2 });
    await expect.poll(() => told(agent, id), soon).toBe(false);
    await expect.poll(async () => (await view(here, id)).endCause, soon).toBe('removed');
  });

  test('ends when the last process of all gives it up', async () => {
    const agents = [await here.agent({}, MANIFEST_A), await there.agent({}, MANIFEST_A)];
    await expect.poll(() => processesAt(here), soon).toHaveLength(2);
    const { id } = await here.api.snapshot();
    for (const agent of agents) await expect.poll(() => told(agent, id), soon).toBe(true);
    agents[0]!.report(id, { state: 'disarmed', cause: 'unknownFile' });
    await agents[0]!.handled();
    expect(await view(there, id)).toMatchObject({ state: 'active', agents: [{ cause: 'unknownFile' }] });
    agents[1]!.report(id, { state: 'disarmed', cause: 'unknownFile' });
    await expect.poll(async () => (await view(here, id)).endCause, soon).toBe('error');
  });

  test('for a share of the processes is with that share of all', async () => {
    const agents: TestAgent[] = [];
    for (const collector of [here, there, here, there]) agents.push(await collector.agent({}, MANIFEST_A));
    await expect.poll(async () => (await processesAt(here)).length, soon).toBe(4);
    await expect.poll(async () => (await processesAt(there)).length, soon).toBe(4);
    const { id } = await there.api.snapshot({ target: { share: 0.5 } });
    await expect.poll(() => agents.filter((agent) => told(agent, id)).length, soon).toBe(2);
    expect((await view(here, id)).rollout?.instances).toHaveLength(2);
  });

  test('with a canary follows to the others when it was quiet, wherever they are', async () => {
    const agents = [await here.agent({}, MANIFEST_A), await there.agent({}, MANIFEST_A)];
    await expect.poll(async () => (await processesAt(here)).length, soon).toBe(2);
    await expect.poll(async () => (await processesAt(there)).length, soon).toBe(2);
    const { id } = await here.api.snapshot({ target: { canary: { quietMs: 300 } } });
    const having = (): TestAgent[] => agents.filter((agent) => told(agent, id));
    await expect.poll(() => having().length, soon).toBe(1);
    having()[0]!.report(id, { state: 'armed' });
    await expect.poll(() => having().length, soon).toBe(2);
  });
});

test('evidence is sent on by one collector, and by the other when that one is gone', async () => {
  const receiver = await openReceiver();
  const shared = { database: await freshDatabase(postgres.url), sendTo: ['127.0.0.1'] };
  const collectors = [await openCollector(shared), await openCollector(shared)] as const;
  const [first, second] = collectors;
  const agents = [await first.agent({}, MANIFEST_A), await second.agent({}, MANIFEST_A)] as const;
  await first.api.expect('PUT', '/otlp', { endpoint: receiver.url, signals: ['logs'] });
  const { id } = await first.api.snapshot({ limits: { hits: 1_000 } });
  for (const agent of agents) {
    await expect.poll(() => told(agent, id), soon).toBe(true);
    for (let times = 0; times < 5; times++) await agent.deliver([agent.capture(id)]);
  }
  const hits = (): string[] =>
    receiver
      .records('logs')
      .map(
        ({ resource, record }) =>
          `${resource['service.instance.id']} ${attributesOf(record)['dormouse.hit']}`,
      );
  await receiver.received('logs', 10);
  await first.close();
  await agents[1].deliver([agents[1].capture(id)]);
  await receiver.received('logs', 11);
  expect(new Set(hits()).size).toBe(11);
  expect(hits()).toHaveLength(11);
});

test('a message that could not be sent by one collector is sent by the other', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const receiver = await openWebhookReceiver();
  const shared = { database: await freshDatabase(postgres.url), sendTo: ['127.0.0.1'] };
  const [first, second] = [await openCollector(shared), await openCollector(shared)];
  const agent = await first.agent({}, MANIFEST_A);
  receiver.answer = { status: 503 };
  await first.api.expect('POST', '/webhooks', { url: receiver.url, events: ['probe.hit'] });
  const { id } = await first.api.snapshot();
  await agent.deliver([agent.capture(id)]);
  await receiver.received(1);
  await expect
    .poll(() => second.api.get('/webhooks'), soon)
    .toMatchObject({ webhooks: [{ failingSince: expect.any(Number) as number }] });
  await first.close();
  receiver.answer = { status: 200 };
  vi.setSystemTime(Date.now() + 10_000);
  const [failed, sent] = await receiver.received(2);
  expect(sent!.id).toBe(failed!.id);
});

test('evidence is at every collector, and streams from every one', async () => {
  const agent = await there.agent({}, MANIFEST_A);
  const probe = await there.api.snapshot();
  await expect.poll(() => here.api.get('/probes'), soon).toMatchObject({ probes: [{ id: probe.id }] });
  const stream = await EventStream.open(here, `probe=${probe.id}`);
  const capture = agent.capture(probe.id);
  await agent.deliver([capture]);
  await expect.poll(() => stream.ids, soon).toContain(capture.id);
  stream.close();
  expect((await here.api.get<CaptureView>(`/captures/${capture.id}`)).instance).toBe(agent.identity.instance);

  // What was acknowledged there and is sent again here is known.
  const back = await here.agent({ instance: agent.identity.instance }, MANIFEST_A);
  await back.deliver([capture]);
  expect((await view(there, probe.id)).hits).toBe(1);
});

describe('a process', () => {
  test('is connected wherever it is, and gone when it is nowhere', async () => {
    const agent = await here.agent({}, MANIFEST_A);
    const { instance } = agent.identity;
    await expect.poll(() => processesAt(there), soon).toEqual([[instance, true]]);
    await agent.disconnect();
    await expect.poll(() => processesAt(there), soon).toEqual([[instance, false]]);
  });

  test('that comes to another collector is let go by the first', async () => {
    const first = await here.agent({}, MANIFEST_A);
    const { instance } = first.identity;
    const closed = first.closed();
    await there.agent({ instance }, MANIFEST_A);
    expect(await closed).toEqual({
      code: 1008,
      reason: 'replaced by a newer connection of the same instance',
    });
    expect(await processesAt(here)).toEqual([[instance, true]]);
    expect(await processesAt(there)).toEqual([[instance, true]]);
  });

  test('is connected, though its old connection ends while the new one is being written down', async () => {
    const old = await here.agent({}, MANIFEST_A);
    const { instance } = old.identity;
    const locker = new Client(database);
    await locker.connect();
    await locker.query('begin');
    await locker.query('select from agents for update');
    const fresh = new TestAgent(here.url, here.agentToken, old.identity);
    await once(fresh.socket, 'open');
    fresh.hello();
    await fresh.next('welcome');
    old.socket.terminate();
    await expect.poll(() => processesAt(here)).toEqual([[instance, false]]);
    await locker.query('commit');
    await locker.end();
    await expect.poll(() => processesAt(here)).toEqual([[instance, true]]);
    // What the old one has left behind is heard of by then.
    await sleep(500);
    await expect.poll(() => processesAt(there), later).toEqual([[instance, true]]);
  });

  test('of a collector that stops is gone from all', async () => {
    const agent = await there.agent({}, MANIFEST_A);
    const { instance } = agent.identity;
    await expect.poll(() => processesAt(here), soon).toEqual([[instance, true]]);
    await there.close();
    await expect.poll(() => processesAt(here), soon).toEqual([[instance, false]]);
  });

  test('gets its probes when the manifest of its build arrives at another collector', async () => {
    await here.agent({}, MANIFEST_A);
    const { id } = await here.api.snapshot();
    const build = 'f'.repeat(24);
    const agent = await there.agent({ buildId: build });
    expect(told(agent, id)).toBe(false);
    await here.api.expect('PUT', '/manifests?service=trades', { ...MANIFEST_A, buildId: build });
    await expect.poll(() => told(agent, id), soon).toBe(true);
  });
});

test('the kill switch works at every collector', async () => {
  const agents = [await here.agent({}, MANIFEST_A), await there.agent({}, MANIFEST_A)];
  const policyOf = (agent: TestAgent) => agent.received.findLast((message) => message.type === 'policy');
  await here.api.expect<PolicyView>('PUT', '/kill-switch', { on: true, reason: 'noise' });
  for (const agent of agents) {
    await expect.poll(() => policyOf(agent), soon).toMatchObject({ killed: true, reason: 'noise' });
  }
  expect((await there.api.refuse({})).code).toBe('SWITCHED_OFF');
  await there.api.expect<PolicyView>('PUT', '/kill-switch', { on: false });
  for (const agent of agents) await expect.poll(() => policyOf(agent)?.killed, soon).toBe(false);
});

test('what no announcement told is found by looking, a moment later', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const database = await freshDatabase(postgres.url);
  await loseAnnouncements(database);
  const [one, other] = [await openCollector({ database }), await openCollector({ database })];
  const agent = await other.agent({}, MANIFEST_A);
  const look = (): Promise<unknown> => vi.advanceTimersByTimeAsync(5_000);

  const { id } = await one.api.snapshot();
  await other.api.get('/services');
  expect(told(agent, id)).toBe(false);
  await look();
  await expect.poll(() => told(agent, id), soon).toBe(true);
  await expect.poll(() => processesAt(one), soon).toEqual([[agent.identity.instance, true]]);
  await one.api.expect<PolicyView>('PUT', '/kill-switch', { on: true, reason: 'noise' });
  await one.api.expect('DELETE', `/probes/${id}`);
  await look();
  await expect.poll(() => told(agent, id), soon).toBe(false);
  await expect
    .poll(async () => (await other.api.fail('POST', '/probes', snapshotRequest())).code, soon)
    .toBe('SWITCHED_OFF');
});

/** From now on whoever connects to a database announces nothing by it. */
async function loseAnnouncements(database: string): Promise<void> {
  const client = new Client(database);
  await client.connect();
  await client.query(`
    create function public.pg_notify(text, text) returns void language sql as 'select';
    alter database ${new URL(database).pathname.slice(1)} set search_path = public, pg_catalog`);
  await client.end();
}

test('a backup is left to the tools of the database', async () => {
  const { status, code, message } = await here.api.fail('GET', '/backup');
  expect([status, code]).toEqual([501, 'UNSUPPORTED']);
  expect(message).toContain('pg_dump');
});

test('when the database dies and comes back, all goes on', async () => {
  const agent = await there.agent({}, MANIFEST_A);
  const before = await here.api.snapshot();
  await expect.poll(() => told(agent, before.id), soon).toBe(true);
  await postgres.crash();
  await expect.poll(() => fetch(`${here.url}/readyz`).then(({ status }) => status), later).toBe(200);
  const after = await here.api.snapshot();
  await expect.poll(() => told(agent, after.id), later).toBe(true);
  const capture = agent.capture(before.id);
  await agent.deliver([capture]);
  expect((await here.api.get<CaptureView>(`/captures/${capture.id}`)).probe).toBe(before.id);
});

describe('while the database is away', () => {
  test('a probe whose time is up has ended when it is back', async () => {
    const agent = await here.agent({}, MANIFEST_A);
    const brief = await here.api.snapshot({ limits: { expiresInMs: 1_500 } });
    // The last change of all is another collector's, so that there is nothing to catch up with afterwards.
    const last = await there.api.snapshot();
    await expect.poll(() => told(agent, last.id), soon).toBe(true);
    await there.close();
    const giveBack = await takeAway(database);
    await sleep(brief.expiresAt - Date.now() + 200);
    await giveBack();
    await expect.poll(async () => (await view(here, brief.id)).endCause, later).toBe('expired');
  });

  test('a manifest that could not be read is read when it is back', async () => {
    const storages = await openPostgres(database);
    onTestFinished(() => storages.close());
    const builds = new Builds(storages.environment(1).builds);
    await builds.save(MANIFEST_A);
    const giveBack = await takeAway(database);
    await expect(builds.load(MANIFEST_A.buildId)).rejects.toThrow();
    await giveBack();
    expect((await builds.load(MANIFEST_A.buildId))?.manifest).toEqual(MANIFEST_A);
  });
});

describe('a collector that is killed', () => {
  /** How often it is tried, each time at another moment. */
  const KILLS = Number(process.env['DORMOUSE_KILLS'] ?? 1);

  const start = (): Promise<StartedProgram> => startProgram([], { DORMOUSE_DATABASE: postgres.url });

  test.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
    'nothing that it acknowledged is lost, and what is sent again to the other is there once: %i',
    async () => {
      const [one, other] = await Promise.all([start(), start()]);
      const agent = await TestAgent.connect(one.url, TOKENS.DORMOUSE_AGENT_TOKEN, {}, MANIFEST_A);
      const { id } = await one.api.snapshot({ limits: { hits: 100_000 } });

      const sent: Capture[] = [];
      const acknowledged: string[] = [];
      const killed = once(one.child, 'exit');
      for (;;) {
        const batch = Array.from({ length: 20 }, () => agent.capture(id));
        sent.push(...batch);
        agent.send({ type: 'captures', batch: sent.length, captures: batch });
        // At some moment of what follows, from the message's arrival to its answer.
        if (sent.length === 200) setTimeout(() => one.child.kill('SIGKILL'), 20 * Math.random());
        const answer = await Promise.race([agent.next('stored'), killed]);
        if (Array.isArray(answer)) break;
        acknowledged.push(...batch.map((capture) => capture.id));
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(180);

      const { instance } = agent.identity;
      const back = await TestAgent.connect(other.url, TOKENS.DORMOUSE_AGENT_TOKEN, { instance }, MANIFEST_A);
      expect(back.told).toContain(id);
      const stored = async (): Promise<string[]> => {
        const ids: string[] = [];
        for (let after = '0'; ;) {
          const page = await other.api.get<{ captures: CaptureView[]; next?: string }>(
            `/captures?limit=1000&after=${after}&probe=${id}`,
          );
          ids.push(...page.captures.map((capture) => capture.id));
          if (page.next === undefined) return ids;
          after = page.next;
        }
      };
      expect(await stored()).toEqual(expect.arrayContaining(acknowledged));
      await back.deliver(sent.slice(-60));
      const all = await stored();
      expect(all.toSorted()).toEqual(sent.map((capture) => capture.id).toSorted());
      expect((await other.api.get<ProbeView>(`/probes/${id}`)).hits).toBe(sent.length);
    },
  );
});
