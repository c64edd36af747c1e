import { lineTextHash } from '@dormouse/protocol';

/** What stands for the text of a source's line, from 1; undefined where the text is not at hand. Each source is taken apart once. */
export function lineTexts(
  texts: readonly (string | undefined)[],
): (source: number, line: number) => number | undefined {
  const lines = new Map<number, readonly string[]>();
  return (source, line) => {
    const text = texts[source];
    if (text === undefined) return undefined;
    const known = lines.get(source) ?? text.split(/\r\n|[\n\r\u2028\u2029]/u);
    lines.set(source, known);
    const found = known[line - 1];
    return found === undefined ? undefined : lineTextHash(found);
  };
}
