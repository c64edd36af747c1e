import { isOfData } from '../inspect/descriptor.js';
import {
  getOwnPropertyDescriptor,
  isArray,
  isProxy,
  isTypedArray,
  max,
  min,
  trunc,
  typedLength,
} from '../inspect/intrinsics.js';
import { fail, failUnreadable } from './evaluation-error.js';
import { spend } from './steps.js';

/** Arrays and typed arrays, read element by element: iterators and getters are the program's code. */
export type Sequence = ArrayLike<unknown>;

/** A place in an array that was never filled. */
export const HOLE = Symbol('hole');

export const isSequence = (value: unknown): value is Sequence =>
  (isArray(value) && !isProxy(value)) || isTypedArray(value);

/** An array's `length` is its own; a typed array's is a getter of the language. */
export const lengthOf = (sequence: Sequence): number =>
  isArray(sequence) ? sequence.length : typedLength(sequence);

/**
 * Reads an element or a {@link HOLE}, at the price of a step.
 * @param text of the call, for the error
 */
export function elementAt(sequence: Sequence, index: number, text: string): unknown {
  spend(1);
  const descriptor = getOwnPropertyDescriptor(sequence, index);
  if (descriptor === undefined) return HOLE;
  return isOfData(descriptor)
    ? descriptor.value
    : failUnreadable(text, `element ${index} is a getter, which is never run`, sequence, index);
}

/** An element as `at`, `find`, `includes` and `join` see it: a hole is `undefined`. */
export function filledElementAt(sequence: Sequence, index: number, text: string): unknown {
  const element = elementAt(sequence, index, text);
  return element === HOLE ? undefined : element;
}

/**
 * An index argument as the language's methods take it: from the end where negative, cut to the length.
 * @param missing what a missing argument means
 */
export function relativeIndex(index: unknown, length: number, missing: number, text: string): number {
  if (index === undefined) return missing;
  const whole = wholeIndex(index, text);
  return whole < 0 ? max(length + whole, 0) : min(whole, length);
}

export function wholeIndex(index: unknown, text: string): number {
  if (typeof index !== 'number') return fail(text, 'an index is a number');
  return trunc(index) || 0;
}
