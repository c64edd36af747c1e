import type { BinaryOperator, UnaryOperator } from '@dormouse/protocol';
import { isObject } from '../inspect/intrinsics.js';
import { hasProperty } from '../inspect/property.js';
import { describe } from './describe.js';
import { fail, failUnreadable } from './evaluation-error.js';
import { PROXY_IS_NOT_ASKED } from './member.js';
import { spendCharacters } from './steps.js';

/**
 * JavaScript's operators for primitives. What an object would be converted to only its own `valueOf`,
 * `toString` or `Symbol.toPrimitive` knows, so operators that convert refuse objects.
 */

type Binary = (left: unknown, right: unknown, text: string) => unknown;
type Unary = (operand: unknown, text: string) => unknown;

/** Stand-ins for TypeScript, which wants numbers where JavaScript takes any primitive. */
type N = number;

export const BINARY: Readonly<Record<BinaryOperator, Binary>> = {
  '===': strictlyEqual,
  '!==': (left, right) => !strictlyEqual(left, right),
  '==': looselyEqual,
  '!=': (left, right, text) => !looselyEqual(left, right, text),
  '<': (left, right, text) => (checkOrder(left, right, text), (left as N) < (right as N)),
  '<=': (left, right, text) => (checkOrder(left, right, text), (left as N) <= (right as N)),
  '>': (left, right, text) => (checkOrder(left, right, text), (left as N) > (right as N)),
  '>=': (left, right, text) => (checkOrder(left, right, text), (left as N) >= (right as N)),
  '+': (left, right, text) => (checkSum(left, right, text), (left as N) + (right as N)),
  '-': (left, right, text) => (checkNumeric(left, right, text), (left as N) - (right as N)),
  '*': (left, right, text) => (checkNumeric(left, right, text), (left as N) * (right as N)),
  '/': (left, right, text) => (checkNumeric(left, right, text), (left as N) / (right as N)),
  '%': (left, right, text) => (checkNumeric(left, right, text), (left as N) % (right as N)),
  '**': (left, right, text) => (checkGrowth(left, right, text), (left as N) ** (right as N)),
  '&': (left, right, text) => (checkNumeric(left, right, text), (left as N) & (right as N)),
  '|': (left, right, text) => (checkNumeric(left, right, text), (left as N) | (right as N)),
  '^': (left, right, text) => (checkNumeric(left, right, text), (left as N) ^ (right as N)),
  '<<': (left, right, text) => (checkGrowth(left, right, text), (left as N) << (right as N)),
  '>>': (left, right, text) => (checkGrowth(left, right, text), (left as N) >> (right as N)),
  '>>>': (left, right, text) => (checkNumeric(left, right, text), (left as N) >>> (right as N)),
  in: isIn,
};

export const UNARY: Readonly<Record<UnaryOperator, Unary>> = {
  '!': (operand) => !operand,
  typeof: (operand) => typeof operand,
  '-': (operand, text) => (checkPrimitive(operand, text), -(operand as N)),
  '+': (operand, text) => (checkPrimitive(operand, text), +(operand as N)),
  '~': (operand, text) => (checkPrimitive(operand, text), ~(operand as N)),
};

/** As {@link checkPrimitive}, for joining texts, which costs nothing until the result is read. */
export function checkText(value: unknown, text: string): void {
  if (typeof value === 'string') return;
  checkPrimitive(value, text);
}

export function strictlyEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length)
    spendCharacters(left);
  return left === right;
}

function looselyEqual(left: unknown, right: unknown, text: string): boolean {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (right === null || right === undefined) return false;
  if (typeof left === typeof right || (isObject(left) && isObject(right))) return strictlyEqual(left, right);
  checkOrder(left, right, text);
  return left == right; // oxlint-disable-line eqeqeq -- this is `==`
}

function isIn(key: unknown, object: unknown, text: string): boolean {
  if (!isObject(object)) return fail(text, `the right side of \`in\` is ${describe(object)}`);
  if (isObject(key)) return fail(text, `the left side of \`in\` is ${describe(key)}`);
  const property = typeof key === 'symbol' ? key : String(key);
  return hasProperty(object, property) ?? failUnreadable(text, PROXY_IS_NOT_ASKED, object, property);
}

/** `<` and its kin take any primitives but symbols. */
function checkOrder(left: unknown, right: unknown, text: string): void {
  if (typeof left === 'number' && typeof right === 'number') return;
  checkPrimitive(left, text);
  checkPrimitive(right, text);
  if (typeof left === 'bigint' && typeof right === 'string') checkDigits(right, text);
  if (typeof right === 'bigint' && typeof left === 'string') checkDigits(left, text);
}

function checkSum(left: unknown, right: unknown, text: string): void {
  if (typeof left === 'string' || typeof right === 'string') {
    checkText(left, text);
    checkText(right, text);
  } else {
    checkNumeric(left, right, text);
  }
}

function checkNumeric(left: unknown, right: unknown, text: string): void {
  if (typeof left === 'number' && typeof right === 'number') return;
  checkPrimitive(left, text);
  checkPrimitive(right, text);
  if ((typeof left === 'bigint') !== (typeof right === 'bigint'))
    fail(text, 'mixes a bigint with another type');
}

/** `2n ** 1000000000n` would fill the memory. */
function checkGrowth(left: unknown, right: unknown, text: string): void {
  checkNumeric(left, right, text);
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return;
  if (right > GROWTH || right < -GROWTH)
    fail(text, `a bigint is raised or shifted by at most ${GROWTH} here`);
}

const GROWTH = 64n;

/** Bits a bigint may have to take part: enough for any key or amount, little enough to cost nothing. */
const BIGINT_BITS = 4_096n;
const LARGEST = 1n << BIGINT_BITS;

/** Digits of a text that is compared with a bigint. */
const DIGITS = 1_000;

function checkDigits(digits: string, text: string): void {
  if (digits.length > DIGITS)
    fail(text, `a text of ${digits.length} characters is not compared with a bigint`);
}

/** Refuses what only its own code could convert; the length of a text is paid for. */
export function checkPrimitive(value: unknown, text: string): void {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return;
    case 'string':
      return spendCharacters(value);
    case 'bigint':
      if (value > LARGEST || value < -LARGEST) fail(text, `a bigint of more than ${BIGINT_BITS} bits`);
      return;
    case 'symbol':
      return fail(text, 'a symbol has no value to compute with');
    default:
      if (value === null) return;
      fail(text, `${describe(value)} would have to be converted by its own code; read a property of it`);
  }
}
