import { ts } from '../1-parse/typescript.js';
import { type Parsed, parseLike } from '../1-parse/parse.js';
import type { Insertion } from '../3-write/insertion.js';

/**
 * The last check, independent of how the text was made: the whole output is parsed again in the same
 * goal, and every node of the original tree must be in it at its shifted place, in the same order.
 * Returns what is wrong, in one sentence, or undefined.
 */
export function findDamage(
  original: Parsed,
  insertions: readonly Insertion[],
  output: string,
): string | undefined {
  const woven = parseLike(original, output);
  if (woven.error !== undefined) return `The woven text does not parse: ${woven.error}`;
  if (lineCount(woven.file) !== lineCount(original.file)) return 'Weaving changed the number of lines.';
  const lost = firstLost(outline(original.file, insertions), outline(woven.file, []));
  return lost === undefined ? undefined : describe(nodeNumber(original.file, lost), original.file);
}

function lineCount(file: ts.SourceFile): number {
  return file.getLineStarts().length;
}

/** The nodes of a tree in text order, a node before its children: one number for the kind and start of each. */
type Outline = readonly number[];

/** @param insertions made in the text since it was parsed */
function outline(file: ts.SourceFile, insertions: readonly Insertion[]): Outline {
  const nodes: number[] = [];
  const shiftAt = shifts(insertions.filter(({ wraps }) => wraps === undefined));
  const wrappers = new Map(insertions.map((insertion) => [insertion.wraps, insertion]));
  let wrapped = 0;
  const visit = (node: ts.Node): void => {
    const wrapper = wrappers.get(node);
    if (wrapper !== undefined) wrapped += lengthOf(wrapper);
    const start = node.getStart(file);
    nodes.push((start + shiftAt(start) + wrapped) * 512 + node.kind);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return nodes;
}

/** The index of the first node that is not among `found`, where others may stand between. */
function firstLost(expected: Outline, found: Outline): number | undefined {
  let next = 0;
  for (const node of found) if (node === expected[next]) next++;
  return next < expected.length ? next : undefined;
}

/** The node that has this index in the outline of its file. */
function nodeNumber(file: ts.SourceFile, index: number): ts.Node {
  let left = index;
  const visit = (node: ts.Node): ts.Node | undefined => (left-- === 0 ? node : ts.forEachChild(node, visit));
  return ts.forEachChild(file, visit) as ts.Node;
}

function describe(node: ts.Node, file: ts.SourceFile): string {
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `Weaving would change what ${ts.SyntaxKind[node.kind]} at ${line + 1}:${character + 1} means.`;
}

function lengthOf({ pieces }: Insertion): number {
  let length = 0;
  for (const { text } of pieces) length += text.length;
  return length;
}

/** How far an offset of the original text has moved, everything inserted at it included. */
function shifts(insertions: readonly Insertion[]): (offset: number) => number {
  const ends: number[] = [];
  let total = 0;
  for (const insertion of insertions) {
    total += lengthOf(insertion);
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
