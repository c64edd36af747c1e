/** At most this many suggestions, and none that needs more edits than a third of the name. */
const SUGGESTIONS = 3;

/** @returns the candidates that a writer of `name` may have meant, nearest first */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  const reach = Math.max(1, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  return Array.from(candidates, (candidate) => ({
    candidate,
    edits: editDistance(wanted, candidate.toLowerCase()),
  }))
    .filter(({ candidate, edits }) => edits <= reach && edits < Math.max(name.length, candidate.length))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, SUGGESTIONS)
    .map(({ candidate }) => candidate);
}

/** Insertions, deletions, substitutions and swaps of neighbours between two names (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substituted, previous[j]! + 1, row[j - 1]! + 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, beforePrevious[j - 2]! + 1);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}
