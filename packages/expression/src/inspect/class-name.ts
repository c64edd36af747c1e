import { CHAIN_LENGTH } from './chain.js';
import { getPrototypeOf, isProxy, objectPrototype } from './intrinsics.js';
import { readOwn } from './property.js';

/**
 * The name of an object's class: that of the nearest prototype's constructor.
 * @param object anything but a proxy
 * @returns `null` where there is no prototype, `Object` where the classes have no names
 */
export function classNameOf(object: object): string | null {
  let prototype = getPrototypeOf(object) as object | null;
  if (prototype === null) return null;
  for (let hops = 0; prototype !== null && hops < CHAIN_LENGTH; hops++) {
    if (prototype === objectPrototype || isProxy(prototype)) break;
    const name = constructorName(prototype);
    if (name !== undefined) return name;
    prototype = getPrototypeOf(prototype) as object | null;
  }
  return 'Object';
}

/**
 * `object instanceof <class of that name>`, by the names of the constructors along the prototype chain.
 * @returns `undefined` where a proxy in the chain knows the answer
 */
export function isInstanceOf(object: object, className: string): boolean | undefined {
  if (isProxy(object)) return undefined;
  let prototype = getPrototypeOf(object) as object | null;
  for (let hops = 0; prototype !== null && hops < CHAIN_LENGTH; hops++) {
    if (isProxy(prototype)) return undefined;
    if (constructorName(prototype) === className) return true;
    prototype = getPrototypeOf(prototype) as object | null;
  }
  return false;
}

function constructorName(prototype: object): string | undefined {
  const constructor = readOwn(prototype, 'constructor');
  if (typeof constructor !== 'function' || isProxy(constructor)) return undefined;
  const name = readOwn(constructor, 'name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}
