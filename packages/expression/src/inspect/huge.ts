import type { HeapSpaceInfo } from 'node:v8';
import process from 'node:process';
import { hasOwn, keys, monotonicMs } from './intrinsics.js';

/**
 * Whether an object has so many keys that listing them, or a mere walk over them, would stall the program. Nothing
 * tells their number. But names, and integers far apart, are in a hash table, and one of some 30,000 keys or more is
 * not in the processor's nearer caches: a key that is not there is looked for several times as long as in a small
 * table. Integers close together are found by samples. And where no large piece of memory is in use, there is nothing
 * to look for. Takes a millisecond where the answer is yes, else a fraction of a microsecond.
 *
 * @param object anything but a proxy
 * @param now monotonic ms, to some tenth of a second
 */
export function isHuge(object: object, now: number): boolean {
  if (!isMemoryLarge(now) || answersQuickly(object)) return false;
  return isDense(object) || staysSlow(names, object) || staysSlow(integers, object);
}

/** What 50,000 keys take, or 125,000 indices side by side: to list fewer takes a few milliseconds. */
const LARGE_BYTES = 1_000_000;

/** Time for which an answer holds, ms. */
const FRESH_MS = 100;

let answer = true;
let answeredAt = -Infinity;

function isMemoryLarge(now: number): boolean {
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

/** Keys to look for, spread, since neighbours share memory: names that no program has, integers far from all others. */
const KEYS = 4_096;
const names: readonly string[] = keys(
  Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`\u0001absent${index}`, 0])),
);
const integers: readonly number[] = names.map((_, index) => 2 ** 30 + ((index * 40_503) % 65_536) * 16_381);

/** And indices that objects have which are filled like arrays. */
const SAMPLES = 256;
const indices: readonly number[] = integers.slice(0, SAMPLES).map((integer) => integer % 65_521);

/** What a lookup is compared with: a table of a few names, and one of a few integers far apart. */
const small = Object.fromEntries(
  Array.from({ length: 64 }, (_, index) => [index % 2 ? `\u0001key${index}` : index * 60_000_000, index]),
);
delete small['\u0001key1'];

/** Lookups of a quick look, three times as many; and the time in which a table that is at hand answers all, ms. */
const FEW = 4;
const FEW_MS = 0.0003;

/** Whether a quick look finds no sign of many keys. */
function answersQuickly(object: object): boolean {
  const started = monotonicMs();
  lookFor(names, 0, FEW, object);
  lookFor(integers, 0, FEW, object);
  return lookFor(indices, 0, FEW, object) === 0 && monotonicMs() - started < FEW_MS;
}

/** Of the samples a quarter is there: some 16,000 indices. */
const isDense = (object: object): boolean => lookFor(indices, 0, SAMPLES, object) >= SAMPLES / 4;

/** Lookups of a thorough look: of the first batch, and of the others. */
const FIRST = 16;
const MANY = 504;

/** What a lookup outside of the nearer caches takes longer than one inside, ms: 20 to 150 ns on the machines of 2026. */
const FAR_MS = 0.000035;

/** A small table that is not in the cache yet is after some lookups. So two fast batches are proof: one may be chance. */
function staysSlow(wanted: readonly PropertyKey[], object: object): boolean {
  let fast = 0;
  for (let from = 0, count = FIRST; from + count <= KEYS; from += count, count = MANY) {
    // So that the keys themselves are in the cache.
    lookFor(wanted, from, count, small);
    const usual = timeOf(wanted, from, count, small);
    if (timeOf(wanted, from, count, object) - usual < count * FAR_MS && ++fast === 2) return false;
  }
  return true;
}

function timeOf(wanted: readonly PropertyKey[], from: number, count: number, object: object): number {
  const started = monotonicMs();
  lookFor(wanted, from, count, object);
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
