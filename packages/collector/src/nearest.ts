/** Suggestions are few, or they are no help. */
const MAX_SUGGESTIONS = 5;
/** Longer texts are not compared: the work grows with the product of the lengths. */
const MAX_COMPARED_LENGTH = 200;

/** The names most like `wanted`, best first: what the caller may have meant. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const target = fold(wanted);
  const scored = Array.from(new Set(names), (name) => ({ name, distance: distance(target, fold(name)) }));
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const acceptable = Math.max(2, Math.ceil(target.length * 0.4));
  return scored
    .filter((candidate) => candidate.distance <= acceptable)
    .slice(0, MAX_SUGGESTIONS)
    .map((candidate) => candidate.name);
}

function fold(name: string): string {
  return name.toLowerCase().slice(0, MAX_COMPARED_LENGTH);
}

/** Levenshtein's distance, and 0 for a part of the other text. */
function distance(a: string, b: string): number {
  if (a.length > 0 && b.includes(a)) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
