import { CONTRACT_VERSION, type Capture } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { clock } from './support/clock.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { DEFAULT_BUDGET } from '../src/budget/limits.ts';
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
    const budget = new ProcessBudget(DEFAULT_BUDGET);
    for (let now = 0; now < 60 * SECOND; now += 10) budget.spent(now, 0.1);
    expect(budget.isPaused).toBe(false);
  });

  it('pauses all probes beyond it, says until when, and lets them go on then', () => {
    const budget = new ProcessBudget(DEFAULT_BUDGET);
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
    const budget = new ProcessBudget(DEFAULT_BUDGET);
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
    const budget = new ProcessBudget(DEFAULT_BUDGET);
    for (let tick = 0; tick < 4; tick++) budget.settle(tick * TICK, 51);
    expect(budget.isPaused).toBe(false);
    budget.settle(4 * TICK, 51);
    expect(budget.pause).toMatchObject({ cause: 'eventLoopDelay' });
    untilResumed(budget, 4 * TICK);
    expect(budget.isPaused).toBe(false);
  });

  it('may be late now and then, and by less than the limit for ever', () => {
    const budget = new ProcessBudget(DEFAULT_BUDGET);
    for (let tick = 0; tick < 1_000; tick++) budget.settle(tick * TICK, tick % 5 === 0 ? 2_000 : 50);
    expect(budget.isPaused).toBe(false);
  });

  it('pauses nothing where its limit is 0', () => {
    const budget = new ProcessBudget({ ...DEFAULT_BUDGET, loopDelayMs: 0 });
    for (let tick = 0; tick < 20; tick++) budget.settle(tick * TICK, 10_000);
    expect(budget.isPaused).toBe(false);
  });
});

describe('rates of a process', () => {
  it('let through so many hits and bytes a second, and a second of them at once', () => {
    const { hits, bytes } = new ProcessBudget({
      ...DEFAULT_BUDGET,
      hitsPerSecond: 10,
      bytesPerSecond: 1_000,
    });
    expect(Array.from({ length: 12 }, () => hits.take(5)).filter(Boolean)).toHaveLength(10);
    expect(hits.take(105)).toBe(true);
    expect(hits.take(105)).toBe(false);
    hits.giveBack();
    expect(hits.take(105)).toBe(true);
    expect(bytes.take(5, 900)).toBe(true);
    expect(bytes.take(5, 200)).toBe(false);
    expect(bytes.take(5, 100)).toBe(true);
    expect(bytes.take(505, 500)).toBe(true);
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

  it('does nothing during a pause but count, and goes on after it', () => {
    const budget = new ProcessBudget(DEFAULT_BUDGET);
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
