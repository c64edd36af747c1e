import { defineProperty } from '../intrinsics.js';

/**
 * Two copies of the runtime will be loaded one day: by a bundler, by two package managers. One slot of
 * the global object holds the running agent, of whatever version; a second one stands down.
 */
const SLOT = Symbol.for('dormouse.agent');

/** @returns lets go of the slot; undefined where another agent has it */
export function takeSlot(): (() => void) | undefined {
  const slots = globalThis as Record<symbol, unknown>;
  if (slots[SLOT] !== undefined) return undefined;
  defineProperty(slots, SLOT, { value: true, configurable: true, enumerable: false });
  return () => {
    delete slots[SLOT];
  };
}
