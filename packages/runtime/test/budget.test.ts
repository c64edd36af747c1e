import { CONTRACT_VERSION, DEFAULT_PROCESS_LIMITS, type Capture } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { clock } from './support/clock.ts';
import { createBucket } from '../src/budget/bucket.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { ProbeBudget } from '../src/budget/probe-budget.ts';
import { SampledCost } from '../src/budget/sampled-cost.ts';
import { Probe } from '../src/hit/probe.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { commandAt } from './support/commands.ts';
import { runWoven } from './support/woven.ts';

const SECOND = 1_000;
const TICK = 100;

/** Ticks from `now` on until the pause is over. @returns when that is */
function untilResumed(budget: ProcessBudget, now: number): number {
  let at = now;
  while (budget.isPaused) budget.settle((at += TICK), 0);
  return at;
}

describe('the CPU share of a process', () => {
  it('lets probes take their share for as long as it takes', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    for (let now = 0; now < 60 * SECOND; now += 10) budget.spent(now, 0.1);
    expect(budget.isPaused).toBe(false);
    expect(budget.report().spentMs).toBe(600);
  });

  it('pauses all probes beyond it, says until when, and lets them go on then', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    const before = Date.now();
    budget.spent(5, 60);
    expect(budget.isPaused).toBe(false);
    budget.spent(6, 60);
    expect(budget.isPaused).toBe(true);
    const pause = budget.pause;
    expect(pause).toMatchObject({ cause: 'cpuBudget' });
    expect(pause?.since).toBeGreaterThanOrEqual(before);
    expect((pause?.until ?? 0) - (pause?.since ?? 0)).toBe(SECOND);
    budget.settle(6 + SECOND - 1, 0);
    expect(budget.isPaused).toBe(true);
    budget.settle(6 + SECOND, 0);
    expect(budget.isPaused).toBe(false);
    expect(budget.pause).toBeUndefined();
  });

  it('pauses longer each time, up to a minute, and after a calm minute as at first', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    let now = 0;
    const lengths = Array.from({ length: 8 }, () => {
      budget.spent(now, 500);
      const start = now;
      now = untilResumed(budget, now);
      return (now - start) / SECOND;
    });
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    now += 61 * SECOND;
    budget.spent(now, 500);
    expect(untilResumed(budget, now) - now).toBe(SECOND);
  });
});

describe('the event loop', () => {
  it('pauses all probes when it is late again and again', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    for (let tick = 0; tick < 4; tick++) budget.settle(tick * TICK, 51);
    expect(budget.isPaused).toBe(false);
    budget.settle(4 * TICK, 51);
    expect(budget.pause).toMatchObject({ cause: 'eventLoopDelay' });
    untilResumed(budget, 4 * TICK);
    expect(budget.isPaused).toBe(false);
  });

  it('may be late now and then, and by less than the limit for ever', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    for (let tick = 0; tick < 1_000; tick++) budget.settle(tick * TICK, tick % 5 === 0 ? 2_000 : 50);
    expect(budget.isPaused).toBe(false);
  });

  it('pauses nothing where it may be as late as it likes', () => {
    const budget = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, loopDelayMs: Infinity });
    for (let tick = 0; tick < 20; tick++) budget.settle(tick * TICK, 10_000);
    expect(budget.isPaused).toBe(false);
  });
});

describe('rates of a process', () => {
  it('let through so many hits and bytes a second, and a second of them at once', () => {
    const budget = new ProcessBudget({
      ...DEFAULT_PROCESS_LIMITS,
      hitsPerSecond: 10,
      bytesPerSecond: 1_000,
    });
    const { hits } = budget;
    expect(Array.from({ length: 12 }, () => hits.take(5)).filter(Boolean)).toHaveLength(10);
    expect(hits.take(105)).toBe(true);
    expect(hits.take(105)).toBe(false);
    hits.giveBack();
    expect(hits.take(105)).toBe(true);
    const anyProbe = createBucket(Infinity);
    expect(budget.charge(5, 900, anyProbe)).toBeUndefined();
    expect(budget.charge(5, 200, anyProbe)).toBe('rateLimitBytes');
    expect(budget.charge(5, 100, anyProbe)).toBeUndefined();
    expect(budget.charge(505, 500, anyProbe)).toBeUndefined();
  });

  it('are lowered by a policy, never raised, and what they were without one', () => {
    const budget = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, hitsPerSecond: 10 });
    const most = (now: number): number =>
      Array.from({ length: 100 }, () => budget.hits.take(now)).filter(Boolean).length;
    budget.lower({ hitsPerSecond: 3, cpuShare: 0.5 });
    expect(budget.limits).toEqual({ ...DEFAULT_PROCESS_LIMITS, hitsPerSecond: 3 });
    expect(most(5)).toBe(3);
    budget.lower({ hitsPerSecond: 1_000 });
    expect(budget.limits.hitsPerSecond).toBe(10);
    expect(most(5 * SECOND)).toBe(10);
  });
});

describe('the life of a process', () => {
  it('has so many captures and bytes, and no more', () => {
    const anyProbe = createBucket(Infinity);
    const few = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, lifetimeHits: 2 });
    expect([1, 2, 3].map((now) => few.charge(now, 1, anyProbe))).toEqual([
      undefined,
      undefined,
      'lifetimeLimit',
    ]);
    expect(few.isExhausted).toBe(true);
    few.lower({ lifetimeHits: 5 });
    expect(few.isExhausted).toBe(true);

    const light = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, lifetimeBytes: 100 });
    expect([60, 60, 1].map((bytes) => light.charge(1, bytes, anyProbe))).toEqual([
      undefined,
      undefined,
      'lifetimeLimit',
    ]);
  });
});

describe('one of many probes', () => {
  it('takes at most half of the bytes and of the time that all may take, and pauses alone', () => {
    const process = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, bytesPerSecond: 1_000 });
    const [one, other] = [new ProbeBudget(process), new ProbeBudget(process)];
    expect(process.charge(5, 500, one.bytes)).toBeUndefined();
    expect(process.charge(5, 1, one.bytes)).toBe('rateLimitBytesProbe');
    expect(process.charge(5, 500, other.bytes)).toBeUndefined();

    one.spent(5, 51);
    expect([one.pause?.cause, other.isPaused, process.isPaused]).toEqual(['probeCpuBudget', false, false]);
    one.settle(5 + SECOND);
    expect(one.isPaused).toBe(false);
    other.spent(6 + SECOND, 45);
    one.spent(6 + SECOND, 45);
    expect([one.isPaused, other.isPaused, process.pause?.cause]).toEqual([false, false, 'cpuBudget']);
  });

  it('follows the limits of its process', () => {
    const process = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    const probe = new ProbeBudget(process);
    process.lower({ cpuShare: 0.001, bytesPerSecond: 10 });
    probe.settle(5);
    probe.spent(6, 6);
    expect(probe.pause).toMatchObject({ cause: 'probeCpuBudget' });
    expect(process.charge(6, 6, probe.bytes)).toBe('rateLimitBytesProbe');
  });

  it('may take all of the time where all may', () => {
    const process = new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, cpuShare: 1 });
    const probe = new ProbeBudget(process);
    for (let now = 0; now < 60 * SECOND; now += 100) probe.spent(now, 100);
    expect(probe.isPaused).toBe(false);
  });
});

describe('the sampled cost', () => {
  const sample = (cost: SampledCost, tookMs: number): void => {
    cost.begin();
    clock.pass(tookMs);
    cost.end();
  };

  it('takes the cheapest of the last samples for all hits that were not counted yet', () => {
    const cost = new SampledCost();
    expect(cost.costMs(1_000)).toBe(0);
    for (const tookMs of [0.002, 3, 0.001]) sample(cost, tookMs);
    expect(cost.costMs(1_001_000)).toBeCloseTo(1_000);
    expect(cost.costMs(1_001_000)).toBe(0);
    for (let index = 0; index < 8; index++) sample(cost, 0.01);
    expect(cost.costMs(1_002_000)).toBeCloseTo(10);
  });
});

describe('a probe', () => {
  const woven = runWoven('(a) => {\n  return a;\n}');
  const call = woven.value as (a: number) => number;

  it('pays for hits at which its condition is false', () => {
    const reading = runWoven(`((LIMIT) => (a) => {
      return a > LIMIT;
    })(5)`);
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    const probe = new Probe(commandAt(reading, 2, { condition: 'a > LIMIT' }), {
      budget,
      nextCaptureId: () => '',
      enqueue: () => undefined,
    });
    const [plug] = probe.plugs;
    if (plug?.on !== 'line') throw new Error('no hook of a line');
    probe.arm();
    const hit = (): void =>
      plug.hook(undefined, 1, () => {
        clock.pass(0.01);
        return [5];
      });
    // Of ten seconds, one probe may take 50 ms.
    for (let hits = 0; hits < 1_000; hits++) hit();
    probe.settle();
    expect(probe.report()).not.toHaveProperty('pause');
    for (let hits = 0; hits < 9_000; hits++) hit();
    probe.settle();
    expect(probe.report()).toMatchObject({
      skipped: { condition: 10_000 },
      pause: { cause: 'probeCpuBudget' },
    });
  });

  it('counts nothing during a pause where it only counts', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    const probe = new Probe(commandAt(woven, 2, { metric: { kind: 'counter' } }), {
      budget,
      nextCaptureId: () => '',
      enqueue: () => undefined,
    });
    const [plug] = probe.plugs;
    if (plug?.on !== 'line') throw new Error('no hook of a line');
    probe.arm();
    plug.hook(undefined, 1);
    budget.spent(clock.now, 1_000);
    plug.hook(undefined, 1);
    expect(probe.report()).toMatchObject({ seen: 2, matched: 1, skipped: { paused: 1 } });
  });

  it('does nothing during a pause but count, and goes on after it', () => {
    const budget = new ProcessBudget(DEFAULT_PROCESS_LIMITS);
    const captures: Capture[] = [];
    const probe = new Probe(commandAt(woven, 2), {
      budget,
      nextCaptureId: () => '',
      enqueue: (capture) => void captures.push(capture),
    });
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
    for (const plug of probe.plugs) if (plug.on === 'line') board.plug(plug.at, plug.hook);
    probe.arm();

    budget.spent(clock.now, 1_000);
    call(1);
    expect(captures).toEqual([]);
    expect(probe.report()).toMatchObject({ seen: 1, matched: 0, skipped: { paused: 1 } });
    clock.pass(SECOND);
    budget.settle(clock.now, 0);
    call(2);
    expect(captures).toHaveLength(1);
  });
});
