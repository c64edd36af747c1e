import { charCodeAt } from '../../inspect/intrinsics.js';
import type { Match, Pattern, Pay } from '../../pattern/pattern.js';
import { setField } from '../fields.js';
import { checkPrimitive } from '../operators.js';
import { spend } from '../steps.js';
import { type Find, replaceText, splitText } from './pieces.js';

/** Methods with a regular expression that the expression itself holds: `/^DE/.test(code)`, `code.match(/\d+/)`. */

/** @param other what stands beside the pattern: the text that a pattern tests, or whose method takes the pattern */
export type PatternMethod = (
  pattern: Pattern,
  other: unknown,
  args: readonly unknown[],
  text: string,
) => unknown;

/** `pattern.method(text)`; the text is `args[0]`. */
export const METHODS_OF_PATTERNS: ReadonlyMap<string, PatternMethod> = new Map<string, PatternMethod>([
  ['exec', (pattern, other, _, text) => exec(pattern, asText(other, text))],
  ['test', (pattern, other, _, text) => test(pattern, asText(other, text))],
]);

/** `text.method(pattern, …)`. */
export const METHODS_WITH_PATTERNS: ReadonlyMap<string, PatternMethod> = new Map<string, PatternMethod>([
  ['match', (pattern, self) => match(pattern, self as string)],
  ['replace', (pattern, self, args, text) => replace(pattern, self as string, args[1], text)],
  ['replaceAll', (pattern, self, args, text) => replace(pattern, self as string, args[1], text)],
  ['search', (pattern, self) => search(pattern, self as string)],
  ['split', (pattern, self, args, text) => splitText(self as string, findIn(pattern), args[1], text)],
]);

/** Instructions of a pattern's program that take as long as a step. */
const INSTRUCTIONS_PER_STEP = 8;

/** Characters whose look-up in a pattern's table takes as long as a step. */
const CHARACTERS_PER_STEP = 16;

const pay: Pay = (instructions) => spend(instructions / INSTRUCTIONS_PER_STEP);

function asText(value: unknown, text: string): string {
  checkPrimitive(value, text);
  return `${value as string}`;
}

function test(pattern: Pattern, self: string): boolean {
  spend(self.length / CHARACTERS_PER_STEP);
  return pattern.test(self, pay);
}

/** Most texts have no match, and to learn that costs a hundredth of what it costs to find one. */
const find = (pattern: Pattern, self: string): Match | undefined =>
  test(pattern, self) ? pattern.find(self, 0, pay) : undefined;

function search(pattern: Pattern, self: string): number {
  return find(pattern, self)?.start ?? -1;
}

function exec(pattern: Pattern, self: string): unknown {
  const found = find(pattern, self);
  return found === undefined ? null : resultOf(pattern, self, found);
}

/** What `exec` gives: the texts, `index`, `input`, and `groups` by name. */
function resultOf({ names }: Pattern, self: string, { start, texts }: Match): unknown {
  const result: unknown[] = [];
  for (let index = 0; index < texts.length; index++) result[index] = texts[index];
  setField(result, 'index', start);
  setField(result, 'input', self);
  setField(result, 'groups', names.length === 0 ? undefined : groupsOf(names, texts));
  return result;
}

function groupsOf(names: Pattern['names'], texts: Match['texts']): object {
  const groups = { __proto__: null };
  for (let place = 0; place < names.length; place++)
    setField(groups, names[place]![0], texts[names[place]![1]]);
  return groups;
}

function match(pattern: Pattern, self: string): unknown {
  if (!isGlobal(pattern)) return exec(pattern, self);
  const all: unknown[] = [];
  for (let found = find(pattern, self); found !== undefined;) {
    spend(1);
    all[all.length] = found.texts[0];
    const next = found.end > found.start ? found.end : found.end + 1;
    found = next > self.length ? undefined : pattern.find(self, next, pay);
  }
  return all.length === 0 ? null : all;
}

function replace(pattern: Pattern, self: string, replacement: unknown, text: string): string {
  const by = asText(replacement, text);
  return test(pattern, self) ? replaceText(self, findIn(pattern), by, isGlobal(pattern)) : self;
}

const findIn =
  (pattern: Pattern): Find =>
  (text, from) => {
    const found = pattern.find(text, from, pay);
    if (found === undefined) return undefined;
    const groups: (string | undefined)[] = [];
    for (let index = 1; index < found.texts.length; index++) groups[index - 1] = found.texts[index];
    return { start: found.start, end: found.end, groups, names: pattern.names };
  };

function isGlobal({ flags }: Pattern): boolean {
  for (let at = 0; at < flags.length; at++) if (charCodeAt(flags, at) === 0x67) return true;
  return false;
}
