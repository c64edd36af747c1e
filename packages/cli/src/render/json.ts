/** What JSON leaves as it is, and a terminal or the eye would take for something other than text; see `text.ts`. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/**
 * JSON that may be shown on a terminal, whoever wrote what is in it: unsafe characters, which only texts can have, are
 * written as escapes of JSON, so that whoever reads it gets the same value.
 * @param indent columns of each level; without it everything is on one line
 */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
