import { intrinsics } from '@dormouse/expression/inspect';

/**
 * A realm by its global object, where woven code keeps its registry and its switch objects. It is held weakly: a `vm`
 * context that its program lets go of is collected, woven or not.
 */
export interface Realm {
  /** Undefined once it was collected. */
  readonly global: object | undefined;
}

const deref = intrinsics.uncurry(WeakRef.prototype.deref) as (ref: WeakRef<object>) => object | undefined;

export function realmOf(global: object): Realm {
  const ref = new WeakRef(global);
  return {
    get global() {
      return deref(ref);
    },
  };
}

/** The one in which the runtime itself runs. */
export const OWN_REALM = realmOf(globalThis);
