import { classNameOf } from '../inspect/class-name.js';
import { isArray, isProxy } from '../inspect/intrinsics.js';

/** What a value is, for an error message, told without running the program's code. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return `${value as null | undefined}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (isProxy(value)) return 'a proxy';
  if (isArray(value)) return 'an array';
  const name = classNameOf(value);
  return name === null || name === 'Object' ? 'an object' : `an object of class ${name}`;
}
