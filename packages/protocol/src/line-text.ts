/** FNV-1a, 32 bits: draft-eastlake-fnv. */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * What stands for the text of a source line: weaver and collector have to come to the same number. Blanks at its ends do not count,
 * and how many there are between two words.
 */
export function lineTextHash(line: string): number {
  const text = line.trim().replaceAll(/\s+/gu, ' ');
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}
