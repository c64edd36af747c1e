import { isOfData } from './descriptor.js';
import {
  apply,
  arrayBufferPrototype,
  dataViewPrototype,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  getterOf,
  isProxy,
  mapPrototype,
  setPrototype,
  typedArrayPrototype,
  uncurry,
} from './intrinsics.js';
import { ACCESSOR, PROXY } from './marks.js';

/** Prototypes looked through for one property. Real chains have a handful; an endless one must not take seconds. */
export const CHAIN_LENGTH = 100;

/** Accessors of the language itself that only tell what their receiver holds. */
const pureGetters = new Set<unknown>([
  getterOf(mapPrototype, 'size'),
  getterOf(setPrototype, 'size'),
  getterOf(typedArrayPrototype, 'length'),
  getterOf(typedArrayPrototype, 'byteLength'),
  getterOf(typedArrayPrototype, 'byteOffset'),
  getterOf(arrayBufferPrototype, 'byteLength'),
  getterOf(dataViewPrototype, 'byteLength'),
]);
const isListed = uncurry(pureGetters.has);

/**
 * Reads a property along the prototype chain without running any of the program's code.
 * @returns the value; `undefined` where there is none; {@link ACCESSOR}; {@link PROXY} where one is in the chain
 * @throws TypeError for `size` and the like on an object that only inherits them
 */
export function readChain(object: object, key: PropertyKey): unknown {
  let holder: object | null = object;
  for (let hops = 0; holder !== null && hops < CHAIN_LENGTH; hops++) {
    if (isProxy(holder)) return PROXY;
    const descriptor = getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) {
      if (isOfData(descriptor)) return descriptor.value;
      return isListed(pureGetters, descriptor.get)
        ? apply(descriptor.get as () => unknown, object, [])
        : ACCESSOR;
    }
    holder = getPrototypeOf(holder) as object | null;
  }
  return undefined;
}
