/** Sets of UTF-16 code units: sorted, disjoint ranges, `[from, to, from, to, …]`, both ends inside. */
export type CodeUnits = readonly number[];

const LAST = 0xffff;

export const range = (from: number, to: number = from): CodeUnits => [from, to];

export function union(...sets: readonly CodeUnits[]): CodeUnits {
  const pairs = sets.flatMap(pairsOf).sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [from, to] of pairs) {
    const last = merged.length - 1;
    if (last > 0 && from <= merged[last]! + 1) merged[last] = Math.max(merged[last]!, to);
    else merged.push(from, to);
  }
  return merged;
}

export function complement(set: CodeUnits): CodeUnits {
  const rest: number[] = [];
  let next = 0;
  for (const [from, to] of pairsOf(set)) {
    if (from > next) rest.push(next, from - 1);
    next = to + 1;
  }
  if (next <= LAST) rest.push(next, LAST);
  return rest;
}

export function contains(set: CodeUnits, unit: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (unit >= set[at]! && unit <= set[at + 1]!) return true;
  return false;
}

const pairsOf = (set: CodeUnits): [from: number, to: number][] =>
  Array.from({ length: set.length / 2 }, (_, index) => [set[2 * index]!, set[2 * index + 1]!]);

export const ALL: CodeUnits = range(0, LAST);
export const DIGITS: CodeUnits = range(0x30, 0x39);
export const WORD: CodeUnits = union(DIGITS, range(0x41, 0x5a), range(0x5f), range(0x61, 0x7a));
export const LINE_BREAKS: CodeUnits = union(range(0x0a), range(0x0d), range(0x2028, 0x2029));
/** ECMAScript's white space and line terminators. */
export const SPACES: CodeUnits = union(
  range(0x09, 0x0d),
  range(0x20),
  range(0xa0),
  range(0x1680),
  range(0x2000, 0x200a),
  range(0x2028, 0x2029),
  range(0x202f),
  range(0x205f),
  range(0x3000),
  range(0xfeff),
);

/** The set with everything that the flag `i` takes for one of its members. */
export function ignoringCase(set: CodeUnits): CodeUnits {
  const alike = families().filter((family) => family.some((unit) => contains(set, unit)));
  return union(set, ...alike.flatMap((family) => family.map((unit) => range(unit))));
}

/** ECMAScript's `Canonicalize` without the flag `u`. */
function canonical(unit: number): number {
  const upper = String.fromCharCode(unit).toUpperCase();
  if (upper.length !== 1) return unit;
  const code = upper.charCodeAt(0);
  return unit >= 128 && code < 128 ? unit : code;
}

let knownFamilies: readonly (readonly number[])[] | undefined;

/** Units that are the same to the flag `i`, where there are several. Some milliseconds once, for the first such pattern. */
function families(): readonly (readonly number[])[] {
  if (knownFamilies) return knownFamilies;
  const byCanonical = new Map<number, number[]>();
  for (let unit = 0; unit <= LAST; unit++) {
    const common = canonical(unit);
    if (common === unit) continue;
    const family = byCanonical.get(common);
    if (family) family.push(unit);
    else byCanonical.set(common, [common, unit]);
  }
  return (knownFamilies = [...byCanonical.values()]);
}
