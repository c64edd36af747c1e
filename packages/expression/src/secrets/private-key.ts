import { slice, uncurry } from '../inspect/language.js';
import { charCodeAt } from './characters.js';
import type { Detector } from './secret.js';

const startsWith = uncurry(String.prototype.startsWith);
const indexOf = uncurry(String.prototype.indexOf);

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const DASH = 0x2d;

/** Longest kind of key: `ENCRYPTED PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`. */
const KIND = 40;

/** A PEM or PGP private key, to its end or, where that was cut off, to the text's. */
export const privateKey: Detector = (text, at) => {
  if (at + 1 >= text.length || charCodeAt(text, at + 1) !== DASH) return undefined;
  if (!startsWith(text, BEGIN, at)) return undefined;
  const kind = at + BEGIN.length;
  if (indexOf(slice(text, kind, kind + KIND), 'PRIVATE KEY') === -1) return undefined;
  const footer = indexOf(text, END, kind);
  const close = footer === -1 ? -1 : indexOf(text, DASHES, footer + END.length);
  return { rule: 'privateKey', start: at, end: close === -1 ? text.length : close + DASHES.length };
};
