import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, type Manifest, type ProbeRequest } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TradesRequest } from '../examples/trades/src/traffic/requests.ts';
import { until } from '../scripts/lib/api.ts';
import { BUILDS, exampleRequests } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import { openStage, type ServiceOptions, type Stage } from '../scripts/lib/stage.ts';

/**
 * The woven example answers every request exactly as the unwoven one: without a runtime, with an idle
 * runtime, and with probes armed all over both services.
 */

const REQUESTS = 1_200;
const SEED = 20_261;

/** Headers that differ between any two runs of the same program. */
const VOLATILE_HEADERS = new Set(['date']);

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

let stage: Stage;
let recorded: readonly TradesRequest[];
let expected: readonly Answer[];

beforeAll(async () => {
  stage = await openStage();
  recorded = await exampleRequests(SEED, REQUESTS);
  expected = await answers({ build: 'unwoven', runtime: false });
}, 120_000);

afterAll(() => stage.close());

describe(`the woven example, ${REQUESTS} recorded requests`, () => {
  it('is compared against answers of every kind', () => {
    const statuses = new Set(expected.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 201, 400, 401, 404, 422]));
  });

  it('answers the same without a runtime', async () => {
    expectSame(await answers({ runtime: false }));
  }, 120_000);

  it('answers the same with an idle runtime', async () => {
    expectSame(await answers({ runtime: true }));
  }, 120_000);

  it('answers the same with probes armed on both services', async () => {
    const arm = async (): Promise<void> => {
      for (const probe of [...probesEverywhere('trades', 100), ...probesEverywhere('fraud', 30)]) {
        await stage.api.createProbe(probe);
      }
      await allArmed();
    };
    expectSame(await answers({ runtime: true }, arm));
    const hits = (await stage.api.probes()).map((probe) => probe.hits);
    expect(hits.filter((count) => count > 0).length).toBeGreaterThan(50);
  }, 180_000);
});

/** Plays the recorded requests, in order, against freshly started services. */
async function answers(build: ServiceOptions, ready?: () => Promise<void>): Promise<readonly Answer[]> {
  const options = { ...build, node: HOST_NODE };
  const fraud = await stage.startService('fraud', options);
  const trades = await stage.startService('trades', {
    ...options,
    env: { TRADES_SEED: '1', FRAUD_URL: fraud.url },
  });
  await ready?.();
  const received: Answer[] = [];
  for (const { method, path, headers, body } of recorded) {
    const response = await fetch(new URL(path, trades.url), {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    received.push({
      status: response.status,
      headers: [...response.headers].filter(([name]) => !VOLATILE_HEADERS.has(name)),
      body: await response.text(),
    });
  }
  expect(await trades.stop()).toBe(0);
  expect(await fraud.stop()).toBe(0);
  return received;
}

function expectSame(actual: readonly Answer[]): void {
  expect(actual).toHaveLength(REQUESTS);
  const different = actual.flatMap((answer, index) =>
    JSON.stringify(answer) === JSON.stringify(expected[index])
      ? []
      : [{ request: recorded[index], expected: expected[index], actual: answer }],
  );
  expect(different).toEqual([]);
}

/** About `count` probes spread evenly over a service's source, snapshots and logs in turn. */
function probesEverywhere(service: 'trades' | 'fraud', count: number): ProbeRequest[] {
  const manifest = JSON.parse(readFileSync(join(BUILDS.woven, MANIFEST_FILE), 'utf8')) as Manifest;
  const places = manifest.files
    .filter(({ sources }) => sources[0]?.path.startsWith(`src/${service}/`))
    .flatMap(({ sources, functions }) =>
      functions.flatMap(({ kind, points }) =>
        kind === 'module'
          ? []
          : points.map(({ line, column }) => ({ file: sources[0]?.path ?? '', line, column })),
      ),
    );
  const step = Math.max(1, Math.floor(places.length / count));
  return places
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map((location, index) => ({
      service,
      location,
      limits: { hits: 100_000, hitsPerSecond: 1_000 },
      ...(index % 2 === 0 ? { kind: 'snapshot' } : { kind: 'log', template: 'here' }),
    }));
}

/** Every active probe is reported armed by a connected process of its service. */
async function allArmed(): Promise<void> {
  await until(
    'every probe is armed',
    async () => {
      const probes = await stage.api.probes();
      const live = new Set(
        (await stage.api.services()).flatMap(({ agents }) =>
          agents.filter(({ connected }) => connected).map(({ instance }) => instance),
        ),
      );
      const armed = probes.every(({ agents }) =>
        agents.some(({ instance, state }) => live.has(instance) && state === 'armed'),
      );
      return armed ? true : undefined;
    },
    20_000,
  );
}
