import type { MetricSeries, MetricsView, ProbeCommand, ProbeReport, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type Dormouse, startCollector, type Finished, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

const SERVICE = '1111222233334444';
const BEGIN = Date.UTC(2026, 0, 5, 9);

let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', SERVICE);
});
afterAll(async () => {
  await service.close();
  expect((await collector.stop()).code).toBe(0);
});
afterEach(async () => {
  await collector.run('remove', '--all');
});

let windows = 0;

/** The n-th second of a metric. */
function ship(probe: ProbeCommand, ...series: MetricSeries[]): void {
  windows += 1;
  const from = BEGIN + windows * 1_000;
  service.capture(probe, { metric: { from, to: from + 1_000, series } });
}

const account = (id: string, report: Partial<ProbeReport>): ProbeReport => ({
  id,
  state: 'disarmed',
  seen: 0,
  matched: 0,
  captured: 0,
  skipped: {},
  dropped: {},
  incomplete: 0,
  ...report,
});

/** How many follow evidence now. */
async function followers(): Promise<number> {
  const headers = { authorization: `Bearer ${collector.adminToken}` };
  const figures = await (await fetch(new URL('/metrics', collector.url), { headers })).text();
  return Number(/^dormouse_streams\S* (\d+)$/m.exec(figures)?.[1] ?? 0);
}

/** Ctrl-C on a probe that is followed and that the service is known to have, and what it says when it is then taken away from it. */
async function interrupt(
  running: Dormouse,
  probe: ProbeCommand,
  report: Partial<ProbeReport>,
): Promise<Finished> {
  service.report(account(probe.id, { state: 'armed' }));
  await expect.poll(async () => (await collector.json<ProbeView>('probe', probe.id)).agents.length).toBe(1);
  await expect.poll(followers).toBe(1);
  const finished = running.kill('SIGINT');
  await service.withdrawn(probe.id);
  service.report(account(probe.id, { cause: 'removed', ...report }));
  return finished;
}

const SKETCH = { zeros: 0, positive: [0, 9, 231, 1], negative: [] };

describe('a metric', () => {
  test('counts until Ctrl-C, prints its figures with those of the last window, and takes the probe away', async () => {
    const counter = collector.start(
      'counter',
      'risk.ts:3',
      '--by',
      'order.symbol',
      '--keys',
      '3',
      '--if',
      'amount > 1',
    );
    const probe = await service.armed();
    expect(probe).toMatchObject({
      kind: 'counter',
      condition: { source: 'amount > 1' },
      metric: { by: { source: 'order.symbol' }, keys: 3 },
    });
    ship(probe, { key: 'ALDR', count: 1_200 }, { key: 'B\u001b[2J', count: 3 });
    await counter.printed(/places a counter/);
    const finished = counter.kill('SIGINT');
    await service.withdrawn(probe.id);
    ship(probe, { key: 'ALDR', count: 4 }, { other: true, count: 1 });
    service.report(account(probe.id, { cause: 'removed', captured: 2 }));
    const { code, out } = await finished;
    expect(code).toBe(0);
    expect(out).toBe(`KEY       COUNT  PER SECOND
ALDR      1,204         602
B\\x1b[2J      3         1.5
(others)      1         0.5
over 2s · 1 process
`);
    expect((await collector.json<ProbeView>('probe', probe.id)).state).toBe('ended');
  });

  test('waits for what a process says last, also where it has said nothing yet', async () => {
    const counter = collector.start('counter', 'risk.ts:3');
    const probe = await service.armed();
    await counter.printed(/places a counter/);
    const finished = counter.kill('SIGINT');
    await service.withdrawn(probe.id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    ship(probe, { count: 4_711 });
    service.report(account(probe.id, { cause: 'removed', captured: 1 }));
    expect((await finished).out).toMatch(/4,711/);
  });

  test('stays where it is with --keep, for a time', async () => {
    const gauge = collector.start('gauge', 'risk.ts:3', 'amount', '--for', '1s', '--keep');
    const probe = await service.armed();
    ship(probe, { count: 2, sum: 5, min: 2, max: 3, last: 3 });
    const { code, out } = await gauge.finished;
    expect(code).toBe(0);
    expect(out).toBe(`COUNT  LAST  MEAN  MIN  MAX
    2     3   2.5    2    3
over 1s · 1 process
`);
    const { out: list } = await collector.run('probes');
    expect(list).toMatch(
      new RegExp(`^${probe.id} +gauge +trades +src/risk.ts:3:3 +2 +active, .* +amount$`, 'm'),
    );
  });

  test('prints every window as a line with --json, the last one too', async () => {
    const histogram = collector.start('histogram', 'risk.ts:3', 'amount', '--json');
    const probe = await service.armed();
    ship(probe, { count: 10, sum: 109, min: 1, max: 100, last: 1, sketch: SKETCH });
    await histogram.printed(/"metric"/);
    const finished = histogram.kill('SIGINT');
    await service.withdrawn(probe.id);
    ship(probe, { count: 1, sum: 1, min: 1, max: 1, last: 1, sketch: { ...SKETCH, positive: [0, 1] } });
    service.report(account(probe.id, { cause: 'removed', captured: 2 }));
    const lines = (await finished).out.trim().split('\n');
    const counts = lines.map((line) => (JSON.parse(line) as { metric: { series: MetricSeries[] } }).metric);
    expect(counts.map(({ series }) => series[0]?.count)).toEqual([10, 1]);
  });

  test('of calls tells how they ended, with quantiles', async () => {
    const duration = collector.start('duration', 'risk.ts:assess');
    const probe = await service.armed();
    expect(probe).toMatchObject({ kind: 'duration', place: { on: 'end', functionIndex: 0 } });
    ship(
      probe,
      { outcome: 'returned', count: 10, sum: 109, min: 1, max: 100, last: 1, sketch: SKETCH },
      {
        outcome: 'threw',
        count: 1,
        sum: 0.05,
        min: 0.05,
        max: 0.05,
        last: 0.05,
        sketch: { ...SKETCH, positive: [-150, 1] },
      },
    );
    await duration.printed(/places a duration/);
    const { out } = await interrupt(duration, probe, { captured: 1 });
    expect(out).toBe(`CALLS     COUNT     MEAN      MIN      P50      P90      P99      MAX
returned     10  10.9 ms     1 ms     1 ms     1 ms     1 ms   100 ms
threw         1  0.05 ms  0.05 ms  0.05 ms  0.05 ms  0.05 ms  0.05 ms
over 1s · 1 process
`);
  });

  test('of async calls tells what of their time they ran, and what they waited', async () => {
    const duration = collector.start('duration', 'risk.ts:assess', '--by', 'order.symbol');
    const probe = await service.armed();
    const numbers = { count: 10, sum: 109, min: 1, max: 100, last: 1, sketch: SKETCH };
    const running = { count: 10, sum: 10, min: 1, max: 1, last: 1, sketch: { ...SKETCH, positive: [0, 10] } };
    ship(probe, { outcome: 'returned', key: 'ALDR', ...numbers, running, awaiting: numbers });
    await duration.printed(/places a duration/);
    const { out } = await interrupt(duration, probe, { captured: 1 });
    expect(out).toBe(`CALLS     KEY   COUNT  TIME         MEAN   MIN   P50   P90   P99     MAX
returned  ALDR     10  in all    10.9 ms  1 ms  1 ms  1 ms  1 ms  100 ms
                       running      1 ms  1 ms  1 ms  1 ms  1 ms    1 ms
                       awaiting  10.9 ms  1 ms  1 ms  1 ms  1 ms  100 ms
over 1s · 1 process
`);
  });

  test('from one line to another needs both, and says which hits got no second one', async () => {
    const tictoc = collector.start(
      'tictoc',
      'risk.ts:2',
      '--until',
      '3',
      '--within',
      'request',
      '--by',
      'amount',
    );
    const probe = await service.armed();
    expect(probe).toMatchObject({
      kind: 'tictoc',
      place: { on: 'line', pointIndex: 0 },
      until: { on: 'line', pointIndex: 1 },
      within: 'request',
    });
    windows += 1;
    service.capture(probe, {
      metric: {
        from: BEGIN,
        to: BEGIN + 1_000,
        series: [{ key: '7', count: 10, sum: 109, min: 1, max: 100, last: 1, sketch: SKETCH }],
        failed: { unfinished: 2 },
      },
    });
    await tictoc.printed(/places a tictoc/);
    const { out } = await interrupt(tictoc, probe, { captured: 1 });
    expect(out).toBe(`KEY  COUNT     MEAN   MIN   P50   P90   P99     MAX
7       10  10.9 ms  1 ms  1 ms  1 ms  1 ms  100 ms
over 1s · 1 process · 2 hits without: the second line did not follow
`);
    expect((await collector.run('probe', probe.id)).out).toMatch(
      /\n {2}until +src\/risk.ts:3:3\n {2}within +the same request\n/,
    );
  });

  test.each([
    [['tictoc', 'risk.ts:2'], '--until is missing'],
    [['tictoc', 'risk.ts:2', '--until', 'risk.ts:assess'], '--until risk.ts:assess is no line'],
    [['tictoc', 'risk.ts:2', '--until', '3', '--within', 'file'], '--within file is none of call, request'],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await collector.run(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('whose figures could not be read says so', async () => {
    const gauge = collector.start('gauge', 'risk.ts:3', 'order.total');
    const probe = await service.armed();
    windows += 1;
    service.capture(probe, {
      metric: { from: BEGIN, to: BEGIN + 1_000, series: [], failed: { notANumber: 12 } },
    });
    await gauge.printed(/places a gauge/);
    const { out } = await interrupt(gauge, probe, { captured: 1 });
    expect(out).toBe('over 1s · 1 process · 12 hits without: not a number\n');
  });

  test('without hits says that, and that is in the API too', async () => {
    const counter = collector.start('counter', 'risk.ts:assess', '--on', 'throw', '--for', '200ms', '--keep');
    const probe = await service.armed();
    expect(probe).toMatchObject({ place: { on: 'throw' } });
    expect((await counter.finished).out).toBe('No hits yet.\n');
    const response = await fetch(`${collector.url}/api/v1/metrics?probe=${probe.id}`, {
      headers: { authorization: `Bearer ${collector.adminToken}` },
    });
    expect((await response.json()) as MetricsView).toMatchObject({ windows: 0, series: [] });
  });

  test('is listed and shown among the captures', async () => {
    const counter = collector.start('counter', 'risk.ts:3', '--keep', '--for', '1s');
    const probe = await service.armed();
    ship(probe, { key: 'a', count: 2 }, { key: 'b', count: 1 });
    await counter.finished;
    const listed = (await collector.run('captures', '--probe', probe.id)).out;
    expect(listed).toMatch(/ 3 hits in 2 series\n$/);
    const [, id = ''] = /\n(\S+) /.exec(listed) ?? [];
    const shown = (await collector.run('capture', id)).out;
    expect(shown).toContain('  figures\n    KEY  COUNT\n    a        2\n    b        1\n');
  });
});

describe('a check', () => {
  const check = { held: 0, violated: 0, failed: 0 };

  test('holds when every process has decided so, and ends with 0', async () => {
    const running = collector.start('check', 'risk.ts:3', 'amount > 0', '--after', '1000');
    const probe = await service.armed();
    expect(probe).toMatchObject({
      kind: 'check',
      expect: { source: 'amount > 0' },
      verdict: { afterHits: 1_000 },
    });
    const pause = { cause: 'cpuBudget', since: BEGIN, until: BEGIN + 1_000 } as const;
    service.report(account(probe.id, { state: 'armed' }));
    service.report(account(probe.id, { state: 'armed', pause }));
    await running.printed(/all probes of the process rest: they took more than their share of its time\n/);
    service.report(account(probe.id, { cause: 'verdict', seen: 1_000, check: { ...check, held: 1_000 } }));
    expect(await running.finished).toMatchObject({
      code: 0,
      out: 'holds  held 1,000 times, violated 0 times\n',
    });
  });

  test('that is violated shows how, and ends with 1', async () => {
    const running = collector.start('check', 'risk.ts:assess', '$return', '--on', 'return');
    const probe = await service.armed();
    service.capture(probe, {
      on: 'return',
      returned: { type: 'boolean', value: false },
      durationMs: 1.25,
      locals: [{ key: 'order', value: { type: 'null' } }],
    });
    await running.printed(/returned/);
    const { code, out } = await interrupt(running, probe, {
      captured: 1,
      check: { ...check, held: 2, violated: 1 },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^check on return {2}src\/risk\.ts:1:1 {2}in assess\n/);
    expect(out).toContain('  call\n    returned  boolean  false\n    duration           1.25 ms\n');
    expect(out).toMatch(/\nviolated {2}held 2 times, violated 1 time\n$/);
  });

  test('without a hit is undecided, and ends with 2', async () => {
    const running = collector.start('check', 'risk.ts:3', 'amount > 0', '--json');
    const probe = await service.armed();
    const { code, out } = await interrupt(running, probe, { check });
    expect({ code, out }).toEqual({
      code: 2,
      out: '{"held":0,"violated":0,"failed":0,"verdict":"undecided"}\n',
    });
  });
});
