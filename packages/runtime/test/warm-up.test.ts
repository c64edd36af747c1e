import { expect, it } from 'vitest';
import { warmUp } from '../src/capture/warm-up.ts';
import { callsOfPatched } from './support/patched.ts';

it('warms up without a call of anything that the program may have replaced, and once', () => {
  const msOf = (act: () => void): number => {
    const started = performance.now();
    act();
    return performance.now() - started;
  };
  const first = msOf(() => expect(callsOfPatched(warmUp)).toEqual([]));
  // The best of some: the machine may pause at any of them.
  const again = Math.min(...Array.from({ length: 5 }, () => msOf(warmUp)));
  expect(again).toBeLessThan(first / 10);
});
