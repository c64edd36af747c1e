import { apply } from '../../inspect/intrinsics.js';
import { fail } from '../evaluation-error.js';
import { checkPrimitive } from '../operators.js';
import { spend, spendCharacters } from '../steps.js';
import { findText, replaceText, splitText } from './pieces.js';
import type { Method, MethodTable } from './table.js';

/** Characters that padding may make of a text. */
const PADDED = 10_000;

type Native = (...args: never[]) => unknown;

const native =
  (method: Native): Method<string> =>
  (self, args, text) => {
    checkArguments(self, args, text);
    return apply(method, self, args as never[]);
  };

const { prototype } = String;

export const STRING_METHODS: MethodTable<string> = new Map<string, Method<string>>([
  ['at', native(prototype.at)],
  ['charAt', native(prototype.charAt)],
  ['charCodeAt', native(prototype.charCodeAt)],
  ['codePointAt', native(prototype.codePointAt)],
  ['endsWith', native(prototype.endsWith)],
  ['includes', searching(prototype.includes)],
  ['indexOf', searching(prototype.indexOf)],
  ['lastIndexOf', searching(prototype.lastIndexOf)],
  ['padEnd', padding(prototype.padEnd)],
  ['padStart', padding(prototype.padStart)],
  ['repeat', repeat],
  ['replace', replace(/* isForAll: */ false)],
  ['replaceAll', replace(/* isForAll: */ true)],
  ['slice', native(prototype.slice)],
  ['split', split],
  ['startsWith', native(prototype.startsWith)],
  ['substring', native(prototype.substring)],
  ['toLowerCase', native(prototype.toLowerCase)],
  ['toString', (self) => self],
  ['toUpperCase', native(prototype.toUpperCase)],
  ['trim', native(prototype.trim)],
  ['trimEnd', native(prototype.trimEnd)],
  ['trimStart', native(prototype.trimStart)],
]);

/** From here on V8's search can take time that grows with the product of both lengths. */
const LONG_NEEDLE = 250;

/** Comparisons of characters in one step, at some six a nanosecond. */
const COMPARISONS_PER_STEP = 1_024;

function searching(method: Native): Method<string> {
  const search = native(method);
  return (self, args, text) => {
    spendOnSearch(self, args[0]);
    return search(self, args, text);
  };
}

function spendOnSearch(self: string, needle: unknown): void {
  if (typeof needle === 'string' && needle.length > LONG_NEEDLE) {
    spend((self.length * needle.length) / COMPARISONS_PER_STEP);
  }
}

function padding(method: Native): Method<string> {
  const pad = native(method);
  return (self, args, text) => {
    const length = args[0];
    if (typeof length !== 'number' || length > PADDED)
      fail(text, `a text is padded to at most ${PADDED} characters`);
    return pad(self, args, text);
  };
}

function split(self: string, args: readonly unknown[], text: string): unknown {
  checkArguments(self, args, text);
  spendOnSearch(self, args[0]);
  const separator = args[0];
  if (separator === undefined) return args[1] === 0 ? [] : [self];
  return splitText(self, findText(`${separator as string}`), args[1], text);
}

function replace(isForAll: boolean): Method<string> {
  return (self, args, text) => {
    checkArguments(self, args, text);
    spendOnSearch(self, args[0]);
    return replaceText(self, findText(`${args[0] as string}`), `${args[1] as string}`, isForAll);
  };
}

function repeat(self: string, args: readonly unknown[], text: string): unknown {
  checkArguments(self, args, text);
  const count = args[0];
  if (typeof count !== 'number' || self.length * count > PADDED)
    fail(text, `a text is repeated to at most ${PADDED} characters`);
  return apply(prototype.repeat as Native, self, [count] as never[]);
}

/** Objects would be converted by their own code; the length of all texts is paid for. */
function checkArguments(self: string, args: readonly unknown[], text: string): void {
  spendCharacters(self);
  for (let index = 0; index < args.length; index++) checkPrimitive(args[index], text);
}
