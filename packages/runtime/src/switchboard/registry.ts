import { WOVEN_REGISTRY, type WovenFile } from '@dormouse/protocol';
import { defineProperty } from '../intrinsics.js';
import { isRecord } from '../is-record.js';
import { OWN_REALM, type Realm } from './realm.js';

/**
 * Takes over the array in which woven files register themselves: `onFile` is called for each that is
 * there and for each that comes. Woven code calls only `push`, so only `push` is replaced; it must
 * never throw, because it runs inside the program's modules. The registry of another realm is held weakly.
 * @returns hands the array back, with its ordinary `push`
 */
export function takeRegistry(onFile: (file: WovenFile) => void, realm: Realm = OWN_REALM): () => void {
  const registry = openRegistry(realm.global ?? {});
  const accept = (entry: unknown): void => {
    if (!isWovenFile(entry)) return;
    // The entry itself keeps its realm alive.
    const { contract, file, functions } = entry;
    onFile({ contract, file, functions });
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
  return giveBack(new WeakRef(registry));
}

/** Apart, for functions of one scope keep alive all that any of them uses. */
const giveBack = (registry: WeakRef<object>) => (): void => {
  delete (registry.deref() as { push?: unknown } | undefined)?.push;
};

function openRegistry(global: object): unknown[] {
  const key = Symbol.for(WOVEN_REGISTRY);
  const present: unknown = (global as Record<symbol, unknown>)[key];
  if (Array.isArray(present)) return present;
  const registry: unknown[] = [];
  defineProperty(global, key, { value: registry, configurable: true, enumerable: false, writable: true });
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
