import { WOVEN_REGISTRY, type WovenFile } from '@dormouse/protocol';
import { defineProperty } from '../intrinsics.js';
import { isRecord } from '../is-record.js';

/**
 * Takes over the array in which woven files register themselves: `onFile` is called for each that is
 * there and for each that comes. Woven code calls only `push`, so only `push` is replaced; it must
 * never throw, because it runs inside the program's modules.
 * @returns hands the array back, with its ordinary `push`
 */
export function takeRegistry(onFile: (file: WovenFile) => void): () => void {
  const registry = openRegistry();
  const accept = (entry: unknown): void => {
    if (isWovenFile(entry)) onFile(entry);
  };
  for (let index = 0; index < registry.length; index++) accept(registry[index]);

  defineProperty(registry, 'push', {
    configurable: true,
    writable: true,
    enumerable: false,
    value(...entries: unknown[]): number {
      for (let index = 0; index < entries.length; index++) {
        registry[registry.length] = entries[index];
        accept(entries[index]);
      }
      return registry.length;
    },
  });
  return () => {
    delete (registry as { push?: unknown }).push;
  };
}

function openRegistry(): unknown[] {
  const slots = globalThis as Record<symbol, unknown>;
  const key = Symbol.for(WOVEN_REGISTRY);
  const present = slots[key];
  if (Array.isArray(present)) return present;
  const registry: unknown[] = [];
  defineProperty(slots, key, { value: registry, configurable: true, enumerable: false, writable: true });
  return registry;
}

function isWovenFile(value: unknown): value is WovenFile {
  return (
    isRecord(value) &&
    typeof value['contract'] === 'number' &&
    typeof value['file'] === 'string' &&
    typeof value['functions'] === 'number'
  );
}
