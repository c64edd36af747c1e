import { clock } from './support/clock.ts';
import {
  CONTRACT_VERSION,
  DEFAULT_REDACTION_RULES,
  DEFAULT_PROCESS_LIMITS,
  METRIC_LIMITS,
  SKETCH_BINS,
  SKETCH_GAMMA,
  type Capture,
  type DropReason,
  type MetricSeries,
  type MetricWindow,
  type ProbeCommand,
  type RedactionRules,
} from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createProbeSet } from '../src/agent/probe-set.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { binOf } from '../src/hit/metrics/bin-of.ts';
import { GrowingSketch } from '../src/hit/metrics/sketch.ts';
import { applyRedactionRules } from '../src/redact/rules.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { commandAt, commandOn, type MetricOptions } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';
import { runWoven, type WovenScript } from './support/woven.ts';

interface Armed {
  readonly captures: Capture[];
  readonly probes: ReturnType<typeof createProbeSet>;
  readonly call: (...values: unknown[]) => unknown;
  /** Lets a second pass, and tells what was shipped in it. */
  next(): MetricWindow[];
  /** What the outbox answers from now on. */
  refuse(reason: DropReason | undefined): void;
}

function arm(source: string, command: (woven: WovenScript) => ProbeCommand): Armed {
  const woven = runWoven(source);
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  const captures: Capture[] = [];
  let refusal: DropReason | undefined;
  let told = 0;
  const probes = createProbeSet(
    board,
    {
      budget: new ProcessBudget(DEFAULT_PROCESS_LIMITS),
      nextCaptureId: () => `capture-${captures.length + 1}`,
      enqueue(capture) {
        if (refusal === undefined) captures[captures.length] = capture;
        return refusal;
      },
    },
    () => true,
    () => undefined,
  );
  probes.apply([command(woven)]);
  expect(probes.takeReports()).toMatchObject([{ state: 'armed' }]);
  return {
    captures,
    probes,
    call: woven.value as Armed['call'],
    next() {
      clock.pass(METRIC_LIMITS.windowMs);
      probes.settle();
      const news = captures.slice(told).map(({ metric }) => metric as MetricWindow);
      told = captures.length;
      return news;
    },
    refuse: (reason) => (refusal = reason),
  };
}

const IDENTITY = `(function (value, key) {\n  return value;\n})`;

const armAt = (metric: MetricOptions, condition?: string): Armed =>
  arm(IDENTITY, (woven) => commandAt(woven, 2, { metric, ...(condition !== undefined && { condition }) }));

const countsByKey = (window: MetricWindow | undefined): Record<string, number> =>
  Object.fromEntries((window?.series ?? []).map(({ key, other, count }) => [other ? '*' : key, count]));

/** As the collector computes it, see `Sketch` of the protocol; for positive numbers. */
function quantile({ count, sketch }: MetricSeries, part: number): number {
  let rank = part * (count - 1);
  const bins = sketch?.positive ?? [];
  for (let at = 0; at < bins.length; at += 2) {
    rank -= bins[at + 1] as number;
    if (rank < 0) return (2 * SKETCH_GAMMA ** (bins[at] as number)) / (SKETCH_GAMMA + 1);
  }
  throw new Error('no such rank');
}

describe('a counter', () => {
  it('counts the hits of a second, and says nothing of seconds without hits', () => {
    const { call, next, probes, captures } = armAt({ kind: 'counter' });
    for (let hit = 0; hit < 1_000; hit++) call(hit);
    expect(next()).toMatchObject([{ series: [{ count: 1_000 }] }]);
    expect(next()).toEqual([]);
    call(1);
    const [window] = next();
    expect(window?.series).toEqual([{ count: 1 }]);
    expect(probes.takeReports()).toMatchObject([
      { state: 'armed', seen: 1_001, matched: 1_001, captured: 2 },
    ]);
    expect(captures.map(({ kind, hit }) => [kind, hit])).toEqual([
      ['counter', 1],
      ['counter', 2],
    ]);
  });

  it('is not limited by hits or rate', () => {
    const { call, next, probes } = arm(IDENTITY, (woven) =>
      commandAt(woven, 2, {
        metric: { kind: 'counter' },
        limits: { hits: 1, hitsPerSecond: 1 },
      }),
    );
    for (let second = 0; second < 3; second++) {
      for (let hit = 0; hit < 10; hit++) call(hit);
      expect(next()).toMatchObject([{ series: [{ count: 10 }] }]);
    }
    expect(probes.takeReports()).toMatchObject([{ state: 'armed' }]);
  });

  it('counts what its condition lets through', () => {
    const { call, next } = armAt({ kind: 'counter' }, 'value > 6');
    for (let value = 0; value < 10; value++) call(value);
    expect(next()).toMatchObject([{ series: [{ count: 3 }] }]);
  });

  it('tells keys apart, of any plain type, as text', () => {
    const { call, next } = armAt({ kind: 'counter', by: 'key' });
    for (const key of ['a', 'b', 'a', 1, true, null, undefined, 2n, '1']) call(0, key);
    expect(countsByKey(next()[0])).toEqual({ a: 2, b: 1, 1: 2, true: 1, null: 1, undefined: 1, 2: 1 });
  });

  it('counts keys that are none as failed', () => {
    const { call, next } = armAt({ kind: 'counter', by: 'key' });
    for (const key of [{}, Symbol('s'), () => {}, 'a']) call(0, key);
    expect(next()).toMatchObject([{ series: [{ key: 'a', count: 1 }], failed: { notAKey: 3 } }]);
  });

  it('keeps the first keys of a window apart, and all others together', () => {
    const { call, next } = armAt({ kind: 'counter', by: 'key', keys: 2 });
    for (const key of ['a', 'b', 'c', 'd', 'a', 'c']) call(0, key);
    expect(countsByKey(next()[0])).toEqual({ a: 2, b: 1, '*': 3 });
    call(0, 'd');
    expect(countsByKey(next()[0])).toEqual({ d: 1 });
  });

  it('redacts keys, and cuts long ones', () => {
    const { call, next } = armAt({ kind: 'counter', by: 'key' });
    for (let hit = 0; hit < 3; hit++) {
      call(0, 'card 4111 1111 1111 1111');
      call(0, 'x'.repeat(1_000_000));
    }
    const counts = countsByKey(next()[0]);
    expect(JSON.stringify(counts)).not.toContain('4111');
    expect(Object.keys(counts).map((key) => key.length <= METRIC_LIMITS.keyLength)).toEqual([true, true]);
    expect(Object.values(counts)).toEqual([3, 3]);
  });

  it('counts calls that begin or throw', () => {
    const source = `function f(n) { if (n > 2) throw new Error('no'); return n }\nf`;
    for (const [on, count] of [['entry', 4] as const, ['throw', 1] as const]) {
      const { call, next } = arm(source, (woven) =>
        commandOn(on, woven, 'f', { metric: { kind: 'counter' } }),
      );
      for (const n of [0, 1, 2]) call(n);
      expect(() => call(3)).toThrow('no');
      expect(next()).toMatchObject([{ series: [{ count }] }]);
    }
  });
});

describe('a gauge', () => {
  it('tells the last, least and largest number, and their sum', () => {
    const { call, next } = armAt({ kind: 'gauge', value: 'value * 2' });
    for (const value of [3, 1, 5, 2]) call(value);
    expect(next()[0]?.series).toEqual([{ count: 4, sum: 22, min: 2, max: 10, last: 4 }]);
  });

  it('reads outer variables', () => {
    const { call, next } = arm(
      `(() => { const queue = [];\n  return (item) => {\n    queue.push(item);\n    return queue.length; } })()`,
      (woven) => commandAt(woven, 4, { metric: { kind: 'gauge', value: 'queue.length' } }),
    );
    for (const item of ['a', 'b', 'c']) call(item);
    expect(next()[0]?.series).toMatchObject([{ min: 1, max: 3, last: 3 }]);
  });

  it('counts what is no finite number, and what cannot be read, as failed', () => {
    const { call, next, probes } = armAt({ kind: 'gauge', value: 'value.amount' });
    for (const amount of [1, NaN, Infinity, '1', undefined]) call({ amount });
    call(null);
    expect(next()).toMatchObject([
      { series: [{ count: 1, sum: 1 }], failed: { notFinite: 2, notANumber: 2, error: 1 } },
    ]);
    expect(probes.takeReports()[0]?.message).toMatch(/^The gauge could not be read: .*null/);
  });

  it('reads no more in a window in which it failed too often, and begins anew in the next', () => {
    const { call, next } = armAt({ kind: 'gauge', value: 'value.amount' });
    const tries = METRIC_LIMITS.errorsPerWindow + 50;
    for (let hit = 0; hit < tries; hit++) call(null);
    call({ amount: 1 });
    expect(next()).toMatchObject([{ series: [], failed: { error: tries + 1 } }]);
    call({ amount: 1 });
    expect(next()).toMatchObject([{ series: [{ count: 1 }] }]);
  });
});

describe('a histogram', () => {
  it('knows every quantile to one per cent, whatever the numbers', () => {
    const { call, next } = armAt({ kind: 'histogram', value: 'value' });
    const values = Array.from({ length: 5_000 }, (_, index) => Math.exp(Math.sin(index * 12.9898) * 10));
    for (const value of values) call(value);
    const [series] = (next()[0]?.series ?? []) as [MetricSeries];
    const sorted = values.toSorted((a, b) => a - b);
    expect(series).toMatchObject({ count: 5_000, min: sorted[0], max: sorted.at(-1) });
    for (const part of [0, 0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = sorted[Math.floor(part * 4_999)] as number;
      expect(Math.abs(quantile(series, part) - exact) / exact).toBeLessThanOrEqual(0.010_001);
    }
  });

  it('puts every number into the bin of its logarithm, however large or small', () => {
    const exact = (value: number): number => Math.ceil(Math.log(value) * (1 / Math.log(SKETCH_GAMMA)));
    const parts = Array.from({ length: 20_000 }, (_, index) => (index * 0.618_033_988_749) % 1);
    const wide = parts.map((part) => 10 ** (part * 600 - 300));
    const close = parts.map((part) => 1 + part);
    const ends = Array.from({ length: 2_000 }, (_, bin) => SKETCH_GAMMA ** (bin - 1_000));
    const outermost = [Number.MIN_VALUE, 2 ** -1_022, 2 ** -1_023, Number.MAX_VALUE, 1, 2];
    for (const value of [...wide, ...close, ...ends, ...outermost]) {
      if (binOf(value) !== exact(value)) expect([value, binOf(value)]).toEqual([value, exact(value)]);
    }
  });

  it('keeps zeros and negative numbers', () => {
    const { call, next } = armAt({ kind: 'histogram', value: 'value' });
    for (const value of [-1, 0, -0, 1, 1]) call(value);
    expect(next()[0]?.series).toMatchObject([
      { count: 5, sum: 1, sketch: { zeros: 2, positive: [0, 2], negative: [0, 1] } },
    ]);
  });

  it('stays small whatever the numbers are: the least are taken together', () => {
    const sketch = new GrowingSketch();
    const exponents = Array.from({ length: 600 }, (_, index) => ((index * 7) % 600) - 300);
    for (const exponent of exponents) sketch.add(10 ** exponent);
    const { positive } = sketch.read();
    const indices = positive.filter((_, at) => at % 2 === 0);
    const counts = positive.filter((_, at) => at % 2 === 1);
    expect(counts.reduce((sum, count) => sum + count)).toBe(600);
    expect((indices.at(-1) as number) - (indices[0] as number)).toBeLessThan(SKETCH_BINS);
    expect(indices.at(-1)).toBe(Math.ceil(Math.log(1e299) / Math.log(SKETCH_GAMMA)));
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
  });

  it.each([
    ['entry', 'n', { count: 3, sum: 33, max: 20 }],
    ['return', '$return + n', { count: 2, sum: 39, max: 24 }],
    ['throw', '$error.message.length', { count: 1, sum: 8 }],
    ['end', '$error === undefined ? 1 : 0', { count: 3, sum: 2 }],
  ] as const)('of calls that %s adds up what is known then', (on, value, series) => {
    const source = `function f(n) { if (n > 10) throw new Error('too many'); return n * 2 }\nf`;
    const { call, next } = arm(source, (woven) =>
      commandOn(on, woven, 'f', { metric: { kind: 'histogram', value } }),
    );
    for (const n of [5, 8]) call(n);
    expect(() => call(20)).toThrow('too many');
    expect(next()[0]?.series).toMatchObject([series]);
  });

  it('travels in parts where it has very many numbers', () => {
    const { call, next } = armAt({ kind: 'histogram', value: 'value', by: 'key', keys: 200 });
    for (let key = 0; key < 200; key++) {
      for (let value = 1; value < 60; value++) call(1.05 ** value, `key ${key}`);
    }
    const windows = next();
    expect(windows.length).toBeGreaterThan(1);
    const series = windows.flatMap((window) => window.series);
    expect(series.map(({ key }) => key)).toEqual(Array.from({ length: 200 }, (_, key) => `key ${key}`));
    expect(new Set(windows.map(({ from, to }) => `${from} ${to}`)).size).toBe(1);
  });
});

describe('a duration', () => {
  it('tells how long calls take, those that return and those that throw apart', () => {
    const source = `function f(work) { work(); return 1 }\nf`;
    const { call, next } = arm(source, (woven) =>
      commandOn('end', woven, 'f', { metric: { kind: 'duration' } }),
    );
    for (const ms of [10, 20, 30]) call(() => clock.pass(ms));
    expect(() =>
      call(() => {
        clock.pass(5);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(next()[0]?.series).toMatchObject([
      { outcome: 'returned', count: 3, sum: 60, min: 10, max: 30 },
      { outcome: 'threw', count: 1, sum: 5 },
    ]);
  });

  it('of overlapping asynchronous calls belongs to each', async () => {
    const { call, next } = arm(`async function f(wait) { await wait; return 1 }\nf`, (woven) =>
      commandOn('end', woven, 'f', { metric: { kind: 'duration' } }),
    );
    const ends: (() => void)[] = [];
    const wait = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const first = call(wait());
    clock.pass(100);
    const second = call(wait());
    clock.pass(10);
    ends[1]?.();
    await second;
    ends[0]?.();
    await first;
    expect(next()[0]?.series).toMatchObject([{ outcome: 'returned', count: 2, min: 10, max: 110 }]);
  });

  it('can be told apart by a parameter', () => {
    const { call, next } = arm(`function f(key) { return key }\nf`, (woven) =>
      commandOn('end', woven, 'f', { metric: { kind: 'duration', by: 'key' } }),
    );
    for (const key of ['a', 'b', 'a']) call(key);
    expect(countsByKey(next()[0])).toEqual({ a: 2, b: 1 });
  });
});

describe('the keys of a window', () => {
  afterEach(() => {
    applyRedactionRules(DEFAULT_REDACTION_RULES);
  });

  const hide = (rules: Partial<RedactionRules>): boolean =>
    applyRedactionRules({ ...DEFAULT_REDACTION_RULES, ...rules });

  const TICKET = { name: 'ticket', pattern: 'T-[0-9]+', flags: '' };

  it('are redacted by the rules of when they leave, not of when they were met', () => {
    const { call, next } = armAt({ kind: 'histogram', value: 'value', by: 'key' });
    for (const key of ['T-1', 'eu', 'T-2', 'T-1']) call(1, key);
    hide({ patterns: [TICKET] });
    for (const key of ['T-1', 'T-3', 'us']) call(1, key);
    const [window] = next();
    expect(JSON.stringify(window)).not.toMatch(/T-[0-9]/);
    const counts: Record<string, number> = {};
    for (const { key = '*', count } of window?.series ?? []) counts[key] = (counts[key] ?? 0) + count;
    expect(counts).toEqual({ '[redacted:ticket]': 5, eu: 1, us: 1 });
  });

  it('are redacted too where the window had to wait for room', () => {
    const { call, next, refuse } = armAt({ kind: 'counter', by: 'key' });
    call(1, 'T-1');
    refuse('queueFull');
    expect(next()).toEqual([]);
    hide({ patterns: [TICKET] });
    call(1, 'eu');
    refuse(undefined);
    expect(next().map(countsByKey)).toEqual([{ '[redacted:ticket]': 1 }, { eu: 1 }]);
  });

  it('are not shown where the cut may hide that they are secret now', () => {
    const { call, next } = armAt({ kind: 'counter', by: 'key' });
    call(1, `T-${'1'.repeat(500)}x`);
    hide({ patterns: [{ ...TICKET, pattern: 'T-[0-9]+x' }] });
    expect(next()).toMatchObject([{ series: [{ other: true, count: 1 }] }]);
  });

  it('are not shown where their name is one of a secret now, which ends the probe', () => {
    const { call, probes, captures } = armAt({ kind: 'counter', by: 'key' });
    call(1, 'a');
    call(1, 'b');
    expect(hide({ names: ['key'] })).toBe(true);
    probes.enforce();
    expect(probes.takeReports()).toMatchObject([{ state: 'disarmed', cause: 'denied' }]);
    expect(captures).toMatchObject([
      {
        metric: {
          series: [
            { other: true, count: 1 },
            { other: true, count: 1 },
          ],
        },
      },
    ]);
    expect(JSON.stringify(captures)).not.toContain('"key"');
  });
});

describe('windows', () => {
  it('of a probe that ends are shipped with its end', () => {
    const { call, probes, captures } = armAt({ kind: 'counter' });
    call(1);
    probes.apply([]);
    expect(captures).toMatchObject([{ metric: { series: [{ count: 1 }] } }]);
    expect(call(1)).toBe(1);
    probes.settle();
    expect(captures).toHaveLength(1);
  });

  it('are shipped when the process exits', () => {
    const { call, probes, captures } = armAt({ kind: 'gauge', value: 'value' });
    call(1);
    probes.flush();
    probes.flush();
    expect(captures).toMatchObject([{ metric: { series: [{ last: 1 }] } }]);
  });

  it('that find no room are counted, kept, and shipped later; nothing is lost', () => {
    const { call, next, probes, refuse } = armAt({ kind: 'counter' });
    refuse('queueFull');
    for (let second = 0; second < 5; second++) {
      call(1);
      expect(next()).toEqual([]);
    }
    refuse(undefined);
    expect(next().map(({ series }) => series[0]?.count)).toEqual([1, 4]);
    expect(probes.takeReports()).toMatchObject([{ captured: 2, dropped: { queueFull: 5 } }]);
  });

  it('follow each other without a gap while there are hits', () => {
    const { call, next } = armAt({ kind: 'counter' });
    call(1);
    const [first] = next();
    call(1);
    const [second] = next();
    expect(second?.from).toBeGreaterThanOrEqual(first?.to as number);
  });
});

describe('safety', () => {
  it.each<MetricOptions>([
    { kind: 'counter' },
    { kind: 'counter', by: 'key' },
    { kind: 'histogram', value: 'value', by: 'key' },
  ])('a hit of $kind runs no built-in that the program replaced', (metric) => {
    const { call, next } = armAt(metric);
    call(1, 'a');
    const called = callsOfPatched(() => {
      for (let hit = 2; hit < 200; hit++) call(hit * 1_000, `key ${hit % 60}`);
    });
    expect(called).toEqual([]);
    expect(next()[0]?.series.reduce((sum, { count }) => sum + count, 0)).toBe(199);
  });

  it('a metric without the expression for its number is not armed', () => {
    const woven = runWoven(IDENTITY);
    const board = createSwitchboard();
    const probes = createProbeSet(
      board,
      {
        budget: new ProcessBudget(DEFAULT_PROCESS_LIMITS),
        nextCaptureId: () => '1',
        enqueue: () => undefined,
      },
      () => true,
      () => undefined,
    );
    probes.apply([
      commandAt(woven, 2, { metric: { kind: 'histogram' } }),
      commandAt(woven, 2, { metric: { kind: 'duration' } }),
    ]);
    expect(probes.takeReports()).toMatchObject([
      { cause: 'invalid', message: expect.stringContaining('needs an expression') as string },
      { cause: 'invalid', message: expect.stringContaining('of calls') as string },
    ]);
  });
});
