import type { ts } from '../1-parse/typescript.js';

/** A bit of inserted text. `origin` is the offset in the woven text's original that it stands for, if any. */
export interface Piece {
  readonly text: string;
  readonly origin: number | undefined;
}

/** The only kind of edit there is: the output without its insertions is the original, byte for byte. */
export interface Insertion {
  readonly at: number;
  /** `after` closes what ends at `at`, `before` opens what starts there. */
  readonly side: 'before' | 'after';
  /** Where the text that it closes starts; the same as `at` for what opens. */
  readonly from: number;
  readonly pieces: readonly Piece[];
  /** What it stands in front of, where other nodes that start at `at` begin before it. */
  readonly wraps?: ts.Node;
}

/** Stands in front of the text that starts at `at`, and for it in source maps. */
export function before(at: number, text: string): Insertion {
  return { at, side: 'before', from: at, pieces: [{ text, origin: at }] };
}

/** The same, but in source maps for nothing: the text may be a variable's name, whose every token is told apart. */
export function beforeOperand(at: number, text: string): Insertion {
  return { at, side: 'before', from: at, pieces: [{ text, origin: undefined }] };
}

/** Stands inside of everything that starts where `node` does, but for `node` itself. */
export function wrapping(node: ts.Node, at: number, text: string): Insertion {
  return { ...before(at, text), wraps: node };
}

/** Stands behind the text between `from` and `at`. */
export function after(from: number, at: number, text: string): Insertion {
  return { at, side: 'after', from, pieces: [{ text, origin: undefined }] };
}

/**
 * Puts insertions in text order. Those that meet at one offset nest: what ends there is closed from the inside out,
 * the later begun first, then what starts is opened in the order given.
 */
export function inTextOrder(insertions: readonly Insertion[]): readonly Insertion[] {
  return insertions
    .map((insertion, rank) => ({ insertion, rank }))
    .sort((a, b) => compare(a.insertion, b.insertion) || nesting(a, b))
    .map(({ insertion }) => insertion);
}

function compare(a: Insertion, b: Insertion): number {
  return a.at - b.at || Number(a.side === 'before') - Number(b.side === 'before');
}

function nesting(
  a: { insertion: Insertion; rank: number },
  b: { insertion: Insertion; rank: number },
): number {
  if (a.insertion.side === 'before') return a.rank - b.rank;
  return b.insertion.from - a.insertion.from || b.rank - a.rank;
}
