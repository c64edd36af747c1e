import type { PlaceStore } from '../storage/contract/directory/places.js';
import { PlaceTree } from './place-tree.js';

/** The places as this collector knows them: at once what it has changed itself, and soon what others have. */
export class Places {
  readonly #store: PlaceStore;
  #tree = new PlaceTree([]);

  constructor(store: PlaceStore) {
    this.#store = store;
  }

  get tree(): PlaceTree {
    return this.#tree;
  }

  async reload(): Promise<void> {
    this.#tree = new PlaceTree(await this.#store.list());
  }
}
