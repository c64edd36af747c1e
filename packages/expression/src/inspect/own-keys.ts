import { getOwnPropertySymbols, hasOwn, keys, monotonicMs, uncurry } from './intrinsics.js';
import { isHuge } from './huge.js';

/**
 * The keys of an object, unless there are so many that listing them would stall the program: V8 collects and
 * sorts all keys before it gives the first one, whoever asks, `for…in` with a `break` included. A million keys
 * take a quarter of a second (Node 24), ten thousand a millisecond.
 *
 * Two looks tell, the second one cheap where the first one would not be. Huge objects show by how they answer when
 * keys are looked for. Of the others, listing the *symbols* walks the table of names without collecting it, ten times
 * faster than listing them would be: its time shows whether there are many.
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

/** Objects with more keys than this are remembered as wide. */
const WIDE = 20_000;

/** Where a huge object's first indices are looked for. */
const FIRST_INDICES = 1_000;

/** How often in a row an object was found wide. Twice, and it is believed: a pause of the machine looks the same. */
const STRIKES = 2;
const strikes = new WeakMap<object, number>();
const strikesOf = uncurry(strikes.get) as (map: typeof strikes, object: object) => number | undefined;
const setStrikes = uncurry(strikes.set);

/**
 * @param object anything but a proxy
 * @param most names wanted where not all can be had
 * @param now monotonic ms, to some tenth of a second
 */
export function ownKeys(object: object, most: number, now: number = monotonicMs()): OwnKeys {
  const before = strikesOf(strikes, object) ?? 0;
  if (before >= STRIKES) return incomplete(firstIndices(object, most));
  const symbols = isHuge(object, now) ? undefined : walkSymbols(object);
  if (symbols === undefined) {
    setStrikes(strikes, object, before + 1);
    return incomplete(firstIndices(object, most));
  }
  const names = keys(object);
  if (names.length > WIDE) setStrikes(strikes, object, STRIKES);
  else if (before > 0) setStrikes(strikes, object, 0);
  return { names, symbols, complete: true };
}

const incomplete = (names: readonly string[]): OwnKeys => ({ names, symbols: [], complete: false });

/** @returns `undefined` where the walk shows, twice since it may have been interrupted, that there are too many keys */
function walkSymbols(object: object): symbol[] | undefined {
  const started = monotonicMs();
  const symbols = getOwnPropertySymbols(object);
  return monotonicMs() - started < WALK_MS || isQuick(object) ? symbols : undefined;
}

function isQuick(object: object): boolean {
  const started = monotonicMs();
  getOwnPropertySymbols(object);
  return monotonicMs() - started < WALK_MS;
}

/** Those of a range of integers that begins near 0, as a table by number has it; of names there is no first one. */
function firstIndices(object: object, most: number): string[] {
  const indices: string[] = [];
  for (let index = 0; index < FIRST_INDICES && indices.length < most; index++) {
    if (hasOwn(object, index)) indices[indices.length] = `${index}`;
  }
  return indices;
}
