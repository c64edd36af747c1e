import type { HeapSpaceInfo } from 'node:v8';
import { hasOwn, keys, monotonicMs, process } from './intrinsics.js';

/** What 50,000 keys take, or 180,000 indices side by side: to list fewer takes some milliseconds. */
const LARGE_BYTES = 1_500_000;

/** Time for which an answer holds, ms. */
const FRESH_MS = 100;

let answer = true;
let answeredAt = -Infinity;

/**
 * Whether V8 holds so large a piece of memory that an object may be huge.
 * @param now monotonic ms, to some tenth of a second
 */
export function mayBeHuge(now: number): boolean {
  if (now - answeredAt > FRESH_MS) {
    answeredAt = now;
    answer = largeObjectBytes() > LARGE_BYTES;
  }
  return answer;
}

/** Loaded when it is needed first: it takes some milliseconds. */
let heapSpaces: (() => HeapSpaceInfo[]) | undefined;

function largeObjectBytes(): number {
  heapSpaces ??= process.getBuiltinModule('node:v8').getHeapSpaceStatistics;
  const spaces = heapSpaces();
  let bytes = 0;
  for (let index = 0; index < spaces.length; index++) {
    const { space_name, space_used_size } = spaces[index] as HeapSpaceInfo;
    if (space_name === 'large_object_space' || space_name === 'new_large_object_space')
      bytes += space_used_size;
  }
  return bytes;
}

/**
 * Whether an object has so many keys that listing them, or a mere walk over them, would stall the program. Nothing
 * tells their number. But integers close together are found by samples. And names, and integers far apart, are in a
 * hash table, of which each lookup touches another part: a key that is not there is found missing many times faster the
 * second time, if the table is outside of the processor's nearer caches; in a small table both times are alike, once some
 * lookups have brought all of it near. Takes a fraction of a millisecond where the answer is yes.
 *
 * An object of some thousand keys is never called huge: a pause of the machine is in one of the many times that are
 * compared, and a slow machine is slow both times.
 *
 * @param object anything but a proxy
 */
export function isHuge(object: object): boolean {
  moveOn();
  return hasManyIndices(object) || isFarAway(names, object) || isFarAway(integers, object);
}

/** Lookups of a batch; batches of a thorough look. */
const BATCH = 16;
const BATCHES = 64;
const LOOK = BATCH * BATCHES;

/** Keys for some thorough looks: names that no program has, and integers far from all others. */
const KEYS = 2 * LOOK;
const names: string[] = [];
const integers: number[] = [];

/** Makes the keys, in some milliseconds: not while the program starts, and rather not on a hit. */
export function prepareLooks(): void {
  if (names.length > 0) return;
  // What was a key of an object is known to V8 as a name from then on.
  const holder = { __proto__: null } as unknown as Record<string, number>;
  for (let index = 0; index < KEYS; index++) {
    holder[`\u0001absent${index}`] = 0;
    integers[index] = 2 ** 30 + ((index * 40_503) % 65_536) * 16_381;
  }
  const made = keys(holder);
  for (let index = 0; index < KEYS; index++) names[index] = made[index] as string;
}

/** Those to be looked for next. A look brings near what it has looked at, so that the next one takes others. */
let next = 0;

function moveOn(): void {
  next = (next + LOOK) % KEYS;
}

/** Powers of two: indices are looked for from each to the one after it. */
const FIRST_POWER = 14;
const LAST_POWER = 24;

/** Of a quick look: what strides of up to ten from 0 have in common. */
const COMMON = 2_520;
const fewIndices: readonly number[] = indicesOfRanges(1, (start) => Math.ceil(start / COMMON) * COMMON);

/** Of a thorough look: spread evenly, by the golden ratio. */
const SAMPLES = 64;
const manyIndices: readonly number[] = indicesOfRanges(
  SAMPLES,
  (start, sample) => start * (1 + ((sample * 0.618_033_988_75) % 1)),
);

function indicesOfRanges(count: number, sampleOf: (start: number, sample: number) => number): number[] {
  return Array.from({ length: (LAST_POWER - FIRST_POWER + 1) * count }, (_, index) =>
    Math.trunc(sampleOf(2 ** (FIRST_POWER + Math.trunc(index / count)), index % count)),
  );
}

/** Names, and as many integers, of a quick look; and the time in which a table that is at hand answers all, ms. */
const FEW = 3;
const FEW_MS = 0.0004;

/** Whether a quick look finds no sign of many keys. Takes a fifth of a microsecond. */
export function answersQuickly(object: object): boolean {
  prepareLooks();
  const started = monotonicMs();
  lookFor(names, next, FEW, object);
  lookFor(integers, next, FEW, object);
  const found = lookFor(fewIndices, 0, fewIndices.length, object);
  return found === 0 && monotonicMs() - started < FEW_MS;
}

/** Indices that are too many, and samples that have to be there before they count: fewer may be there by chance. */
const MANY_INDICES = 20_000;
const FEWEST_SAMPLES = 6;

function hasManyIndices(object: object): boolean {
  let indices = 0;
  for (let power = FIRST_POWER, from = 0; power <= LAST_POWER; power++, from += SAMPLES) {
    const found = lookFor(manyIndices, from, SAMPLES, object);
    if (found >= FEWEST_SAMPLES) indices += (found / SAMPLES) * 2 ** power;
  }
  return indices > MANY_INDICES;
}

/** How many times longer a batch takes the first time in a huge table; in a small one, hardly longer. */
const FAR = 3.5;

/** Batches of a huge table that may miss that for other reasons. */
const MOST_NEAR = 6;

function isFarAway(wanted: readonly PropertyKey[], object: object): boolean {
  let near = 0;
  for (let from = next; from < next + LOOK; from += BATCH) {
    // So that the keys themselves are near.
    lookFor(wanted, from, BATCH, small);
    const isNear = timeOf(wanted, from, object) < FAR * timeOf(wanted, from, object);
    if (isNear && ++near > MOST_NEAR) return false;
  }
  return true;
}

/** A table of a few names, and one of a few integers far apart. */
const small = Object.fromEntries(
  Array.from({ length: 64 }, (_, index) => [index % 2 ? `\u0001key${index}` : index * 60_000_000, index]),
);
delete small['\u0001key1'];

function timeOf(wanted: readonly PropertyKey[], from: number, object: object): number {
  const started = monotonicMs();
  lookFor(wanted, from, BATCH, object);
  return monotonicMs() - started;
}

/** @returns how many were there */
function lookFor(wanted: readonly PropertyKey[], from: number, count: number, object: object): number {
  let found = 0;
  for (let index = from; index < from + count; index++) {
    if (hasOwn(object, wanted[index] as PropertyKey)) found++;
  }
  return found;
}
