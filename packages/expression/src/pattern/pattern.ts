import { LIMITS } from '@dormouse/protocol';
import { slice } from '../inspect/language.js';
import { parsePattern } from './parse-pattern.js';
import { PatternError } from './pattern-error.js';
import { compileProgram } from './program.js';
import { createScan, type Pay } from './scan.js';
import { createSearch } from './search.js';

export { PatternError } from './pattern-error.js';
export type { Pay } from './scan.js';

/**
 * A regular expression that takes linear time on every text and runs nothing of the program's: not even
 * `RegExp.$1` changes. It means what JavaScript's means without the flag `u`.
 */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** The names of named groups. */
  readonly names: readonly (readonly [name: string, index: number])[];
  /** Whether a text has a match. */
  test(text: string, pay: Pay): boolean;
  /** The first match at or after a place. */
  find(text: string, from: number, pay: Pay): Match | undefined;
}

export interface Match {
  readonly start: number;
  readonly end: number;
  /** The text of the match, then those of the groups; `undefined` for a group that took no part. */
  readonly texts: readonly (string | undefined)[];
}

/** Flags that a pattern may have; `g` is the concern of who asks for all matches. */
export const PATTERN_FLAGS = 'gims';

/**
 * @param flags any of {@link PATTERN_FLAGS}, each at most once
 * @throws PatternError for what is no regular expression, cannot be matched in linear time, or is too large
 */
export function compilePattern(source: string, flags: string): Pattern {
  checkFlags(flags);
  if (source.length > LIMITS.expressionLength) {
    throw new PatternError(`A regular expression has at most ${LIMITS.expressionLength} characters.`, 0);
  }
  const parsed = parsePattern(source, flags);
  const program = compileProgram(parsed);
  const search = createSearch(program);
  const textsOf = (text: string, places: readonly number[]): (string | undefined)[] => {
    const texts: (string | undefined)[] = [];
    for (let group = 0; group <= parsed.groups; group++) {
      const end = places[2 * group + 1]!;
      texts[group] = end === -1 ? undefined : slice(text, places[2 * group]!, end);
    }
    return texts;
  };
  return {
    source,
    flags,
    names: parsed.names,
    test: createScan(program),
    find(text, from, pay) {
      const places = search(text, from, pay);
      return places && { start: places[0]!, end: places[1]!, texts: textsOf(text, places) };
    },
  };
}

function checkFlags(flags: string): void {
  const bad = [...flags].find((flag, index) => !PATTERN_FLAGS.includes(flag) || flags.indexOf(flag) < index);
  if (bad === undefined) return;
  throw new PatternError(
    `The flag \`${bad}\` is left out of the language, or given twice; the flags are ${[...PATTERN_FLAGS].map((flag) => `\`${flag}\``).join(', ')}.`,
    0,
  );
}
