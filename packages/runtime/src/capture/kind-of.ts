import { intrinsics } from '@dormouse/expression/inspect';
import type { Kind } from './kind.js';
import { arrayKind } from './kinds/array.js';
import { binaryKind } from './kinds/binary.js';
import { boxedKind } from './kinds/boxed.js';
import { errorKind } from './kinds/error.js';
import {
  dateKind,
  environmentKind,
  functionKind,
  promiseKind,
  proxyKind,
  regExpKind,
  weakMapKind,
  weakRefKind,
  weakSetKind,
} from './kinds/leaves.js';
import { mapKind } from './kinds/map.js';
import { objectKind } from './kinds/object.js';
import { setKind } from './kinds/set.js';
import { isWritten, writtenKind } from './kinds/written.js';

const {
  getPrototypeOf,
  isAnyArrayBuffer,
  isArray,
  isBoxedPrimitive,
  isDataView,
  isDate,
  isMap,
  isNativeError,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isTypedArray,
  isWeakMap,
  isWeakSet,
  objectPrototype,
  weakRefPrototype,
} = intrinsics;

const environment = process.env;

/** What an object genuinely is, whatever it says; a proxy is recognised before anything is asked of it. */
export function kindOf(object: object): Kind {
  if (isProxy(object)) return proxyKind;
  if (typeof object === 'function') return functionKind;
  if (isArray(object)) return arrayKind;
  const prototype = getPrototypeOf(object);
  if (prototype === objectPrototype) return object === environment ? environmentKind : objectKind;
  if (isMap(object)) return mapKind;
  if (isSet(object)) return setKind;
  if (isDate(object)) return dateKind;
  if (isNativeError(object)) return errorKind;
  if (isTypedArray(object) || isAnyArrayBuffer(object) || isDataView(object)) return binaryKind;
  if (isPromise(object)) return promiseKind;
  if (isRegExp(object)) return regExpKind;
  if (isWeakMap(object)) return weakMapKind;
  if (isWeakSet(object)) return weakSetKind;
  if (isBoxedPrimitive(object)) return boxedKind;
  if (prototype === weakRefPrototype) return weakRefKind;
  if (isWritten(prototype)) return writtenKind;
  return object === environment ? environmentKind : objectKind;
}
