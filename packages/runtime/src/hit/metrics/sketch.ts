import { SKETCH_GAMMA, type Sketch } from '@dormouse/protocol';
import { Bins } from './bins.js';

const { ceil, log } = Math;

const BINS_PER_E = 1 / log(SKETCH_GAMMA);

const binOf = (magnitude: number): number => ceil(log(magnitude) * BINS_PER_E);

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
