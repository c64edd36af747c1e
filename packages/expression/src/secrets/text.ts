import { slice } from '../inspect/language.js';
import { redaction } from '../redaction/rules.js';
import { assignment } from './assignment.js';
import { card } from './card.js';
import { BACKSLASH, charCodeAt, isDigit, isLetter, isWord } from './characters.js';
import { email } from './email.js';
import { iban } from './iban.js';
import { patternSecrets } from './patterns.js';
import { americanPhone, bracketedPhone, internationalPhone } from './phone.js';
import { privateKey } from './private-key.js';
import type { Detector, Secret } from './secret.js';
import { socialSecurity } from './social-security.js';
import { authorization, azureSecret, jsonWebToken, prefixedToken } from './tokens.js';
import { urlCredentials } from './url-credentials.js';

/** Every secret in a text replaced by `[redacted:<rule>]`. Linear in the text's length. */
export function redactText(text: string): string {
  const secrets = secretsIn(text);
  if (secrets.length === 0) return text;
  let redacted = '';
  let from = 0;
  for (let index = 0; index < secrets.length; index++) {
    const { rule, start, end } = secrets[index]!;
    redacted += `${slice(text, from, start)}[redacted:${rule}]`;
    from = end;
  }
  return redacted + slice(text, from);
}

/** The rule by which a text is a secret from its first to its last character. */
export function wholeSecret(text: string): string | undefined {
  const secrets = secretsIn(text);
  const secret = secrets[0];
  return secret !== undefined && secret.start === 0 && secret.end === text.length ? secret.rule : undefined;
}

/** What the built-in detectors and the team's own patterns find, in order and without overlaps. */
function secretsIn(text: string): readonly Secret[] {
  let secrets = builtInSecrets(text);
  const { patterns } = redaction();
  for (let index = 0; index < patterns.length; index++) {
    const found = patternSecrets(patterns[index]!, text);
    if (found.length > 0) secrets = merged(secrets, found);
  }
  return secrets;
}

const NONE: readonly Secret[] = [];

function builtInSecrets(text: string): readonly Secret[] {
  let secret = nextSecret(text, 0);
  if (secret === undefined) return NONE;
  const secrets: Secret[] = [];
  for (; secret !== undefined; secret = nextSecret(text, secret.end)) secrets[secrets.length] = secret;
  return secrets;
}

/** Both lists in one; secrets that overlap become one, under the rule of the first. */
function merged(some: readonly Secret[], others: readonly Secret[]): readonly Secret[] {
  const all: Secret[] = [];
  for (let one = 0, other = 0; one < some.length || other < others.length;) {
    const isOthers =
      one === some.length || (other < others.length && others[other]!.start < some[one]!.start);
    const next = isOthers ? others[other++]! : some[one++]!;
    const last = all[all.length - 1];
    if (last === undefined || next.start >= last.end) all[all.length] = next;
    else if (next.end > last.end) all[all.length - 1] = { rule: last.rule, start: last.start, end: next.end };
  }
  return all;
}

/**
 * Classes of characters. A secret begins at the beginning of a word or a number, or it is found around a
 * mark; so most characters are only looked at to see that they are of the same class as the one before.
 */
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const MARK = 3;

function nextSecret(text: string, from: number): Secret | undefined {
  let previous = from === 0 ? 0 : charCodeAt(text, from - 1);
  let before = classOf(previous);
  for (let at = from; at < text.length; at++) {
    const code = charCodeAt(text, at);
    const kind = classOf(code);
    if (kind === MARK || (kind !== before && kind !== OTHER)) {
      const isInsideWord = kind === LETTER && before === DIGIT;
      const secret = isInsideWord ? undefined : DETECTORS[code]?.(text, at, from);
      if (secret !== undefined) return secret;
    }
    before = previous === BACKSLASH && isLetter(code) ? OTHER : kind;
    previous = code;
  }
  return undefined;
}

const classOf = (code: number): number => (code < 128 ? CLASSES[code]! : OTHER);

const colon: Detector = (text, at, from) => urlCredentials(text, at, from) ?? assignment(text, at, from);

const MARKS: Readonly<Record<string, Detector>> = {
  '@': email,
  ':': colon,
  '=': assignment,
  '-': privateKey,
  '+': internationalPhone,
  '(': bracketedPhone,
  '~': azureSecret,
};

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (Object.hasOwn(MARKS, String.fromCharCode(code))) return MARK;
  if (isDigit(code)) return DIGIT;
  return isWord(code) ? LETTER : OTHER;
});

/** Characters of the shortest secrets that begin with a digit, and with a letter: most words are shorter. */
const SHORTEST_NUMBER = 11;
const SHORTEST_TOKEN = 15;

const number: Detector = (text, at, from) =>
  text.length - at < SHORTEST_NUMBER
    ? undefined
    : (card(text, at, from) ?? socialSecurity(text, at, from) ?? americanPhone(text, at, from));

const word: Detector = (text, at, from) =>
  text.length - at < SHORTEST_TOKEN ? undefined : (prefixedToken(text, at, from) ?? iban(text, at, from));
const wordOfE: Detector = (text, at, from) => jsonWebToken(text, at, from) ?? word(text, at, from);
const wordOfB: Detector = (text, at, from) => authorization(text, at, from) ?? word(text, at, from);

/** What to look for at each ASCII character, where it begins something. */
const DETECTORS: readonly (Detector | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (isDigit(code)) return number;
  if (character === 'e') return wordOfE;
  if (character === 'b' || character === 'B') return wordOfB;
  return isLetter(code) ? word : MARKS[character];
});
