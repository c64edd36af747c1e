import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AgentDetail,
  AuditVerification,
  CaptureView,
  ProbeRequest,
  ProbeView,
} from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until, type Api } from '../scripts/lib/api.ts';
import { lineOf } from '../scripts/lib/example.ts';
import { Traffic } from './faults/traffic.ts';
import { FAULTS, openWorld, SERVICES, type World } from './faults/world.ts';

/**
 * Woven programs under traffic while something breaks, at another moment each time. Nothing is lost or there twice, nothing stays
 * armed, and all find together again by themselves. `npm run test:faults` does it a hundred times for each.
 */
const ROUNDS = Number(process.env['DORMOUSE_FAULTS'] ?? 1);
/** When it breaks after the traffic began to flow, ms. */
const STRIKES_WITHIN_MS = 600;
/** Reconnecting waits longer each time, and a slow machine is slow. */
const PATIENCE_MS = 300_000;
const PAGE = 1_000;
/** Whoever asks without a pause takes the machine's time from those he waits for, ms. */
const ASK_EVERY_MS = 100;
/** Processes count a probe's life from when they hear of it, ms. */
const LATE_MS = 1_000;

const QUOTES = 'src/trades/routes/quotes.ts';
const PROBE: ProbeRequest = {
  kind: 'log',
  service: 'trades',
  location: { file: QUOTES, line: lineOf(QUOTES, 'return quote(instrument') },
  template: 'a quote',
  limits: { hits: 1_000_000, hitsPerSecond: 1_000, expiresInMs: 86_400_000 },
};

/** Asks until something is so; while nobody answers it is not. */
const eventually = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
  let problem: unknown;
  const askOnce = async (): Promise<T | undefined> => {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      problem = error;
    }
    await sleep(ASK_EVERY_MS);
    return undefined;
  };
  return until(what, askOnce, PATIENCE_MS).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}; last: ${String(problem)}`, { cause: error });
  });
};

describe.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])('when %s', (fault) => {
  let world: World;
  let traffic: Traffic;
  let lasting: ProbeView;
  /** By instance: its hits that are stored. */
  const stored = new Map<string, Set<number>>();
  const twice: string[] = [];
  let cursor = '0';
  const passed: ProbeView[] = [];

  beforeAll(async () => {
    world = await openWorld(fault);
    traffic = new Traffic(world.services);
    await eventually('both are connected', () => connected(world));
    lasting = await eventually('its build is known', () => world.api.createProbe(PROBE));
    await eventually('both have armed it', () => armed(world.api, lasting.id));
  }, PATIENCE_MS);

  afterAll(() => world.close(), 60_000);

  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
    'under traffic, all that was captured is stored once, and what expires meanwhile is disarmed: %i',
    async () => {
      const expiresInMs = Math.round(200 + 1_000 * Math.random());
      const limits = { hits: 1_000_000, hitsPerSecond: 1_000, expiresInMs };
      const passing = await eventually('a short probe', () => world.api.createProbe({ ...PROBE, limits }));
      traffic.flow();
      await sleep(STRIKES_WITHIN_MS * Math.random());
      await world.strike();
      const asked = await traffic.hold();

      const instances = await eventually('both are connected again', () => connected(world));
      await expectAllOnce(instances, asked);
      const ended = await eventually('the short probe ends', async () => {
        const view = await world.api.probe(passing.id);
        return view.state === 'ended' ? view : undefined;
      });
      expect(ended.endCause).toBe('expired');
      passed.push(passing);
      await expectOnlyLastingArmed(instances);
      await expectNoneAfterEnd();
      await expectChainIntact();
    },
    2 * PATIENCE_MS,
  );

  /** What a process has captured, by its own account, is there; a busy machine may let it rest, and then it says so. */
  async function expectAllOnce(instances: readonly string[], asked: readonly number[]): Promise<void> {
    await eventually('all that was captured', async () => {
      for (const { instance, hit, cursor: place } of await newCaptures()) {
        const hits = stored.get(instance) ?? new Set();
        if (hits.has(hit)) twice.push(`${hit} of ${instance}`);
        stored.set(instance, hits.add(hit));
        cursor = place;
      }
      const { agents, hits: counted } = await world.api.probe(lasting.id);
      const accounts = instances.map((instance) => agents.find((agent) => agent.instance === instance)!);
      const isAllThere = accounts.every(
        ({ seen, captured, instance }, index) =>
          seen === asked[index] && captured === (stored.get(instance)?.size ?? 0),
      );
      const sum = accounts.reduce((total, { captured }) => total + captured, 0);
      if (isAllThere && counted === sum) return accounts;
      throw new Error(JSON.stringify({ asked, counted, stored: sizesOf(stored), accounts }));
    });
    expect(twice).toEqual([]);
  }

  const newCaptures = (): Promise<readonly CaptureView[]> =>
    world.api.captures({ probe: lasting.id, after: cursor, limit: PAGE });

  /** Of what the processes themselves say, as far as they are connected to the collector that is asked. */
  async function expectOnlyLastingArmed(instances: readonly string[]): Promise<void> {
    for (const instance of instances) {
      await eventually(`${instance} has only the lasting probe armed`, async () => {
        const { reports } = (await world.api.call('GET', `/agents/${instance}`)) as AgentDetail;
        const still = reports?.filter(({ state }) => state === 'armed').map(({ id }) => id);
        return still === undefined || String(still) === lasting.id || undefined;
      });
    }
  }

  /** Traffic has flowed on since the end of the probes before the last. */
  async function expectNoneAfterEnd(): Promise<void> {
    for (const { id, expiresAt } of passed.slice(-2)) {
      const query = `probe=${id}&order=newest&limit=1`;
      const { captures } = (await world.api.call('GET', `/captures?${query}`)) as { captures: CaptureView[] };
      expect(captures[0]?.at ?? 0).toBeLessThan(expiresAt + LATE_MS);
    }
  }

  async function expectChainIntact(): Promise<void> {
    const verification = (await world.api.call('GET', '/audit/verification')) as AuditVerification;
    expect(verification).toMatchObject({ intact: true });
  }
});

/** The instances, in the order of the programs, once all of them are connected. */
async function connected({ api, services }: World): Promise<string[] | undefined> {
  const agents = (await api.services()).flatMap((service) => service.agents);
  const instances = services.map(
    ({ pid }) => agents.find((agent) => agent.pid === pid && agent.connected)?.instance,
  );
  return instances.every((instance) => instance !== undefined) ? instances : undefined;
}

const sizesOf = (sets: ReadonlyMap<string, ReadonlySet<unknown>>): object =>
  Object.fromEntries(Array.from(sets, ([name, { size }]) => [name, size]));

async function armed(api: Api, id: string): Promise<true | undefined> {
  const { agents } = await api.probe(id);
  return agents.filter(({ state }) => state === 'armed').length === SERVICES || undefined;
}
