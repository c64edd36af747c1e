import { performance } from 'node:perf_hooks';

/**
 * A clock that stands still until it is told to pass. Import it before the runtime, which takes its
 * clock when it is loaded; everybody else has the real one back afterwards.
 */
export const clock = {
  now: 1_000,
  pass(ms: number): void {
    clock.now += ms;
  },
};

const real = performance.now;
performance.now = () => clock.now;
await import('../../src/intrinsics.ts');
await import('@dormouse/expression/inspect');
performance.now = real;
