import { UsageError } from '../failure.js';

/**
 * `NAME=VALUE` each, to an object; the value may have more of `=`.
 * @param what what a pair is, as its usage says: `--context`, `NAME=EXPR`
 * @throws {UsageError}
 */
export function parsePairs(what: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => parsePair(what, text)));
}

function parsePair(what: string, text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${what} ${text} is no NAME=VALUE.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
