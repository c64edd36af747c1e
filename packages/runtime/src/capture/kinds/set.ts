import type { SetValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Draft, Kind, Walker } from '../kind.js';

const { getterOf, getPrototypeOf, setPrototype, uncurry } = intrinsics;

const sizeOf = uncurry(getterOf(setPrototype, 'size')) as (set: object) => number;
const valuesOf = uncurry(Set.prototype.values);
const nextValue = uncurry(
  (getPrototypeOf(new Set().values()) as IterableIterator<unknown>).next as () => IteratorResult<unknown>,
);

export const setKind: Kind<SetValue> = {
  start: (set, walker) => ({
    type: 'set',
    class: captureClassName(set, walker) ?? 'Set',
    size: sizeOf(set),
    items: [],
  }),
  open: openSet,
};

function openSet(set: object, draft: Draft<SetValue>, walker: Walker, level: number): void {
  const { items, size } = draft;
  const iterator = valuesOf(set);
  for (let index = 0; index < size; index++) {
    const reason = index === walker.limits.items ? 'collectionSize' : walker.budget.exhausted;
    if (reason) {
      draft.omitted = walker.omit(reason, size - index);
      return;
    }
    items[index] = walker.look(nextValue(iterator).value, level + 1);
  }
}
