import { isArray, isProxy } from '../../inspect/intrinsics.js';
import { fail } from '../evaluation-error.js';
import { PROXY_IS_NOT_ASKED } from '../member.js';
import { elementAt, filledElementAt, HOLE, lengthOf, type Sequence } from '../sequence.js';
import type { Frame, Predicate, PredicateMethod } from './table.js';

/** Methods that take a predicate. As in the language, those that find visit holes, and the others do not. */
export const PREDICATE_METHODS: ReadonlyMap<string, PredicateMethod> = new Map<string, PredicateMethod>([
  ['every', every],
  ['filter', filter],
  ['find', find],
  ['findIndex', findIndex],
  ['findLast', findLast],
  ['findLastIndex', findLastIndex],
  ['flatMap', flatMap],
  ['map', map],
  ['some', some],
]);

function some(self: Sequence, predicate: Predicate, frame: Frame, text: string): boolean {
  const length = lengthOf(self);
  for (let index = 0; index < length; index++) {
    const element = elementAt(self, index, text);
    if (element !== HOLE && predicate(frame, element, index)) return true;
  }
  return false;
}

function every(self: Sequence, predicate: Predicate, frame: Frame, text: string): boolean {
  const length = lengthOf(self);
  for (let index = 0; index < length; index++) {
    const element = elementAt(self, index, text);
    if (element !== HOLE && !predicate(frame, element, index)) return false;
  }
  return true;
}

function find(self: Sequence, predicate: Predicate, frame: Frame, text: string): unknown {
  const index = findIndex(self, predicate, frame, text);
  return index === -1 ? undefined : filledElementAt(self, index, text);
}

function findIndex(self: Sequence, predicate: Predicate, frame: Frame, text: string): number {
  const length = lengthOf(self);
  for (let index = 0; index < length; index++) {
    if (predicate(frame, filledElementAt(self, index, text), index)) return index;
  }
  return -1;
}

function findLast(self: Sequence, predicate: Predicate, frame: Frame, text: string): unknown {
  const index = findLastIndex(self, predicate, frame, text);
  return index === -1 ? undefined : filledElementAt(self, index, text);
}

function findLastIndex(self: Sequence, predicate: Predicate, frame: Frame, text: string): number {
  for (let index = lengthOf(self) - 1; index >= 0; index--) {
    if (predicate(frame, filledElementAt(self, index, text), index)) return index;
  }
  return -1;
}

function filter(self: Sequence, predicate: Predicate, frame: Frame, text: string): unknown[] {
  const kept: unknown[] = [];
  const length = lengthOf(self);
  for (let index = 0; index < length; index++) {
    const element = elementAt(self, index, text);
    if (element !== HOLE && predicate(frame, element, index)) kept[kept.length] = element;
  }
  return kept;
}

function map(self: Sequence, predicate: Predicate, frame: Frame, text: string): unknown[] {
  if (!isArray(self)) fail(text, '`map` of a typed array would convert its results; use an array');
  const mapped: unknown[] = [];
  const { length } = self;
  for (let index = 0; index < length; index++) {
    const element = elementAt(self, index, text);
    if (element === HOLE) mapped.length++;
    else mapped[index] = predicate(frame, element, index);
  }
  return mapped;
}

function flatMap(self: Sequence, predicate: Predicate, frame: Frame, text: string): unknown[] {
  const lists = map(self, predicate, frame, text);
  const flat: unknown[] = [];
  for (let index = 0; index < lists.length; index++) {
    const list = elementAt(lists, index, text);
    if (list !== HOLE) append(flat, list, text);
  }
  return flat;
}

function append(flat: unknown[], list: unknown, text: string): void {
  if (!isArray(list)) {
    flat[flat.length] = list;
    return;
  }
  if (isProxy(list)) fail(text, PROXY_IS_NOT_ASKED);
  for (let index = 0; index < list.length; index++) {
    const element = elementAt(list, index, text);
    if (element !== HOLE) flat[flat.length] = element;
  }
}
