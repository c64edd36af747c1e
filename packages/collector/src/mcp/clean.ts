/**
 * Characters that a reader does not see or that act on a terminal: control and format characters (bidirectional
 * overrides, zero widths, tags in which text hides), private use, and line separators. Line breaks and tabs are text.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu;
const TEXT = new Set(['\n', '\t']);

/** The same value with every unseen character of every string, keys included, written as an escape. */
export function clean<Value>(value: Value): Value {
  return cleaned(value) as Value;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return escapeUnseen(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeUnseen(key), cleaned(item)]));
}

function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, (character) =>
    TEXT.has(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
