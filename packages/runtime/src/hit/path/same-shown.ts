import { isArray, keys } from '../../intrinsics.js';

/** Whether two captured values show the same. They are trees of plain data. */
export function isSameShown(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return isArray(one) ? isArray(other) && areSameItems(one, other) : areSameFields(one, other);
}

function areSameItems(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) {
    if (!isSameShown(some[index], others[index])) return false;
  }
  return true;
}

function areSameFields(one: object, other: object): boolean {
  const names = keys(one);
  if (names.length !== keys(other).length) return false;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as keyof typeof one;
    if (!isSameShown(one[name], other[name])) return false;
  }
  return true;
}
