import type { Random } from '../../random.js';
import { roundToCents } from '../domain/money.js';
import { INSTRUMENTS, instrumentOf, type Instrument } from './instruments.js';

/** Most that a price moves in one tick, as a fraction. */
const VOLATILITY = 0.004;

/** How strongly a price returns to its reference, per tick. */
const REVERSION = 0.02;

type Listener = (instrument: Instrument, price: number) => void;

/** The market's middle prices, one tick per question. */
export class PriceFeed {
  readonly #walks = new Map<string, Generator<number, never>>();
  readonly #latest = new Map<string, number>();
  readonly #listeners = new Set<Listener>();

  constructor(random: Random) {
    for (const { symbol, referencePrice } of INSTRUMENTS) {
      this.#walks.set(symbol, walk(referencePrice, random));
      this.#latest.set(symbol, referencePrice);
    }
  }

  /** Moves the instrument's price by one tick, tells everyone, and returns it. */
  tick(instrument: Instrument): number {
    const price = this.#walks.get(instrument.symbol)?.next().value ?? instrument.referencePrice;
    this.#latest.set(instrument.symbol, price);
    for (const listener of this.#listeners) listener(instrument, price);
    return price;
  }

  /** The latest price, without a tick. */
  latest(symbol: string): number {
    return this.#latest.get(symbol) ?? instrumentOf(symbol).referencePrice;
  }

  onTick(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function* walk(reference: number, random: Random): Generator<number, never> {
  let price = reference;
  for (;;) {
    const shock = (random() * 2 - 1) * VOLATILITY * price;
    price = roundToCents(price + shock + (reference - price) * REVERSION);
    yield price;
  }
}
