import { charCodeAt, isDigit, isLetter, isWord } from './characters.js';
import type { Detector } from './secret.js';

/** Characters of each country's account numbers, from the IBAN registry of SWIFT. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  `
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28
    EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26
    IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28
    NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
    SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
  `
    .trim()
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The same by the codes of both letters, so that a hit builds no text to look it up. */
const LENGTH_BY_LETTERS = Uint8Array.from(
  { length: 32 * 32 },
  (_, place) => LENGTHS.get(String.fromCharCode(0x40 + (place >> 5), 0x40 + (place & 31))) ?? 0,
);

/** An international bank account number, in groups of four or not: length and check digits both hold. */
export const iban: Detector = (text, at) => {
  const length = lengthFor(text, at);
  if (length === 0) return undefined;
  let end = at;
  let taken = 0;
  let remainder = 0;
  for (; taken < length && end < text.length; end++) {
    const code = charCodeAt(text, end);
    if (isSeparator(code) && taken % 4 === 0) continue;
    const value = valueOf(code);
    if (value === -1) return undefined;
    // The first four characters count last.
    if (taken >= 4) remainder = append(remainder, value);
    taken++;
  }
  if (taken < length || (end < text.length && isWord(charCodeAt(text, end)))) return undefined;
  for (let place = at; place < at + 4; place++)
    remainder = append(remainder, valueOf(charCodeAt(text, place)));
  return remainder === 1 ? { rule: 'iban', start: at, end } : undefined;
};

/** @returns 0 where no account number begins: two letters of a country and two digits */
function lengthFor(text: string, at: number): number {
  if (at + 15 > text.length || !isDigit(charCodeAt(text, at + 2))) return 0;
  const first = charCodeAt(text, at);
  const second = charCodeAt(text, at + 1);
  if (!isLetter(first) || !isLetter(second)) return 0;
  if (!isDigit(charCodeAt(text, at + 3))) return 0;
  return LENGTH_BY_LETTERS[(first & 31) * 32 + (second & 31)]!;
}

/** ISO 7064: a letter counts as a number of two digits. */
const append = (remainder: number, value: number): number =>
  (remainder * (value < 10 ? 10 : 100) + value) % 97;

const valueOf = (code: number): number =>
  isDigit(code) ? code - 0x30 : isLetter(code) ? (code & 31) + 9 : -1;

const isSeparator = (code: number): boolean => code === 0x20 || code === 0x2d;
