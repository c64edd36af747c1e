import type { CapturedProperty, CapturedValue, StepPoint } from '@dormouse/protocol';
import { isSameValue } from '../../intrinsics.js';
import { readOuters } from '../frame.js';
import { isGlobal } from '../variables.js';
import { Contents } from './contents.js';
import type { FollowedFunction } from './followed-function.js';
import type { Room } from './room.js';

/**
 * What one call's variables were at its last step. A variable is news when it has a value for the first time, and when it
 * looks different than before: an object is looked at again at each step. Outer variables, which are mostly the module's
 * own functions and settings, are looked at when they hold something else; those that hold functions never.
 */
export class Variables {
  readonly #fn: FollowedFunction;
  /** By the index of a name, `this` behind all of them. */
  readonly #held: unknown[] = [];
  /** Of objects, where they tell whether it has changed. */
  readonly #contents: (Contents | undefined)[] = [];
  readonly #shown: (CapturedValue | undefined)[] = [];
  /** The last `this`, and whether it is shown. */
  #self: unknown;
  #isSelfShown = false;

  constructor(fn: FollowedFunction) {
    this.#fn = fn;
  }

  /** @param values what the point's hook passes */
  news(point: StepPoint, values: readonly unknown[], room: Room): CapturedProperty[] | undefined {
    const { names } = this.#fn.place;
    const { locals, outers, self } = point;
    let news: CapturedProperty[] | undefined;
    if (self && this.#showsSelf(values[0])) news = this.#look(news, names.length, 'this', values[0], room);
    for (let index = 0; index < locals.length; index++) {
      const slot = locals[index] as number;
      news = this.#look(news, slot, names[slot] as string, values[1 + index], room);
    }
    if (outers === undefined) return news;
    const outerValues = readOuters(values[1 + locals.length] as () => readonly unknown[]);
    if (outerValues === undefined) return news;
    for (let index = 0; index < outers.length; index++) {
      const value = outerValues[index];
      const slot = outers[index] as number;
      if (typeof value === 'function' || isSameValue(this.#held[slot], value)) continue;
      news = this.#look(news, slot, names[slot] as string, value, room);
      this.#held[slot] = value;
    }
    return news;
  }

  /** In a plain call of a sloppy function `this` is the global object, which would fill every path. */
  #showsSelf(self: unknown): boolean {
    if (self !== this.#self) {
      this.#self = self;
      this.#isSelfShown = !isGlobal(self);
    }
    return this.#isSelfShown;
  }

  /** @returns the list with what is new of the variable, if anything is */
  #look(
    news: CapturedProperty[] | undefined,
    slot: number,
    name: string,
    value: unknown,
    room: Room,
  ): CapturedProperty[] | undefined {
    if (typeof value === 'object' && value !== null) {
      if (this.#contents[slot]?.isHeldBy(value, room.now)) return news;
      this.#contents[slot] = room.isShallow ? Contents.of(value, room.now) : undefined;
    } else {
      if (isSameValue(this.#held[slot], value)) return news;
      this.#contents[slot] = undefined;
    }
    this.#held[slot] = value;
    const property = room.capture(name, value, this.#shown[slot]);
    if (property === undefined) return news;
    this.#shown[slot] = property.value;
    if (news === undefined) return [property];
    news[news.length] = property;
    return news;
  }
}
