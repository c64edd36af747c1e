import type { MapValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Draft, Kind, Walker } from '../kind.js';
import { isSecretName, REDACTED } from '../properties.js';

const { getterOf, getPrototypeOf, mapPrototype, uncurry } = intrinsics;

const sizeOf = uncurry(getterOf(mapPrototype, 'size')) as (map: object) => number;
const entriesOf = uncurry(Map.prototype.entries);
const nextEntry = uncurry(
  (getPrototypeOf(new Map().entries()) as IterableIterator<[unknown, unknown]>).next as () => IteratorResult<
    [unknown, unknown]
  >,
);

export const mapKind: Kind<MapValue> = {
  start: (map, walker) => ({
    type: 'map',
    class: captureClassName(map, walker) ?? 'Map',
    size: sizeOf(map),
    entries: [],
  }),
  open: openMap,
};

function openMap(map: object, draft: Draft<MapValue>, walker: Walker, level: number): void {
  const { entries, size } = draft;
  const iterator = entriesOf(map);
  for (let index = 0; index < size; index++) {
    const reason = index === walker.limits.items ? 'collectionSize' : walker.budget.exhausted;
    if (reason) {
      draft.omitted = walker.omit(reason, size - index);
      return;
    }
    const { value } = nextEntry(iterator);
    const key: unknown = value[0];
    entries[index] = [
      walker.look(key, level + 1),
      isSecretName(key) ? walker.count(REDACTED) : walker.look(value[1], level + 1),
    ];
  }
}
