import { ts } from '../1-parse/typescript.js';
import { type Parsed, parseLike } from '../1-parse/parse.js';
import type { Insertion } from '../3-write/insertion.js';

/**
 * The last check, independent of how the text was made: the whole output is parsed again in the same
 * goal, and every node of the original tree must be in it at its shifted place. Returns what is
 * wrong, in one sentence, or undefined.
 */
export function findDamage(
  original: Parsed,
  insertions: readonly Insertion[],
  output: string,
): string | undefined {
  const woven = parseLike(original, output);
  if (woven.error !== undefined) return `The woven text does not parse: ${woven.error}`;
  if (lineCount(woven.file) !== lineCount(original.file)) return 'Weaving changed the number of lines.';
  return findLostNode(original.file, insertions, nodeStarts(woven.file));
}

function lineCount(file: ts.SourceFile): number {
  return file.getLineStarts().length;
}

type Starts = ReadonlySet<number>;

/** One number per node: its start and kind. */
function key(kind: ts.SyntaxKind, start: number): number {
  return start * 512 + kind;
}

function nodeStarts(file: ts.SourceFile): Starts {
  const starts = new Set<number>();
  const visit = (node: ts.Node): void => {
    starts.add(key(node.kind, node.getStart(file)));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return starts;
}

function findLostNode(
  file: ts.SourceFile,
  insertions: readonly Insertion[],
  found: Starts,
): string | undefined {
  const shiftAt = shifts(insertions);
  const visit = (node: ts.Node): string | undefined => {
    const start = node.getStart(file);
    if (!found.has(key(node.kind, start + shiftAt(start)))) {
      const { line, character } = file.getLineAndCharacterOfPosition(start);
      return `Weaving would change what ${ts.SyntaxKind[node.kind]} at ${line + 1}:${character + 1} means.`;
    }
    return ts.forEachChild(node, visit);
  };
  return ts.forEachChild(file, visit);
}

/** How far an offset of the original text has moved, everything inserted at it included. */
function shifts(insertions: readonly Insertion[]): (offset: number) => number {
  const ends: number[] = [];
  let total = 0;
  for (const { pieces } of insertions) {
    for (const { text } of pieces) total += text.length;
    ends.push(total);
  }
  return (offset) => {
    let low = 0;
    let high = insertions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((insertions[middle] as Insertion).at <= offset) low = middle + 1;
      else high = middle;
    }
    return ends[low - 1] ?? 0;
  };
}
