import {
  HARMLESS_FIRST_WORDS,
  REDACTED_ENDINGS,
  REDACTED_NAME_FORMS,
  REDACTED_NAMES,
  REDACTED_WORD_ENDINGS,
  TOKENS_OF_TEXT,
} from '@dormouse/protocol';
import { charCodeAt, slice, uncurry } from '../inspect/language.js';
import { normalised, wordsOf } from './words.js';

const isIn = uncurry(Set.prototype.has) as (set: ReadonlySet<string>, text: string) => boolean;
const endsWith = uncurry(String.prototype.endsWith);

/** Names that a team adds to, and takes from, what is redacted; normalised. */
export interface NameChanges {
  readonly added: ReadonlySet<string>;
  readonly allowed: ReadonlySet<string>;
}

/** Whether a name is one of a secret: by itself, or by the words that it ends in. Takes microseconds; the answer is to be kept. */
export function isSecretName(name: string, { added, allowed }: NameChanges): boolean {
  const whole = normalised(name);
  if (isIn(allowed, whole)) return false;
  if (isIn(REDACTED_NAMES, whole) || isIn(added, whole)) return true;
  const words = wordsOf(name);
  if (words.length > 1 && isIn(HARMLESS_FIRST_WORDS, words[0]!)) return false;
  return hasSecretEnding(words, endOfNoun(words), added);
}

/** Whether a name is one of those given, normalised, or its last words are. */
export function isNamedBy(name: string, names: ReadonlySet<string>): boolean {
  if (isIn(names, normalised(name))) return true;
  const words = wordsOf(name);
  const end = endOfNoun(words);
  return words.some((_, start) => start < end && isIn(names, words.slice(start, end).join('')));
}

/** How many words are left without the last ones that only tell the form: `token` of `tokenHashHex`. */
function endOfNoun(words: readonly string[]): number {
  let end = words.length;
  while (end > 1 && isForm(words[end - 1]!)) end--;
  return end;
}

const isForm = (word: string): boolean =>
  isIn(REDACTED_NAME_FORMS, word) || isIn(REDACTED_NAME_FORMS, withoutDigits(word));

function hasSecretEnding(words: readonly string[], end: number, added: ReadonlySet<string>): boolean {
  let ending = '';
  for (let start = end - 1; start >= 0; start--) {
    ending = start === end - 1 ? withoutDigits(words[start]!) : words[start]! + ending;
    if (isIn(added, ending)) return true;
    if (isSecretEnding(ending)) return !isTokenOfText(words, start, ending);
  }
  return endsUnmistakably(ending);
}

/** Plurals count as well, but for `tokens`, which language models count. */
const isSecretEnding = (ending: string): boolean =>
  isIn(REDACTED_ENDINGS, ending) ||
  (ending !== 'tokens' && endsWith(ending, 's') && isIn(REDACTED_ENDINGS, slice(ending, 0, -1)));

const isTokenOfText = (words: readonly string[], at: number, ending: string): boolean =>
  ending === 'token' && at > 0 && isIn(TOKENS_OF_TEXT, words[at - 1]!);

function endsUnmistakably(whole: string): boolean {
  for (let index = 0; index < REDACTED_WORD_ENDINGS.length; index++) {
    const ending = REDACTED_WORD_ENDINGS[index]!;
    if (endsWith(whole, ending) || endsWith(whole, `${ending}s`)) return true;
  }
  return false;
}

/** `password2` is a password. */
function withoutDigits(word: string): string {
  let end = word.length;
  while (end > 0 && isDigit(charCodeAt(word, end - 1))) end--;
  return end === 0 || end === word.length ? word : slice(word, 0, end);
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
