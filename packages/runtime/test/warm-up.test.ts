import { expect, it } from 'vitest';
import { warmUp } from '../src/capture/warm-up.ts';
import { callsOfPatched } from './support/patched.ts';

it('warms up without a call of anything that the program may have replaced, and once', () => {
  const started = performance.now();
  expect(callsOfPatched(warmUp)).toEqual([]);
  const first = performance.now() - started;
  const again = performance.now();
  warmUp();
  expect(performance.now() - again).toBeLessThan(first / 10);
});
