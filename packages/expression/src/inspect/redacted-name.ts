import { REDACTED_NAMES, REDACTED_NAME_MAX_LENGTH } from '@dormouse/protocol';
import { charCodeAt, slice, toLowerCase, uncurry } from './intrinsics.js';

const isListed = uncurry(REDACTED_NAMES.has);

/**
 * Whether a variable, property or Map key of this name is never shown. No regular expression here, nor in
 * anything else that runs in a hit: it would change `RegExp.$1`, which the program may be about to read.
 */
export const isRedactedName = (name: string): boolean =>
  name.length <= REDACTED_NAME_MAX_LENGTH && isListed(REDACTED_NAMES, withoutNoise(toLowerCase(name)));

function withoutNoise(name: string): string {
  let kept = '';
  let from = 0;
  for (let at = 0; at < name.length; at++) {
    if (!isNoise(charCodeAt(name, at))) continue;
    kept += slice(name, from, at);
    from = at + 1;
  }
  return from === 0 ? name : kept + slice(name, from);
}

/** The characters of `REDACTED_NAME_NOISE`: `$ - . @ _`. */
const isNoise = (code: number): boolean =>
  code === 0x24 || code === 0x2d || code === 0x2e || code === 0x40 || code === 0x5f;
