import type { Caller } from '../auth/caller.js';
import type { PlaceTree } from '../places/place-tree.js';
import { EVERYWHERE, type PlaceId } from '../storage/contract/directory/places.js';

/** Which chain something belongs to. */
export interface Whereabouts {
  /** Everywhere: what belongs to none, or to all, has a chain of its own. */
  readonly organisation: PlaceId;
  /** `organisation/project/environment` */
  readonly environment?: string;
}

export function whereaboutsOf(tree: PlaceTree, place: PlaceId): Whereabouts {
  const found = tree.find(place);
  let organisation = found;
  while (organisation !== undefined && organisation.kind !== 'organisation') {
    organisation = tree.find(organisation.parent);
  }
  return {
    organisation: organisation?.id ?? EVERYWHERE,
    ...(found?.kind === 'environment' && { environment: found.path }),
  };
}

/**
 * Where a request belongs that is about the directory: to the place that it names, if the caller has anything to do with
 * it; else to the organisation of the caller, if it is one only.
 * @param named paths that it may name places by
 */
export function whereaboutsInDirectory(
  tree: PlaceTree,
  { bindings }: Pick<Caller, 'bindings'>,
  named: readonly unknown[],
): Whereabouts {
  for (const path of named) {
    const place = typeof path === 'string' ? tree.at(path) : undefined;
    if (place !== undefined && bindings.some((binding) => tree.covers(binding.place, place.id)))
      return whereaboutsOf(tree, place.id);
  }
  const organisations = new Set(bindings.map(({ place }) => whereaboutsOf(tree, place).organisation));
  const [only = EVERYWHERE] = organisations;
  return { organisation: organisations.size === 1 ? only : EVERYWHERE };
}
