import { defineProperty } from '../inspect/intrinsics.js';

/** Gives an object a property as an assignment would, whatever setters its prototypes have. */
export function setField(object: object, key: string, value: unknown): void {
  defineProperty(object, key, {
    // @ts-expect-error -- a descriptor without a prototype, so that a patched Object.prototype adds nothing
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
