import { isObject } from '../../inspect/intrinsics.js';
import { describe } from '../describe.js';
import { fail } from '../evaluation-error.js';
import { checkText, strictlyEqual } from '../operators.js';
import {
  elementAt,
  filledElementAt,
  HOLE,
  lengthOf,
  relativeIndex,
  type Sequence,
  wholeIndex,
} from '../sequence.js';
import type { Method, MethodTable } from './table.js';

/** Reading methods of arrays and typed arrays, as the specification has them, over own elements only. */
export const SEQUENCE_METHODS: MethodTable<Sequence> = new Map<string, Method<Sequence>>([
  ['at', at],
  ['includes', includes],
  ['indexOf', indexOf],
  ['join', join],
  ['lastIndexOf', lastIndexOf],
  ['slice', slice],
]);

function at(self: Sequence, args: readonly unknown[], text: string): unknown {
  const length = lengthOf(self);
  const index = wholeIndex(args[0], text);
  const place = index < 0 ? length + index : index;
  return place >= 0 && place < length ? filledElementAt(self, place, text) : undefined;
}

function includes(self: Sequence, args: readonly unknown[], text: string): boolean {
  const wanted = args[0];
  const length = lengthOf(self);
  for (let index = relativeIndex(args[1], length, 0, text); index < length; index++) {
    const element = filledElementAt(self, index, text);
    if (strictlyEqual(element, wanted) || (isNaN(element) && isNaN(wanted))) return true;
  }
  return false;
}

const isNaN = (value: unknown): boolean => value !== value;

function indexOf(self: Sequence, args: readonly unknown[], text: string): number {
  const length = lengthOf(self);
  for (let index = relativeIndex(args[1], length, 0, text); index < length; index++) {
    if (strictlyEqual(elementAt(self, index, text), args[0])) return index;
  }
  return -1;
}

function lastIndexOf(self: Sequence, args: readonly unknown[], text: string): number {
  for (let index = lengthOf(self) - 1; index >= 0; index--) {
    if (strictlyEqual(elementAt(self, index, text), args[0])) return index;
  }
  return -1;
}

function slice(self: Sequence, args: readonly unknown[], text: string): unknown[] {
  const length = lengthOf(self);
  const start = relativeIndex(args[0], length, 0, text);
  const end = relativeIndex(args[1], length, length, text);
  const part: unknown[] = [];
  for (let index = start; index < end; index++) {
    const element = elementAt(self, index, text);
    if (element === HOLE) part.length++;
    else part[index - start] = element;
  }
  return part;
}

function join(self: Sequence, args: readonly unknown[], text: string): string {
  const separator = args[0] === undefined ? ',' : args[0];
  checkText(separator, text);
  const length = lengthOf(self);
  let joined = '';
  for (let index = 0; index < length; index++) {
    const element = filledElementAt(self, index, text);
    if (isObject(element))
      fail(text, `element ${index} is ${describe(element)}, which only its own code could write`);
    checkText(element, text);
    if (index > 0) joined += separator as string;
    joined += element === undefined || element === null ? '' : (element as string);
  }
  return joined;
}
