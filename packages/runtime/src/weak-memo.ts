import { intrinsics } from '@dormouse/expression/inspect';

const getFrom = intrinsics.uncurry(WeakMap.prototype.get) as (map: object, key: object) => unknown;
const setIn = intrinsics.uncurry(WeakMap.prototype.set) as (map: object, key: object, value: unknown) => void;

/** What was once found out of an object, for as long as that lives. Runs nothing that the program may have replaced. */
export class WeakMemo<Key extends object, Value> {
  readonly #known = new WeakMap<Key, Value>();

  get(key: Key): Value | undefined {
    return getFrom(this.#known, key) as Value | undefined;
  }

  set(key: Key, value: Value): void {
    setIn(this.#known, key, value);
  }
}
