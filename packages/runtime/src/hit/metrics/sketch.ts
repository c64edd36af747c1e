import type { Sketch } from '@dormouse/protocol';
import { binOf } from './bin-of.js';
import { Bins } from './bins.js';

/** A distribution that grows with every number, see `Sketch` of the protocol. */
export class GrowingSketch {
  #zeros = 0;
  readonly #positive = new Bins();
  readonly #negative = new Bins();

  /** @param value finite */
  add(value: number): void {
    if (value > 0) this.#positive.add(binOf(value));
    else if (value < 0) this.#negative.add(binOf(-value));
    else this.#zeros++;
  }

  /** As it travels. */
  read(): Sketch {
    return { zeros: this.#zeros, positive: this.#positive.entries(), negative: this.#negative.entries() };
  }
}
