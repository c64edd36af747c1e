import { performance } from 'node:perf_hooks';

/**
 * What the runtime uses of the language and of Node after it has started, taken at load: a program
 * that later fakes its timers, freezes its clock or patches a built-in does not reach the runtime.
 */

export const reflectApply = Reflect.apply;
export const reflectDefineProperty = Reflect.defineProperty;
export const defineProperty = Object.defineProperty;
export const getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
export const isExtensible = Object.isExtensible;

/** `callFunction(f, self, a)` is `f.call(self, a)`, whatever `f.call` is. V8 inlines it; `Reflect.apply` it does not. */
export const callFunction = Function.prototype.call.bind(Function.prototype.call) as (
  target: (this: never, ...args: never[]) => unknown,
  self: unknown,
  ...args: unknown[]
) => unknown;

const performanceNow = performance.now;

/** Monotonic time, ms: a jump of the wall clock neither shortens nor lengthens a probe's life. */
export const monotonicMs = (): number => reflectApply(performanceNow, performance, []);

/** Wall clock, ms since 1970. */
export const wallClockMs = Date.now;

export const random = Math.random;

/** Timers of the runtime never keep the process alive. */
const { setInterval, setTimeout, clearInterval, clearTimeout } = globalThis;

export type Timer = NodeJS.Timeout;

export const every = (ms: number, run: () => void): Timer => setInterval(run, ms).unref();
export const after = (ms: number, run: () => void): Timer => setTimeout(run, ms).unref();
export const cancel = (timer: Timer | undefined): void => {
  clearInterval(timer);
  clearTimeout(timer);
};
