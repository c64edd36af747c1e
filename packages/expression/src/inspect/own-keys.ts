import { getOwnPropertySymbols, hasOwn, keys, monotonicMs, uncurry } from './intrinsics.js';
import { answersQuickly, isHuge, mayBeHuge } from './huge.js';

/**
 * The keys of an object, unless there are so many that listing them would stall the program: V8 collects and
 * sorts all keys before it gives the first one, whoever asks, `for…in` with a `break` included. A million keys
 * take a quarter of a second (Node 24), ten thousand a millisecond.
 *
 * So objects are looked at first, more closely where a quick look finds that they do not answer at once: huge ones show
 * by how they answer when keys are looked for. Of the others, listing the *symbols* walks the table of names without
 * collecting it, ten times faster than listing them would be: its time shows whether there are many.
 */

export interface OwnKeys {
  /** Enumerable ones, integers first. */
  readonly names: readonly string[];
  readonly symbols: readonly symbol[];
  /** Whether `names` are all of them. */
  readonly complete: boolean;
}

/** Walking the symbols of an object of some 20,000 keys takes this long, ms; of a thousand keys, a hundredth of it. */
const WALK_MS = 0.3;

/** So often a walk has to take so long: a pause of the machine or of V8 is in one of them. */
const WALKS = 3;

/** Objects with more keys than this are remembered as wide. */
const WIDE = 20_000;

/** How long it is believed, ms. */
const BELIEVED_MS = 10_000;

/** Where a wide object's first indices are looked for. */
const FIRST_INDICES = 1_000;

/** When objects were found to be wide, monotonic ms. */
const wideAt = new WeakMap<object, number>();
const recall = uncurry(wideAt.get) as (map: typeof wideAt, object: object) => number | undefined;
const remember = uncurry(wideAt.set);

/**
 * @param object anything but a proxy
 * @param most names wanted where not all can be had
 * @param now monotonic ms, to some tenth of a second
 */
export function ownKeys(object: object, most: number, now: number = monotonicMs()): OwnKeys {
  if (!mayBeHuge(now)) return complete(keys(object), getOwnPropertySymbols(object));
  const foundAt = recall(wideAt, object);
  if (foundAt !== undefined && now - foundAt < BELIEVED_MS) return incomplete(object, most);
  const symbols = answersQuickly(object) ? getOwnPropertySymbols(object) : symbolsUnlessWide(object);
  if (symbols === undefined) {
    remember(wideAt, object, now);
    return incomplete(object, most);
  }
  const names = keys(object);
  if (names.length > WIDE) remember(wideAt, object, now);
  return complete(names, symbols);
}

const complete = (names: readonly string[], symbols: readonly symbol[]): OwnKeys => ({
  names,
  symbols,
  complete: true,
});

const incomplete = (object: object, most: number): OwnKeys => ({
  names: firstIndices(object, most),
  symbols: [],
  complete: false,
});

/** @returns `undefined` where there are too many keys to list them, as each of some walks shows */
function symbolsUnlessWide(object: object): symbol[] | undefined {
  if (isHuge(object)) return undefined;
  for (let walk = 0; walk < WALKS; walk++) {
    const started = monotonicMs();
    const symbols = getOwnPropertySymbols(object);
    if (monotonicMs() - started < WALK_MS) return symbols;
  }
  return undefined;
}

/** Those of a range of integers that begins near 0, as a table by number has it; of names there is no first one. */
function firstIndices(object: object, most: number): string[] {
  const indices: string[] = [];
  for (let index = 0; index < FIRST_INDICES && indices.length < most; index++) {
    if (hasOwn(object, index)) indices[indices.length] = `${index}`;
  }
  return indices;
}
