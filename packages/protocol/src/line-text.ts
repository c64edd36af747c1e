/** FNV-1a, 32 bits: draft-eastlake-fnv. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

const SPACE = 0x20;

/**
 * What stands for the text of a source line: weaver and collector have to come to the same number. Blanks at its ends do not count,
 * nor how many there are between two words. In one pass and without making a text: a weaver asks for every line.
 */
export function lineTextHash(line: string): number {
  let hash = OFFSET_BASIS;
  let isBegun = false;
  let isAfterBlank = false;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (isBlank(code)) {
      isAfterBlank = isBegun;
      continue;
    }
    if (isAfterBlank) hash = Math.imul(hash ^ SPACE, PRIME);
    hash = Math.imul(hash ^ code, PRIME);
    isBegun = true;
    isAfterBlank = false;
  }
  return hash >>> 0;
}

/** Control characters, spaces, no-break spaces and byte order marks. */
const isBlank = (code: number): boolean => code <= SPACE || code === 0xa0 || code === 0xfeff;
