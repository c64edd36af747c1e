import { getOwnPropertySymbols, hasOwn, keys, monotonicMs, uncurry } from './intrinsics.js';

/**
 * The keys of an object, unless there are so many that listing them would stall the program: V8 collects and
 * sorts all keys before it gives the first one, whoever asks, `for…in` with a `break` included. A million keys
 * take a quarter of a second (Node 24), ten thousand a millisecond.
 *
 * Nothing tells the number of keys. But listing an object's *symbols* walks the same table without collecting
 * it, ten to twenty times faster, so its time shows whether the table is large. Integer keys are in a table
 * of their own, which no such walk sees: of those, a dense range is found by samples, and a large sparse one
 * (`{ 10023: …, 88321: … }`) stalls once, then it is remembered.
 */

export interface OwnKeys {
  /** Enumerable ones, integers first. */
  readonly names: readonly string[];
  readonly symbols: readonly symbol[];
  /** Whether `names` are all of them. */
  readonly complete: boolean;
}

/** Walking the symbols of an object of some 20,000 keys takes this long, ms. */
const WALK_MS = 0.1;

/** A walk that takes longer than `WALK_MS` is repeated, for it may have been interrupted; one as long as this is not. */
const LONG_WALK_MS = 5;

/** Objects with more keys than this are remembered as wide. */
const WIDE = 20_000;

/** Samples that tell a dense range of integer keys, the farthest first. */
const DENSE = 10_000;
const DENSE_STEP = 625;

/** How often in a row an object was found wide. Twice, and it is believed: a pause of the machine looks the same. */
const STRIKES = 2;
const strikes = new WeakMap<object, number>();
const strikesOf = uncurry(strikes.get) as (map: typeof strikes, object: object) => number | undefined;
const setStrikes = uncurry(strikes.set);

/**
 * @param object anything but a proxy
 * @param most names wanted where not all can be had
 */
export function ownKeys(object: object, most: number): OwnKeys {
  const before = strikesOf(strikes, object) ?? 0;
  if (before >= STRIKES) return incomplete([], []);
  const symbols = walkSymbols(object);
  if (symbols === undefined) {
    setStrikes(strikes, object, before + 1);
    return incomplete([], []);
  }
  if (isDense(object)) return incomplete(firstIndices(most), symbols);
  const names = keys(object);
  if (names.length > WIDE) setStrikes(strikes, object, STRIKES);
  else if (before > 0) setStrikes(strikes, object, 0);
  return { names, symbols, complete: true };
}

const incomplete = (names: readonly string[], symbols: readonly symbol[]): OwnKeys => ({
  names,
  symbols,
  complete: false,
});

/** @returns `undefined` where the walk shows that there are too many keys */
function walkSymbols(object: object): symbol[] | undefined {
  const started = monotonicMs();
  const symbols = getOwnPropertySymbols(object);
  const took = monotonicMs() - started;
  if (took < WALK_MS) return symbols;
  return took < LONG_WALK_MS && isQuick(object) ? symbols : undefined;
}

function isQuick(object: object): boolean {
  const started = monotonicMs();
  getOwnPropertySymbols(object);
  return monotonicMs() - started < WALK_MS;
}

function isDense(object: object): boolean {
  for (let index = DENSE; index >= 0; index -= DENSE_STEP) if (!hasOwn(object, index)) return false;
  return true;
}

function firstIndices(most: number): string[] {
  const indices: string[] = [];
  for (let index = 0; index < most && index <= DENSE; index++) indices[index] = `${index}`;
  return indices;
}
