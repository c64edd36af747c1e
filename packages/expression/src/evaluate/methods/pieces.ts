import { slice, uncurry } from '../../inspect/intrinsics.js';
import { fail } from '../evaluation-error.js';
import { spend, spendCharacters } from '../steps.js';

/**
 * Taking texts apart and putting them together again. The language's own `split` and `replace` ask their argument for
 * `Symbol.split` and `Symbol.replace`, a text too, and so could run what a program has put on `String.prototype`.
 */

const indexOf = uncurry(String.prototype.indexOf);

/** Pieces that `split` may make; more is an error, because a silently cut list would be false evidence. */
const PIECES = 1_000;

/** A stretch of a text that separates, or is replaced; with what its groups hold. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  readonly names: readonly (readonly [name: string, index: number])[];
}

/** Finds the first stretch at or after a place. */
export type Find = (text: string, from: number) => Stretch | undefined;

const NO_GROUPS: readonly undefined[] = [];
const NO_NAMES: Stretch['names'] = [];

export const findText =
  (wanted: string): Find =>
  (text, from) => {
    const start = from > text.length ? -1 : indexOf(text, wanted, from);
    if (start === -1) return undefined;
    return { start, end: start + wanted.length, groups: NO_GROUPS, names: NO_NAMES };
  };

/** `String.prototype.split`. */
export function splitText(self: string, find: Find, limit: unknown, text: string): unknown[] {
  if (limit !== undefined && typeof limit !== 'number') fail(text, 'the limit of `split` is a number');
  const most = limit === undefined ? Infinity : limit >>> 0;
  const pieces: unknown[] = [];
  const add = (piece: unknown): void => {
    if (pieces.length >= PIECES) fail(text, `more than ${PIECES} pieces; give \`split\` a limit`);
    spend(1);
    pieces[pieces.length] = piece;
  };
  if (most === 0) return pieces;
  if (self.length === 0) {
    const whole = find(self, 0);
    if (whole === undefined) add(self);
    return pieces;
  }
  let from = 0;
  for (let at = 0; at < self.length;) {
    const separator = find(self, at);
    if (separator === undefined || separator.start >= self.length) break;
    const { start, end, groups } = separator;
    // One of no length after the one before separates nothing yet.
    if (end === from) {
      at++;
      continue;
    }
    add(slice(self, from, start));
    for (let index = 0; index < groups.length && pieces.length < most; index++) add(groups[index]);
    if (pieces.length >= most) return pieces;
    from = end;
    at = end;
  }
  add(slice(self, from));
  return pieces;
}

/** `String.prototype.replace` of the first stretch or of all. */
export function replaceText(self: string, find: Find, replacement: string, isForAll: boolean): string {
  let replaced = '';
  let from = 0;
  for (let at = 0; at <= self.length;) {
    const found = find(self, at);
    if (found === undefined) break;
    spend(1);
    const by = expanded(replacement, self, found);
    spendCharacters(by);
    replaced += slice(self, from, found.start) + by;
    from = found.end;
    if (!isForAll) break;
    at = found.end > found.start ? found.end : found.end + 1;
  }
  return replaced + slice(self, from);
}

/** `GetSubstitution`: `$$`, `$&`, `$1`, `$<name>` and the texts before and after. */
function expanded(replacement: string, self: string, found: Stretch): string {
  let made = '';
  let from = 0;
  for (let at = indexOf(replacement, '$'); at !== -1; at = indexOf(replacement, '$', from)) {
    const reference = referenceAt(replacement, at, self, found);
    made += slice(replacement, from, at) + reference.text;
    from = at + reference.length;
  }
  return from === 0 ? replacement : made + slice(replacement, from);
}

interface Substitute {
  readonly text: string;
  /** Characters of the reference. */
  readonly length: number;
}

function referenceAt(replacement: string, at: number, self: string, found: Stretch): Substitute {
  switch (slice(replacement, at + 1, at + 2)) {
    case '$':
      return { text: '$', length: 2 };
    case '&':
      return { text: slice(self, found.start, found.end), length: 2 };
    case '`':
      return { text: slice(self, 0, found.start), length: 2 };
    case "'":
      return { text: slice(self, found.end), length: 2 };
    case '<':
      return namedGroup(replacement, at, found);
    default:
      return numberedGroup(replacement, at, found, 2) ?? numberedGroup(replacement, at, found, 1) ?? DOLLAR;
  }
}

const DOLLAR: Substitute = { text: '$', length: 1 };

function numberedGroup(
  replacement: string,
  at: number,
  { groups }: Stretch,
  digits: number,
): Substitute | undefined {
  let index = 0;
  for (let place = 1; place <= digits; place++) {
    const digit = indexOf('0123456789', slice(replacement, at + place, at + place + 1) || ' ');
    if (digit === -1) return undefined;
    index = index * 10 + digit;
  }
  if (index < 1 || index > groups.length) return undefined;
  return { text: groups[index - 1] ?? '', length: 1 + digits };
}

function namedGroup(replacement: string, at: number, { groups, names }: Stretch): Substitute {
  const end = indexOf(replacement, '>', at);
  if (names.length === 0 || end === -1) return { text: '$<', length: 2 };
  const wanted = slice(replacement, at + 2, end);
  for (let place = 0; place < names.length; place++) {
    const name = names[place]![0];
    if (name === wanted) return { text: groups[names[place]![1] - 1] ?? '', length: end + 1 - at };
  }
  return { text: '', length: end + 1 - at };
}
