import { isOfData } from './descriptor.js';
import { CHAIN_LENGTH, readChain } from './chain.js';
import { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, isProxy } from './intrinsics.js';
import { ABSENT, ACCESSOR } from './marks.js';
import { readStack } from './stack.js';

/**
 * Reads an own property without running any of the program's code.
 * @param object anything but a proxy
 * @returns the value; `ABSENT`; `ACCESSOR`
 */
export function readOwn(object: object, key: PropertyKey): unknown {
  if (key === 'stack') return readStack(object);
  const descriptor = getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined) return ABSENT;
  return isOfData(descriptor) ? descriptor.value : ACCESSOR;
}

/**
 * Reads a property, inherited ones included, without running any of the program's code.
 * @param object anything; a proxy is recognised and left alone
 * @returns the value; `undefined` where there is none; `ACCESSOR`; `PROXY`
 */
export function readProperty(object: object, key: PropertyKey): unknown {
  if (key !== 'stack' || isProxy(object)) return readChain(object, key);
  const stack = readStack(object);
  return stack === ABSENT ? undefined : stack;
}

/**
 * `key in object`, for anything but proxies.
 * @returns `undefined` where a proxy in the prototype chain knows the answer
 */
export function hasProperty(object: object, key: PropertyKey): boolean | undefined {
  let holder: object | null = object;
  for (let hops = 0; holder !== null && hops < CHAIN_LENGTH; hops++) {
    if (isProxy(holder)) return undefined;
    if (hasOwn(holder, key)) return true;
    holder = getPrototypeOf(holder) as object | null;
  }
  return false;
}
