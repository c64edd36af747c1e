import { type CodeUnits, contains, LINE_BREAKS, WORD } from './code-units.js';

/** Code units that a program cannot tell apart are one letter. */
export interface Alphabet {
  readonly letters: number;
  /** The first unit of each run of units, and the letter of the run. */
  readonly starts: readonly number[];
  readonly runs: readonly number[];
  /** Letters of the first 128 units, which most texts are made of. */
  readonly ascii: Uint16Array;
  /** Whether a set of the program has a letter: at `set * letters + letter`. */
  readonly members: Uint8Array;
  /** What assertions ask of a letter: {@link OTHER}, {@link WORD_UNIT} or {@link LINE_BREAK}. */
  readonly kinds: Uint8Array;
}

export const OTHER = 0;
export const WORD_UNIT = 1;
export const LINE_BREAK = 2;
/** Before the first character and after the last. */
export const EDGE = 3;

/** The coarsest alphabet in which some sets, words and line breaks can be told apart. */
export function alphabetOf(sets: readonly CodeUnits[]): Alphabet {
  const told = [...sets, WORD, LINE_BREAKS];
  const starts = startsOf(told);
  const letterOfKey = new Map<string, number>();
  const firstUnits: number[] = [];
  const runs = starts.map((unit) => {
    const key = told.map((set) => Number(contains(set, unit))).join('');
    const known = letterOfKey.get(key);
    if (known !== undefined) return known;
    letterOfKey.set(key, firstUnits.length);
    return firstUnits.push(unit) - 1;
  });
  return {
    letters: firstUnits.length,
    starts,
    runs,
    ascii: Uint16Array.from(
      { length: 128 },
      (_, unit) => runs[starts.findLastIndex((start) => start <= unit)]!,
    ),
    members: Uint8Array.from(sets.flatMap((set) => firstUnits.map((unit) => Number(contains(set, unit))))),
    kinds: Uint8Array.from(firstUnits, kindOf),
  };
}

/** Where a set begins, and where it has ended. */
function startsOf(sets: readonly CodeUnits[]): number[] {
  const starts = new Set([0, ...sets.flatMap((set) => set.map((unit, index) => unit + (index % 2)))]);
  return [...starts].filter((unit) => unit <= 0xffff).sort((a, b) => a - b);
}

const kindOf = (unit: number): number =>
  contains(WORD, unit) ? WORD_UNIT : contains(LINE_BREAKS, unit) ? LINE_BREAK : OTHER;

/** The letter of a code unit. */
export function letterOf({ ascii, starts, runs }: Alphabet, unit: number): number {
  if (unit < 128) return ascii[unit]!;
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= unit) low = middle;
    else high = middle;
  }
  return runs[low]!;
}
