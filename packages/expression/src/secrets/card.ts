import { trunc } from '../inspect/language.js';
import { charCodeAt, isDigit } from './characters.js';
import type { Detector } from './secret.js';

/** Digits of a payment card's number, ISO/IEC 7812. */
const FEWEST = 13;
const MOST = 19;

/** A card number, its digits in groups or not: issuer's range and Luhn's check digit both hold. The longest counts. */
export const card: Detector = (text, at) => {
  if (text.length - at < FEWEST) return undefined;
  const number = new CardNumber();
  let cardEnd: number | undefined;
  let end = at;
  while (number.length < MOST && end < text.length) {
    const code = charCodeAt(text, end);
    if (isDigit(code)) {
      number.add(code - 0x30);
    } else if (!isSeparator(code) || !(end + 1 < text.length && isDigit(charCodeAt(text, end + 1)))) {
      break;
    }
    end++;
    if (number.isCard && isGroupEnd(text, end)) cardEnd = end;
  }
  return cardEnd === undefined ? undefined : { rule: 'card', start: at, end: cardEnd };
};

/** Whether a number that is not a text is a card's. */
export function isCardNumber(value: number | bigint): boolean {
  if (value < 0) return isCardNumber(-value);
  if (value < 1e12 || value >= 1e19) return false;
  if (typeof value === 'number' && trunc(value) !== value) return false;
  const digits = `${value}`;
  const number = new CardNumber();
  for (let at = 0; at < digits.length; at++) number.add(charCodeAt(digits, at) - 0x30);
  return number.isCard;
}

const isSeparator = (code: number): boolean => code === 0x20 || code === 0x2d;

const isGroupEnd = (text: string, end: number): boolean =>
  end === text.length || !isDigit(charCodeAt(text, end));

/** Digits as they come, with Luhn's sums for both parities, since which one counts is known only at the end. */
class CardNumber {
  length = 0;
  #prefix = 0;
  /** Luhn's sums with the digits at even, and at odd, places doubled. */
  #evenDoubled = 0;
  #oddDoubled = 0;

  add(digit: number): void {
    const doubled = digit < 5 ? digit * 2 : digit * 2 - 9;
    const isEvenPlace = this.length % 2 === 0;
    this.#evenDoubled += isEvenPlace ? doubled : digit;
    this.#oddDoubled += isEvenPlace ? digit : doubled;
    if (this.length < 4) this.#prefix = this.#prefix * 10 + digit;
    this.length++;
  }

  get isCard(): boolean {
    if (this.length < FEWEST || this.length > MOST) return false;
    const sum = this.length % 2 === 0 ? this.#evenDoubled : this.#oddDoubled;
    return sum % 10 === 0 && isIssuer(this.#prefix, this.length);
  }
}

/** The ranges of the large issuers: without them every tenth long number, times in microseconds too, would be a card. */
function isIssuer(prefix: number, length: number): boolean {
  const two = trunc(prefix / 100);
  if (two >= 40 && two <= 49) return length === 13 || length === 16 || length === 19; // Visa
  if ((two >= 51 && two <= 55) || (prefix >= 2221 && prefix <= 2720)) return length === 16; // Mastercard
  if (two === 34 || two === 37) return length === 15; // American Express
  if (two === 30 || two === 36 || two === 38 || two === 39) return length === 14 || length === 16; // Diners Club
  if (two === 35) return length >= 16; // JCB
  if (two === 60 || two === 64 || two === 65) return length >= 16; // Discover, RuPay
  if (two === 62 || two === 81) return length >= 16; // UnionPay
  return two === 50 || (two >= 56 && two <= 58) || two === 63 || two === 67; // Maestro
}
