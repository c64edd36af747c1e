import { intrinsics } from '@dormouse/expression/inspect';
import { assignment } from './assignment.js';
import { card } from './card.js';
import { charCodeAt, isDigit, isWord } from './characters.js';
import { email } from './email.js';
import { privateKey } from './private-key.js';
import type { Detector, Rule, Secret } from './secret.js';
import { authorization, jsonWebToken, PREFIX_STARTS, prefixedToken } from './tokens.js';
import { urlCredentials } from './url-credentials.js';

const { slice } = intrinsics;

/** Every secret in a text replaced by `[redacted:<rule>]`. Linear in the text's length. */
export function redactText(text: string): string {
  let redacted = '';
  let from = 0;
  for (let secret = nextSecret(text, 0); secret !== undefined; secret = nextSecret(text, from)) {
    redacted += slice(text, from, secret.start) + mark(secret.rule);
    from = secret.end;
  }
  return from === 0 ? text : redacted + slice(text, from);
}

/** The rule by which a text is a secret from its first to its last character. */
export function wholeSecret(text: string): Rule | undefined {
  const secret = nextSecret(text, 0);
  return secret !== undefined && secret.start === 0 && secret.end === text.length ? secret.rule : undefined;
}

const mark = (rule: Rule): string => `[redacted:${rule}]`;

/**
 * Classes of characters. A secret begins at the beginning of a word or a number, or it is found around a
 * mark; so most characters are only looked at to see that they are of the same class as the one before.
 */
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const MARK = 3;

function nextSecret(text: string, from: number): Secret | undefined {
  let before = from === 0 ? OTHER : classOf(charCodeAt(text, from - 1));
  for (let at = from; at < text.length; at++) {
    const code = charCodeAt(text, at);
    const kind = classOf(code);
    if (kind === MARK || (kind !== before && kind !== OTHER)) {
      const isInsideWord = kind === LETTER && before === DIGIT;
      const secret = isInsideWord ? undefined : DETECTORS[code]?.(text, at, from);
      if (secret !== undefined) return secret;
    }
    before = kind;
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
};

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  if (Object.hasOwn(MARKS, String.fromCharCode(code))) return MARK;
  if (isDigit(code)) return DIGIT;
  return isWord(code) ? LETTER : OTHER;
});

/** What to look for at each ASCII character, where it begins something. */
const DETECTORS: readonly (Detector | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (isDigit(code)) return card;
  if (character === 'e') return jsonWebToken;
  if (character === 'b' || character === 'B') return authorization;
  return PREFIX_STARTS.has(character) ? prefixedToken : MARKS[character];
});
