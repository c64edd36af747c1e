import type { Result } from './executor.ts';

/** Differences that are documented in `docs/differences.md`: the test, and in whose words it is one. */
const KNOWN: readonly (readonly [path: RegExp, why: string])[] = [
  [/\/S11\.(6\.1|8\.\d)_A3\.2_T1\.2\.js$/, 'It compares the texts of two functions.'],
  [/\/Function\/prototype\/toString\//, 'It compares the text of a function.'],
  [/\/arguments-object\/10\.6-13-a-[23]\.js$/, 'Armed only: it reads the legacy `caller` of a function.'],
];

/** Why a result was expected to differ, if it was. */
export function whyKnown({ path }: Pick<Result, 'path'>): string | undefined {
  return KNOWN.find(([pattern]) => pattern.test(path))?.[1];
}
