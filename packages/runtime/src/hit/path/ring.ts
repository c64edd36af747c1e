/**
 * Keeps the first half of what is added and the last half: how it began, and what came before the end. It takes no more
 * room than that, however much is added.
 */
export class Ring<Item> {
  readonly #most: number;
  readonly #headLength: number;
  readonly #head: Item[] = [];
  readonly #tail: Item[] = [];
  /** Where the oldest of the tail is, once that is full. */
  #oldest = 0;
  #count = 0;

  /** @param most items that are kept, at least 2 */
  constructor(most: number) {
    this.#most = most;
    this.#headLength = most >> 1;
  }

  /** Items that were added and are kept no longer; they would stand behind the first so many. */
  get omitted(): { readonly before: number; readonly count: number } | undefined {
    const count = this.#count - this.#most;
    return count > 0 ? { before: this.#headLength, count } : undefined;
  }

  /** Whether the next one belongs to the first half. */
  get isInHead(): boolean {
    return this.#count < this.#headLength;
  }

  /** @returns the item whose place it takes */
  add(item: Item): Item | undefined {
    this.#count++;
    if (this.#count <= this.#headLength) {
      this.#head[this.#head.length] = item;
      return undefined;
    }
    if (this.#count <= this.#most) {
      this.#tail[this.#tail.length] = item;
      return undefined;
    }
    const dropped = this.#tail[this.#oldest];
    this.#tail[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#tail.length;
    return dropped;
  }

  get length(): number {
    return this.#head.length + this.#tail.length;
  }

  clear(): void {
    this.#head.length = 0;
    this.#tail.length = 0;
  }

  /** The item at an index among those that are kept, in their order. */
  at(index: number): Item {
    if (index < this.#head.length) return this.#head[index] as Item;
    return this.#tail[(this.#oldest + index - this.#head.length) % this.#tail.length] as Item;
  }
}
