import type { ArrayValue } from '@dormouse/protocol';
import { ABSENT, ACCESSOR, intrinsics, readOwn } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Draft, Kind, Walker } from '../kind.js';
import { isSecretName, REDACTED } from '../properties.js';

const { min } = intrinsics;

export const arrayKind: Kind<ArrayValue> = {
  start: (array, walker) => ({
    type: 'array',
    class: captureClassName(array, walker) ?? 'Array',
    length: (array as unknown[]).length,
    items: [],
  }),
  open: openArray,
};

function openArray(array: object, draft: Draft<ArrayValue>, walker: Walker, level: number): void {
  const { items, length } = draft;
  const most = min(length, walker.limits.items);
  let isAfterSecretName = false;
  for (let index = 0; index < most; index++) {
    if (walker.budget.exhausted) {
      draft.omitted = walker.omit(walker.budget.exhausted, length - index);
      return;
    }
    const item = readOwn(array, index);
    items[index] = isAfterSecretName ? walker.count(REDACTED) : captureItem(item, walker, level);
    // Names and values in turn, as in `rawHeaders`, in `argv` and in the pairs of `Object.entries`.
    isAfterSecretName = isSecretName(item);
  }
  if (most < length) draft.omitted = walker.omit('collectionSize', length - most);
}

/** A hole is shown as `undefined`. */
const captureItem = (item: unknown, walker: Walker, level: number): ArrayValue['items'][number] =>
  item === ACCESSOR
    ? walker.count({ type: 'accessor' })
    : walker.look(item === ABSENT ? undefined : item, level + 1);
