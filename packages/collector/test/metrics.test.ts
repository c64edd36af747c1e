import {
  SKETCH_GAMMA,
  type MintedToken,
  type MetricSeries,
  type MetricsView,
  type MetricWindow,
  type ProbeRequest,
  type ProbeView,
} from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { MergedSketch } from '../src/metrics/merged-sketch.ts';
import type { TestAgent } from './support/agent.ts';
import { TestApi } from './support/api.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { BUILD_B, MANIFEST_A } from './support/manifest.ts';

let collector: TestCollector;
let agent: TestAgent;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
});

const create = (request: Partial<ProbeRequest>): Promise<ProbeView> =>
  collector.api.expect('POST', '/probes', {
    service: 'trades',
    location: { file: 'src/risk.ts', line: 13 },
    ...request,
  });

const metrics = (probe: ProbeView, query = ''): Promise<MetricsView> =>
  collector.api.get(`/metrics?probe=${probe.id}${query}`);

async function deliver(
  from: TestAgent,
  { id, kind }: ProbeView,
  ...windows: Partial<MetricWindow>[]
): Promise<void> {
  await from.deliver(
    windows.map((window) =>
      from.capture(id, { kind, locals: [], metric: { from: 1_000, to: 2_000, series: [], ...window } }),
    ),
  );
}

const binOf = (value: number): number => Math.ceil(Math.log(value) / Math.log(SKETCH_GAMMA));

const distribution = (...values: readonly number[]): MetricSeries => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  min: Math.min(...values),
  max: Math.max(...values),
  last: values.at(-1) as number,
  sketch: {
    zeros: 0,
    positive: values.toSorted((a, b) => a - b).flatMap((value) => [binOf(value), 1]),
    negative: [],
  },
});

describe('a metric', () => {
  test('is told to processes with its expressions, and shown with their text', async () => {
    const probe = await create({ kind: 'histogram', value: 'score * 2', by: 'trade.id', keys: 7 });
    expect(probe).toMatchObject({
      kind: 'histogram',
      on: 'line',
      value: 'score * 2',
      by: 'trade.id',
      keys: 7,
    });
    const { probes } = await agent.next('probes');
    expect(probes[0]).toMatchObject({
      kind: 'histogram',
      metric: { value: { source: 'score * 2' }, by: { source: 'trade.id' }, keys: 7 },
    });
  });

  test('of durations waits for the end of calls', async () => {
    const probe = await create({ kind: 'duration', location: { file: 'risk.ts', function: 'assess' } });
    expect(probe).toMatchObject({ on: 'end', function: 'assess' });
  });

  test('of durations of an async function is told how its lines are followed', async () => {
    const [file] = MANIFEST_A.files;
    const async = { ...file!, functions: file!.functions.map((fn) => ({ ...fn, async: true })) };
    const waiting = await collector.agent(
      { instance: 'c'.repeat(16) },
      { ...MANIFEST_A, buildId: BUILD_B, files: [async] },
    );
    await create({ kind: 'duration', location: { file: 'risk.ts', function: 'assess' } });
    expect((await waiting.next('probes')).probes[0]?.metric).toEqual({ keys: 50, passes: [3, 5, 3, 4] });
    expect((await agent.next('probes')).probes[0]?.metric).toEqual({ keys: 50 });
  });

  test('from one line to another is told with both, and reads its key at the second one', async () => {
    const request = { kind: 'tictoc', until: { file: 'risk.ts', line: 18, column: 20 }, by: 'flag' } as const;
    const probe = await create({ ...request, location: { file: 'risk.ts', line: 13 }, condition: 'config' });
    expect(probe).toMatchObject({
      on: 'line',
      within: 'call',
      until: { file: 'src/risk.ts', line: 18, column: 20 },
      by: 'flag',
    });
    expect((await agent.next('probes')).probes).toMatchObject([
      {
        kind: 'tictoc',
        place: { on: 'line', pointIndex: 1 },
        until: { on: 'line', pointIndex: 3, locals: ['trade', 'score', 'flag'] },
        within: 'call',
        metric: { by: { source: 'flag' } },
      },
    ]);
  });

  test('from one line to another of the same request may cross functions and files', async () => {
    const until = { file: 'price.ts', line: 2 };
    const probe = await create({ kind: 'tictoc', until, within: 'request', by: 'cart.id' });
    expect(probe).toMatchObject({ within: 'request', until: { file: 'src/price.ts', line: 2, column: 3 } });
  });

  test.each<[Partial<ProbeRequest>, string, string]>([
    [{ kind: 'tictoc' }, 'INVALID_REQUEST', 'until'],
    [{ kind: 'tictoc', until: { file: 'price.ts', line: 2 } }, 'INVALID_REQUEST', 'until.line'],
    [{ kind: 'tictoc', until: { file: 'risk.ts', line: 12 } }, 'NO_CODE_AT_LINE', 'until.line'],
    [{ kind: 'tictoc', until: { file: 'risk.ts', line: 18 }, by: 'config' }, 'UNKNOWN_VARIABLE', 'by'],
    [
      { kind: 'tictoc', until: { file: 'price.ts', line: 2 }, within: 'request', by: 'margin' },
      'REDACTED_NAME',
      'by',
    ],
    [
      { kind: 'tictoc', until: { file: 'risk.ts', line: 18 }, condition: 'flag' },
      'UNKNOWN_VARIABLE',
      'condition',
    ],
    [{ kind: 'histogram', value: 'socre' }, 'UNKNOWN_VARIABLE', 'value'],
    [{ kind: 'counter', by: 'trade.password' }, 'REDACTED_NAME', 'by'],
    [{ kind: 'gauge' }, 'INVALID_REQUEST', 'value'],
    [{ kind: 'counter', keys: 501 }, 'INVALID_REQUEST', 'keys'],
    [{ kind: 'counter', limits: { hits: 3 } }, 'INVALID_REQUEST', 'limits'],
  ])('%j is refused', async (request, code, path) => {
    const error = await collector.api.fail('POST', '/probes', {
      service: 'trades',
      location: { file: 'src/risk.ts', line: 13 },
      ...request,
    });
    expect(error).toMatchObject({ code, path });
  });
});

describe('figures', () => {
  test('are added over windows and processes, and each window once', async () => {
    const probe = await create({ kind: 'gauge', value: 'score' });
    const other = await collector.agent({}, MANIFEST_A);
    await deliver(agent, probe, { series: [{ count: 2, sum: 10, min: 4, max: 6, last: 4 }] });
    await deliver(other, probe, { to: 3_000, series: [{ count: 1, sum: 1, min: 1, max: 1, last: 1 }] });
    const again = agent.capture(probe.id, { kind: 'gauge', metric: { from: 1_500, to: 2_500, series: [] } });
    await agent.deliver([again], 71);
    await agent.deliver([again], 72);
    expect(await metrics(probe)).toEqual({
      probe: probe.id,
      kind: 'gauge',
      from: 1_000,
      to: 3_000,
      windows: 3,
      instances: [agent.identity.instance, other.identity.instance],
      series: [{ count: 3, sum: 11, mean: 11 / 3, min: 1, max: 6, last: 1 }],
      failed: {},
    });
  });

  test('of async calls are added by the parts of their time', async () => {
    const probe = await create({
      kind: 'duration',
      by: '$return',
      keys: 1,
      location: { file: 'risk.ts', line: 13 },
    });
    const window = (key: string, running: number, awaiting: number): Partial<MetricWindow> => ({
      series: [
        {
          key,
          outcome: 'returned',
          ...distribution(running + awaiting),
          running: distribution(running),
          awaiting: distribution(awaiting),
        },
      ],
    });
    await deliver(agent, probe, window('a', 2, 30), window('a', 4, 10), window('b', 1, 5), window('c', 1, 7));
    const { series } = await metrics(probe);
    expect(series).toMatchObject([
      {
        key: 'a',
        count: 2,
        sum: 46,
        running: {
          count: 2,
          sum: 6,
          mean: 3,
          min: 2,
          max: 4,
          quantiles: { p50: expect.closeTo(2, 1) as number },
        },
        awaiting: { count: 2, sum: 40, mean: 20, quantiles: { p99: expect.closeTo(10, 0) as number } },
      },
      { other: true, count: 2, running: { count: 2, sum: 2 }, awaiting: { sum: 12, min: 5, max: 7 } },
    ]);
  });

  test('grow with every look, however many look at once', async () => {
    const probe = await create({ kind: 'counter' });
    for (let round = 1; round <= 3; round++) {
      await deliver(agent, probe, { series: [{ count: 2 }] });
      const looks = await Promise.all([metrics(probe), metrics(probe), metrics(probe)]);
      expect(looks.map(({ windows, series }) => [windows, series[0]?.count])).toEqual(
        Array.from({ length: 3 }, () => [round, 2 * round]),
      );
    }
  });

  test('are without their keys, which are captured values, for who may not read those', async () => {
    const probe = await create({ kind: 'counter', by: 'trade.id' });
    const series = [
      { key: 'ann@example.com', count: 1 },
      { key: 'bob@example.com', count: 2 },
    ];
    await deliver(agent, probe, { series });
    const rights = { name: 'viewer', place: 'default', role: 'viewer', grants: [] };
    const { secret } = await collector.api.expect<MintedToken>('POST', '/tokens', rights);
    const viewer = new TestApi(collector.url, secret);
    for (const query of ['', '&from=0']) {
      const view = await viewer.get<MetricsView>(`/metrics?probe=${probe.id}${query}`);
      expect(view.withheld).toBe('values');
      expect(JSON.stringify(view)).not.toContain('example.com');
      expect(view.series.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    }
  });

  test('have the largest keys first, as many as the probe has, and the others together', async () => {
    const probe = await create({ kind: 'counter', by: 'trade.id', keys: 2 });
    await deliver(
      agent,
      probe,
      {
        series: [
          { key: 'a', count: 1 },
          { key: 'b', count: 2 },
          { other: true, count: 10 },
        ],
      },
      {
        series: [
          { key: 'c', count: 5 },
          { key: 'a', count: 3 },
        ],
        failed: { notAKey: 1 },
      },
      { series: [], failed: { notAKey: 2, error: 1 } },
    );
    const { series, failed } = await metrics(probe);
    expect(series).toEqual([
      { key: 'c', count: 5 },
      { key: 'a', count: 4 },
      { other: true, count: 12 },
    ]);
    expect(failed).toEqual({ notAKey: 3, error: 1 });
  });

  test('tell outcomes of calls apart', async () => {
    const probe = await create({ kind: 'duration', location: { file: 'risk.ts', line: 13 } });
    await deliver(agent, probe, {
      series: [
        { outcome: 'threw', ...distribution(7) },
        { outcome: 'returned', ...distribution(1, 2, 3) },
      ],
    });
    expect((await metrics(probe)).series).toMatchObject([
      { outcome: 'returned', count: 3, mean: 2 },
      { outcome: 'threw', count: 1, quantiles: { p50: 7, p99: 7 } },
    ]);
  });

  test('have quantiles of all windows together, to one per cent', async () => {
    const probe = await create({ kind: 'histogram', value: 'score' });
    const values = Array.from({ length: 1_000 }, (_, index) => 0.001 * 1.02 ** index);
    const shuffled = values.map((_, index) => values[(index * 617) % 1_000] as number);
    for (let start = 0; start < 1_000; start += 250) {
      await deliver(agent, probe, { series: [distribution(...shuffled.slice(start, start + 250))] });
    }
    const [series] = (await metrics(probe)).series;
    expect(series?.count).toBe(1_000);
    for (const [name, part] of [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p99', 0.99],
    ] as const) {
      const exact = values[Math.floor(part * 999)] as number;
      expect(Math.abs((series?.quantiles?.[name] as number) / exact - 1)).toBeLessThanOrEqual(0.010_001);
    }
  });

  test('are of the windows that ended in a time', async () => {
    const probe = await create({ kind: 'counter' });
    await deliver(agent, probe, ...[1, 2, 3].map((end) => ({ from: 0, to: end, series: [{ count: end }] })));
    expect(await metrics(probe, '&from=2&to=2')).toMatchObject({ windows: 1, series: [{ count: 2 }] });
    const none = await metrics(probe, '&from=4');
    expect(none).toMatchObject({ windows: 0, series: [] });
    expect(none).not.toHaveProperty('from');
  });

  test('count as the hits of the probe, and end nothing', async () => {
    const probe = await create({ kind: 'counter' });
    await deliver(agent, probe, { series: [{ count: 3_000_000 }] });
    const view = await collector.api.get<ProbeView>(`/probes/${probe.id}`);
    expect(view).toMatchObject({ state: 'active', hits: 3_000_000 });
  });

  test('of what is no metric are refused', async () => {
    const snapshot = await collector.api.snapshot();
    expect(await collector.api.fail('GET', `/metrics?probe=${snapshot.id}`)).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'probe',
    });
    expect(await collector.api.fail('GET', '/metrics?probe=p_none')).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('quantiles go from the least negative number over zeros to the largest', () => {
  const sketch = new MergedSketch();
  sketch.add({ zeros: 2, positive: [binOf(10), 1], negative: [binOf(5), 1, binOf(100), 1] });
  const [least, second, third, fourth, largest] = sketch.quantiles(0, 0.25, 0.5, 0.75, 1);
  expect([least, second, third, fourth, largest].map(Math.round)).toEqual([-100, -5, 0, 0, 10]);
});
