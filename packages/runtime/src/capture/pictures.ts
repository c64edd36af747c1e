import type { CapturedValue, Omission } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import type { Draft, Kind } from './kind.js';

/** A picture that may be referred to, or still has to be filled. */
export interface Picture {
  readonly kind: Kind;
  readonly object: object;
  readonly draft: Draft<CapturedValue> & { id?: number; omitted?: Omission };
  readonly level: number;
}

/** So many pictures are looked through one by one, in less time than it takes to make a map. */
const FEW = 16;

const NewMap = Map;
const { uncurry } = intrinsics;
const getFrom = uncurry(Map.prototype.get) as (map: ByObject, object: object) => Picture | undefined;
const setIn = uncurry(Map.prototype.set) as (map: ByObject, object: object, picture: Picture) => void;

type ByObject = Map<object, Picture>;

/** The pictures of one capture, in the order in which they are to be filled; by object, the last one that was added. */
export class Pictures {
  readonly #inOrder: Picture[] = [];
  #byObject: ByObject | undefined;

  get count(): number {
    return this.#inOrder.length;
  }

  at(index: number): Picture {
    return this.#inOrder[index] as Picture;
  }

  of(object: object): Picture | undefined {
    if (this.#byObject !== undefined) return getFrom(this.#byObject, object);
    for (let index = this.#inOrder.length - 1; index >= 0; index--) {
      const picture = this.#inOrder[index] as Picture;
      if (picture.object === object) return picture;
    }
    return undefined;
  }

  add(picture: Picture): void {
    const pictures = this.#inOrder;
    pictures[pictures.length] = picture;
    if (this.#byObject !== undefined) setIn(this.#byObject, picture.object, picture);
    else if (pictures.length > FEW) this.#index();
  }

  #index(): void {
    this.#byObject = new NewMap();
    for (let index = 0; index < this.#inOrder.length; index++) {
      const picture = this.#inOrder[index] as Picture;
      setIn(this.#byObject, picture.object, picture);
    }
  }
}
