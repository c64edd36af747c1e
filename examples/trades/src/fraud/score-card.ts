import { SIGNALS, type Signal, type Trade } from './signals.js';

export interface Verdict {
  /** From 0 to 100. */
  readonly score: number;
  /** Names of the signals that are present, heaviest first. */
  readonly signals: readonly string[];
}

/** Trades remembered per account. */
const MEMORY = 50;

/** Scores trades against what their accounts did before. */
export class ScoreCard {
  readonly #earlier = new Map<string, Trade[]>();

  score(trade: Trade): Verdict {
    const earlier = this.#earlierOf(trade.account);
    const present = [...presentIn(trade, earlier)].sort((a, b) => b.weight - a.weight);
    earlier.push(trade);
    if (earlier.length > MEMORY) earlier.shift();
    return {
      score: Math.min(
        100,
        present.reduce((sum, { weight }) => sum + weight, 0),
      ),
      signals: present.map(({ name }) => name),
    };
  }

  #earlierOf(account: string): Trade[] {
    let earlier = this.#earlier.get(account);
    if (!earlier) this.#earlier.set(account, (earlier = []));
    return earlier;
  }
}

function* presentIn(trade: Trade, earlier: readonly Trade[]): Generator<Signal> {
  for (const signal of SIGNALS) {
    if (signal.present(trade, earlier)) yield signal;
  }
}
