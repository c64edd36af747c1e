import type { ManifestFunction } from '@dormouse/protocol';
import type { IndexedFunction } from './build-index.js';

/** What follows from a function alone, made when it is first asked for: every process of a build is told the same. */
export function perFunction<Result>(make: (at: IndexedFunction) => Result): (at: IndexedFunction) => Result {
  const made = new WeakMap<ManifestFunction, { readonly result: Result }>();
  return (at) => {
    const known = made.get(at.fn) ?? { result: make(at) };
    made.set(at.fn, known);
    return known.result;
  };
}
