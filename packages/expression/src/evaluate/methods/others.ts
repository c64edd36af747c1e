import { apply, uncurry } from '../../inspect/intrinsics.js';
import { checkReadable } from '../member.js';
import { checkPrimitive } from '../operators.js';
import type { Method, MethodTable } from './table.js';

/** Methods of Maps, Sets, dates and the primitives that are not texts. */

const getFromMap = uncurry(Map.prototype.get);
const hasInMap = uncurry(Map.prototype.has);
const hasInSet = uncurry(Set.prototype.has);

export const MAP_METHODS: MethodTable<object> = new Map<string, Method<object>>([
  ['get', (self, args, text) => getFromMap(self, readableKey(args[0], text))],
  ['has', (self, args) => hasInMap(self, args[0])],
]);

export const SET_METHODS: MethodTable<object> = new Map<string, Method<object>>([
  ['has', (self, args) => hasInSet(self, args[0])],
]);

function readableKey(key: unknown, text: string): unknown {
  if (typeof key === 'string') checkReadable(key, text);
  return key;
}

type Native = (...args: never[]) => unknown;

const DATE_GETTERS = [
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMilliseconds',
  'getMinutes',
  'getMonth',
  'getSeconds',
  'getTime',
  'getTimezoneOffset',
  'getUTCDate',
  'getUTCDay',
  'getUTCFullYear',
  'getUTCHours',
  'getUTCMilliseconds',
  'getUTCMinutes',
  'getUTCMonth',
  'getUTCSeconds',
  'toISOString',
] as const;

export const DATE_METHODS: MethodTable<Date> = new Map<string, Method<Date>>(
  DATE_GETTERS.map((name) => {
    const getter: Native = Date.prototype[name];
    return [name, (self) => apply(getter, self, [])];
  }),
);

const native =
  (method: Native): Method<unknown> =>
  (self, args, text) => {
    checkPrimitive(self, text);
    checkPrimitive(args[0], text);
    return apply(method, self, args as never[]);
  };

export const NUMBER_METHODS: MethodTable<unknown> = new Map<string, Method<unknown>>([
  ['toExponential', native(Number.prototype.toExponential)],
  ['toFixed', native(Number.prototype.toFixed)],
  ['toPrecision', native(Number.prototype.toPrecision)],
  ['toString', native(Number.prototype.toString)],
]);

export const BIGINT_METHODS: MethodTable<unknown> = new Map<string, Method<unknown>>([
  ['toString', native(BigInt.prototype.toString)],
]);

export const BOOLEAN_METHODS: MethodTable<unknown> = new Map<string, Method<unknown>>([
  ['toString', native(Boolean.prototype.toString)],
]);
