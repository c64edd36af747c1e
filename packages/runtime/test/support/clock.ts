import { performance } from 'node:perf_hooks';

/**
 * A clock that stands still until it is told to pass, and a wall clock that is right until somebody sets it. Import it before the runtime, which takes its
 * clock when it is loaded; everybody else has the real one back afterwards.
 */
export const clock = {
  now: 1_000,
  pass(ms: number): void {
    clock.now += ms;
  },
  /** How far the wall clock is ahead, ms. */
  wallAhead: 0,
};

const real = { now: performance.now, date: Date.now };
performance.now = () => clock.now;
Date.now = () => real.date() + clock.wallAhead;
await import('../../src/intrinsics.ts');
await import('@dormouse/expression/inspect');
performance.now = real.now;
Date.now = real.date;
