import { performance } from 'node:perf_hooks';
import { getterOf, uncurry } from './language.js';

/**
 * The language's and Node's own functions, taken at load. Whatever looks at a program's values calls these and
 * nothing else, so that no patched built-in, polyfill or hostile prototype is ever run by a look.
 */

export * from './language.js';

/** Not imported: an import of `node:process` or `node:util` reads all that they have, and so opens stdin, stdout or stderr. */
export const { process } = globalThis;
const { types } = process.getBuiltinModule('node:util');

export const { apply } = Reflect;
export const { getOwnPropertyDescriptor, getOwnPropertySymbols, hasOwn, keys, defineProperty } = Object;
export const getPrototypeOf = Object.getPrototypeOf as (object: unknown) => object | null;
export const { isArray } = Array;
export const { is: sameValue } = Object;
export const {
  isAnyArrayBuffer,
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive,
  isDataView,
  isDate,
  isMap,
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isStringObject,
  isTypedArray,
  isWeakMap,
  isWeakSet,
} = types;

export const objectPrototype: object = Object.prototype;
export const mapPrototype: object = Map.prototype;
export const setPrototype: object = Set.prototype;
export const arrayBufferPrototype: object = ArrayBuffer.prototype;
export const regExpPrototype: object = RegExp.prototype;
export const weakRefPrototype: object = WeakRef.prototype;
export const dataViewPrototype: object = DataView.prototype;
export const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as object;

export const typedLength = uncurry(getterOf(typedArrayPrototype, 'length')) as (self: unknown) => number;

const { now } = performance;

/** Monotonic time, ms. */
export const monotonicMs = (): number => apply(now, performance, []);

/** Whether a value has properties and an identity. */
export const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
