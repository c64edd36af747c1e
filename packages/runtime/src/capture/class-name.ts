import { classNameOf } from '@dormouse/expression/inspect';
import type { Walker } from './kind.js';
import { partText } from './text.js';

/** Characters of a class's name. */
const NAME_LENGTH = 256;

/** @returns `null` for an object without a prototype */
export function captureClassName(object: object, { budget }: Walker): string | null {
  const name = classNameOf(object);
  if (name === null) return null;
  const shown = name.length <= NAME_LENGTH ? name : partText(name, NAME_LENGTH);
  budget.spendText(shown);
  return shown;
}
