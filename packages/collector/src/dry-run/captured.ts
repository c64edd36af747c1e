import type { CapturedValue } from '@dormouse/protocol';
import type { Revived } from './revived.js';

/** How deep a value that an expression has made is shown. */
const DEPTH = 4;

/** The value of an expression as captures show values. What was revived is shown as it was captured. */
export function captured(value: unknown, revived: Revived, depth = DEPTH): CapturedValue {
  switch (typeof value) {
    case 'undefined':
      return { type: 'undefined' };
    case 'boolean':
      return { type: 'boolean', value };
    case 'string':
      return { type: 'string', value };
    case 'number':
      return { type: 'number', value: numberOf(value) };
    case 'bigint':
      return { type: 'bigint', value: String(value) };
    case 'object':
      return value === null ? { type: 'null' } : capturedObject(value, revived, depth);
    default:
      return { type: 'omitted', omitted: { reason: 'runtimeError' } };
  }
}

function numberOf(value: number): Extract<CapturedValue, { type: 'number' }>['value'] {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}

function capturedObject(value: object, revived: Revived, depth: number): CapturedValue {
  const original = revived.capturedOf(value);
  if (original !== undefined) return original;
  if (value instanceof Date) {
    return { type: 'date', value: Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString() };
  }
  if (depth === 0) return { type: 'omitted', omitted: { reason: 'depth' } };
  if (Array.isArray(value)) {
    const items = value.map((item) => captured(item, revived, depth - 1));
    return { type: 'array', class: 'Array', length: items.length, items };
  }
  const properties = Object.entries(value).map(([key, part]) => ({
    key,
    value: captured(part, revived, depth - 1),
  }));
  return { type: 'object', class: 'Object', properties };
}
