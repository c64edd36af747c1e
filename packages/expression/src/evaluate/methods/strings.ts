import { apply } from '../../inspect/intrinsics.js';
import { fail } from '../evaluation-error.js';
import { checkPrimitive } from '../operators.js';
import { spend, spendCharacters } from '../steps.js';
import type { Method, MethodTable } from './table.js';

/** Characters that padding may make of a text. */
const PADDED = 10_000;

/** Pieces that `split` may make; more is an error, because a silently cut list would be false evidence. */
const PIECES = 1_000;

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

const nativeSplit = prototype.split as Native;

function split(self: string, args: readonly unknown[], text: string): unknown {
  checkArguments(self, args, text);
  spendOnSearch(self, args[0]);
  const limit = args[1];
  if (limit !== undefined && typeof limit !== 'number') fail(text, 'the limit of `split` is a number');
  const bounded = limit !== undefined && limit >= 0 && limit <= PIECES;
  const pieces = apply(nativeSplit, self, [args[0], bounded ? limit : PIECES + 1] as never[]) as string[];
  if (pieces.length > PIECES) fail(text, `more than ${PIECES} pieces; give \`split\` a limit`);
  spend(pieces.length);
  return pieces;
}

/** Objects would be converted by their own code; the length of all texts is paid for. */
function checkArguments(self: string, args: readonly unknown[], text: string): void {
  spendCharacters(self);
  for (let index = 0; index < args.length; index++) checkPrimitive(args[index], text);
}
