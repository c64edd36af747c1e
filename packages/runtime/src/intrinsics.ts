import { intrinsics } from '@dormouse/expression/inspect';

/**
 * What the runtime uses of the language and of Node after it has started, taken at load: a program that
 * later fakes its timers, sets its clock or replaces a built-in does not reach the runtime.
 */

export const {
  charCodeAt,
  getOwnPropertyDescriptor,
  defineProperty,
  isArray,
  isNativeError,
  keys,
  min,
  slice,
} = intrinsics;
export const { sameValue: isSameValue } = intrinsics;
export const { apply: reflectApply, defineProperty: reflectDefineProperty } = Reflect;
export const { create: createObject, isExtensible, setPrototypeOf } = Object;
export const { floor, max, random, round } = Math;
export const { isFinite } = Number;

export const { byteLength } = Buffer;

export const includes = intrinsics.uncurry(String.prototype.includes);

const PlainMap = Map;
export const openMap = <Key, Value>(): Map<Key, Value> => new PlainMap<Key, Value>();
export const mapGet = intrinsics.uncurry(Map.prototype.get) as <Key, Value>(
  map: ReadonlyMap<Key, Value>,
  key: Key,
) => Value | undefined;
export const mapSet = intrinsics.uncurry(Map.prototype.set) as <Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
) => unknown;
export const mapDelete = intrinsics.uncurry(Map.prototype.delete) as <Key>(
  map: Map<Key, unknown>,
  key: Key,
) => boolean;
const mapKeys = intrinsics.uncurry(Map.prototype.keys) as <Key>(
  map: ReadonlyMap<Key, unknown>,
) => Iterator<Key>;
const nextKey = intrinsics.uncurry(new Map<never, never>().keys().next) as <Key>(
  keys: Iterator<Key>,
) => IteratorResult<Key, undefined>;
/** The one that was set first; undefined where there is none. */
export const firstKey = <Key>(map: ReadonlyMap<Key, unknown>): Key | undefined => nextKey(mapKeys(map)).value;

/** `callFunction(f, self, a)` is `f.call(self, a)`, whatever `f.call` is. V8 inlines it; `Reflect.apply` it does not. */
export const callFunction = Function.prototype.call.bind(Function.prototype.call) as (
  target: (this: never, ...args: never[]) => unknown,
  self: unknown,
  ...args: unknown[]
) => unknown;

/** Monotonic time, ms: a jump of the wall clock neither shortens nor lengthens a probe's life. */
export const { monotonicMs } = intrinsics;

const WallDate = Date;
const isoText = intrinsics.uncurry(Date.prototype.toISOString);

/** Wall clock, ms since 1970. */
export const wallClockMs = Date.now;
/** The same as text: `2026-11-21T17:20:02.123Z`. */
export const isoTime = (): string => isoText(new WallDate());

const { setImmediate, setInterval, setTimeout, clearInterval, clearTimeout } = globalThis;

export type Timer = NodeJS.Timeout;

/** Timers of the runtime never keep the process alive. */
export const every = (ms: number, run: () => void): Timer => setInterval(run, ms).unref();
export const after = (ms: number, run: () => void): Timer => setTimeout(run, ms).unref();
/** In the next turn of the event loop. */
export const soon = (run: () => void): void => void setImmediate(run).unref();
export const cancel = (timer: Timer | undefined): void => {
  clearInterval(timer);
  clearTimeout(timer);
};
