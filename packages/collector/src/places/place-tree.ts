import { EVERYWHERE_PATH, PLACE_KINDS, type PlaceKindName } from '@dormouse/protocol';
import {
  EVERYWHERE,
  type EnvironmentId,
  type PlaceId,
  type StoredPlace,
} from '../storage/contract/directory/places.js';

export interface Place extends StoredPlace {
  readonly kind: PlaceKindName;
  /** The names from its organisation down: `acme/shop/production`. */
  readonly path: string;
}

/** All places as they were at one moment. */
export class PlaceTree {
  readonly #places = new Map<PlaceId, Place>();
  readonly #byPath = new Map<string, Place>();

  constructor(stored: readonly StoredPlace[]) {
    let level: readonly (Place | undefined)[] = [undefined];
    for (const kind of PLACE_KINDS) {
      level = level.flatMap((parent) =>
        stored
          .filter((place) => place.parent === (parent?.id ?? EVERYWHERE))
          .map((place) => ({
            ...place,
            kind,
            path: parent === undefined ? place.name : `${parent.path}/${place.name}`,
          })),
      );
      for (const place of level as readonly Place[]) {
        this.#places.set(place.id, place);
        this.#byPath.set(place.path, place);
      }
    }
  }

  find(id: PlaceId): Place | undefined {
    return this.#places.get(id);
  }

  at(path: string): Place | undefined {
    return this.#byPath.get(path);
  }

  /** As people write it; that of a place that is gone is its number. */
  pathOf(id: PlaceId): string {
    return id === EVERYWHERE ? EVERYWHERE_PATH : (this.find(id)?.path ?? `#${id}`);
  }

  /** Whether a place is another one or lies in it. */
  covers(outer: PlaceId, inner: PlaceId): boolean {
    if (outer === inner) return true;
    if (outer === EVERYWHERE) return this.#places.has(inner);
    for (let place = this.find(inner); place !== undefined; place = this.find(place.parent)) {
      if (place.id === outer) return true;
    }
    return false;
  }

  /** A place and all that lie in it, by path. */
  within(outer: PlaceId): Place[] {
    return [...this.#places.values()]
      .filter(({ id }) => this.covers(outer, id))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The environments in a place, by path. */
  environments(outer: PlaceId = EVERYWHERE): Place[] {
    return this.within(outer).filter(({ kind }) => kind === 'environment');
  }

  has(environment: EnvironmentId): boolean {
    return this.find(environment)?.kind === 'environment';
  }
}
