/** Choices that are the same for the same seed on every machine, so that a program is known by its number. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1);
  }

  /** An integer from 0 to `max`, both included. Mulberry32 by Tommy Ettinger, in the public domain. */
  upTo(max: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % (max + 1);
  }

  pick<T>(options: readonly T[]): T {
    return options[this.upTo(options.length - 1)] as T;
  }

  oneIn(n: number): boolean {
    return this.upTo(n - 1) === 0;
  }

  /** Each of the options with one chance in two, in their order. */
  some<T>(options: readonly T[]): readonly T[] {
    return options.filter(() => this.oneIn(2));
  }
}
