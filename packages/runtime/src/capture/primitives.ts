import type { CapturedValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { numberRule } from '@dormouse/expression/secrets';
import type { Walker } from './kind.js';
import { captureText, partText } from './text.js';

const { uncurry, getterOf, sameValue } = intrinsics;

const descriptionOf = uncurry(getterOf(Symbol.prototype, 'description')) as (
  self: symbol,
) => string | undefined;

/** Bits of a bigint that is written out: writing takes time that grows with the square of them. */
const LARGEST = 1n << 4_096n;

/** Characters of a symbol's description. */
const DESCRIPTION_LENGTH = 256;

/** Everything that is neither an object nor a function. */
export function capturePrimitive(value: unknown, walker: Walker): CapturedValue {
  switch (typeof value) {
    case 'string':
      return captureText(value, walker);
    case 'number':
      return captureNumber(value);
    case 'boolean':
      return { type: 'boolean', value };
    case 'bigint':
      return captureBigInt(value, walker);
    case 'symbol':
      return captureSymbol(value, walker);
    default:
      return { type: value === null ? 'null' : 'undefined' };
  }
}

function captureSymbol(symbol: symbol, { budget }: Walker): CapturedValue {
  const value = symbolText(symbol);
  budget.spendText(value);
  return { type: 'symbol', value };
}

export const symbolText = (symbol: symbol): string =>
  `Symbol(${partText(descriptionOf(symbol) ?? '', DESCRIPTION_LENGTH)})`;

export const symbolDescription = (symbol: symbol): string => descriptionOf(symbol) ?? '';

function captureNumber(value: number): CapturedValue {
  const rule = numberRule(value);
  if (rule !== undefined) return { type: 'redacted', rule };
  return { type: 'number', value: numberValue(value) };
}

/** A number as JSON can carry it. */
export function numberValue(value: number): number | 'NaN' | 'Infinity' | '-Infinity' | '-0' {
  if (value !== value) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  return sameValue(value, -0) ? '-0' : value;
}

function captureBigInt(value: bigint, walker: Walker): CapturedValue {
  if (value > LARGEST || value < -LARGEST) return { type: 'omitted', omitted: walker.omit('stringLength') };
  const rule = numberRule(value);
  if (rule !== undefined) return { type: 'redacted', rule };
  const digits = `${value}`;
  walker.budget.spendText(digits);
  return { type: 'bigint', value: digits };
}
