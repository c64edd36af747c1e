import { defineProperty } from './intrinsics.js';

/**
 * A value that the program and the agent share, though each may have loaded a copy of this file: one slot of the global
 * object serves both.
 * @param name of what is shared, with the version of its shape
 * @param open makes the value, for whoever comes first
 */
export function sharedSlot<Value>(name: string, open: () => Value): Value {
  const slots = globalThis as Record<symbol, unknown>;
  const key = Symbol.for(name);
  const present = slots[key];
  if (present !== undefined) return present as Value;
  const value = open();
  defineProperty(slots, key, { value, configurable: true, enumerable: false });
  return value;
}
