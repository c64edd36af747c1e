/** A trade as the trading service describes it. */
export interface Trade {
  readonly order: string;
  readonly account: string;
  readonly segment: 'retail' | 'professional' | 'partner';
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly amount: number;
  readonly quantity: number;
  readonly channel: 'api' | 'partner';
}

/** Something about a trade that honest trades rarely have. */
export interface Signal {
  readonly name: string;
  /** Points it adds to the score. */
  readonly weight: number;
  /** `earlier`: the account's latest trades, newest last. */
  readonly present: (trade: Trade, earlier: readonly Trade[]) => boolean;
}

/** The amount, in dollars, that is unusual for an account of each segment. */
const UNUSUAL_AMOUNT: Readonly<Record<Trade['segment'], number>> = {
  retail: 60_000,
  professional: 400_000,
  partner: 1_500_000,
};

export const SIGNALS: readonly Signal[] = [
  {
    name: 'unusual-amount',
    weight: 30,
    present: ({ amount, segment }) => amount > UNUSUAL_AMOUNT[segment],
  },
  {
    name: 'far-above-history',
    weight: 25,
    present: ({ amount }, earlier) =>
      earlier.length >= 5 && amount > 6 * median(earlier.map((trade) => trade.amount)),
  },
  {
    name: 'round-trip',
    weight: 20,
    present: ({ symbol, side }, earlier) =>
      earlier.slice(-3).some((trade) => trade.symbol === symbol && trade.side !== side),
  },
  {
    name: 'one-instrument-only',
    weight: 15,
    present: ({ symbol }, earlier) =>
      earlier.length >= 4 && earlier.slice(-4).every((trade) => trade.symbol === symbol),
  },
  {
    name: 'round-quantity',
    weight: 10,
    present: ({ quantity }) => quantity >= 1_000 && quantity % 1_000 === 0,
  },
];

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
