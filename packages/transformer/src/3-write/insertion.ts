/** A bit of inserted text. `origin` is the offset in the woven text's original that it stands for, if any. */
export interface Piece {
  readonly text: string;
  readonly origin: number | undefined;
}

/**
 * The only kind of edit there is: the output without its insertions is the original, byte for byte.
 * `after` closes what ends at `at`, `before` opens what starts there.
 */
export interface Insertion {
  readonly at: number;
  readonly side: 'before' | 'after';
  readonly pieces: readonly Piece[];
}

/**
 * Puts insertions in text order. Given in the order in which their statements open, those that meet
 * at one offset nest: what ends there is closed from the inside out, then what starts is opened.
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

function nesting(a: { insertion: Insertion; rank: number }, b: { rank: number }): number {
  return a.insertion.side === 'after' ? b.rank - a.rank : a.rank - b.rank;
}
