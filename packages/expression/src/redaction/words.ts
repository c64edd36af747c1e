import { charCodeAt, slice, toLowerCase } from '../inspect/language.js';

/**
 * The words of a name, in small letters: `userAPIKey_v2` is `user api key v2`. No regular expression here, nor in
 * anything else that runs in a hit: it would change `RegExp.$1`, which the program may be about to read.
 */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= name.length; at++) {
    if (at < name.length && !isBoundary(name, at)) continue;
    if (at > start) words[words.length] = toLowerCase(slice(name, start, at));
    start = at < name.length && isNoise(charCodeAt(name, at)) ? at + 1 : at;
  }
  return words;
}

/** A name in small letters without what joins its words. */
export function normalised(name: string): string {
  let kept = '';
  let from = 0;
  for (let at = 0; at < name.length; at++) {
    if (!isNoise(charCodeAt(name, at))) continue;
    kept += slice(name, from, at);
    from = at + 1;
  }
  return toLowerCase(from === 0 ? name : kept + slice(name, from));
}

/** Whether a word ends before a character: at what joins words, at `aB` and at the last capital of `ABc`. */
function isBoundary(name: string, at: number): boolean {
  const code = charCodeAt(name, at);
  if (isNoise(code)) return true;
  if (at === 0 || !isUpper(code)) return false;
  if (!isUpper(charCodeAt(name, at - 1))) return true;
  return at + 1 < name.length && isLower(charCodeAt(name, at + 1));
}

/** `$ - . @ _` and the space. */
const isNoise = (code: number): boolean =>
  code === 0x24 || code === 0x2d || code === 0x2e || code === 0x40 || code === 0x5f || code === 0x20;

const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
