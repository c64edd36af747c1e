import { ownKeys, readOwn } from '@dormouse/expression/inspect';
import { kindOf } from '../../capture/kind-of.js';
import { arrayKind } from '../../capture/kinds/array.js';
import { objectKind } from '../../capture/kinds/object.js';
import { isSameValue } from '../../intrinsics.js';

/** Objects that hold more are captured again and again. */
const MOST = 50;

/**
 * What an object held when it was captured one level deep. As long as it holds the same it looks the same, which is found
 * out in a fraction of the time that it takes to capture it and compare.
 */
export class Contents {
  readonly #object: object;
  /** Undefined: it is an array. */
  readonly #names: readonly string[] | undefined;
  readonly #values: readonly unknown[];
  /** By index: how long an array among the values was, which is shown. */
  readonly #lengths: readonly (number | undefined)[];

  /** @param now monotonic ms. @returns undefined where a look would not tell: other kinds show more than what they hold */
  static of(object: object, now: number): Contents | undefined {
    const kind = kindOf(object);
    if (kind !== objectKind && kind !== arrayKind) return undefined;
    const names = kind === arrayKind ? undefined : namesOf(object, now);
    const size = kind === arrayKind ? (object as unknown[]).length : (names?.length ?? Infinity);
    if (size > MOST) return undefined;
    const values: unknown[] = [];
    const lengths: (number | undefined)[] = [];
    for (let index = 0; index < size; index++) {
      const value = readOwn(object, names === undefined ? index : (names[index] as string));
      values[index] = value;
      if (typeof value !== 'object' || value === null) continue;
      const heldKind = kindOf(value);
      if (heldKind === arrayKind) lengths[index] = (value as unknown[]).length;
      else if (heldKind !== objectKind) return undefined;
    }
    return new Contents(object, names, values, lengths);
  }

  private constructor(
    object: object,
    names: readonly string[] | undefined,
    values: readonly unknown[],
    lengths: readonly (number | undefined)[],
  ) {
    this.#object = object;
    this.#names = names;
    this.#values = values;
    this.#lengths = lengths;
  }

  /** @param now monotonic ms */
  isHeldBy(object: object, now: number): boolean {
    if (object !== this.#object || !this.#hasSameKeys(now)) return false;
    const names = this.#names;
    const values = this.#values;
    for (let index = 0; index < values.length; index++) {
      const value = readOwn(object, names === undefined ? index : (names[index] as string));
      if (!isSameValue(value, values[index])) return false;
      const length = this.#lengths[index];
      if (length !== undefined && (value as unknown[]).length !== length) return false;
    }
    return true;
  }

  #hasSameKeys(now: number): boolean {
    const before = this.#names;
    if (before === undefined) return (this.#object as unknown[]).length === this.#values.length;
    const names = namesOf(this.#object, now);
    if (names === undefined || names.length !== before.length) return false;
    for (let index = 0; index < names.length; index++) if (names[index] !== before[index]) return false;
    return true;
  }
}

/** Undefined where they are not all: there are very many, or symbols among them. */
function namesOf(object: object, now: number): readonly string[] | undefined {
  const { names, symbols, complete } = ownKeys(object, MOST, now);
  return complete && symbols.length === 0 ? names : undefined;
}
