import { basisPoints, roundToCents } from '../domain/money.js';
import type { Side } from '../domain/order.js';
import type { Instrument } from './instruments.js';

export interface Quote {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: number;
  readonly bid: number;
  readonly ask: number;
  /** What this side pays or gets per unit for this quantity, dollars. */
  readonly price: number;
  readonly amount: number;
  readonly fee: number;
}

/** Commission by amount: the first tier that is not exceeded applies. */
const FEE_TIERS = [
  { upTo: 1_000, points: 12, minimum: 1 },
  { upTo: 10_000, points: 8, minimum: 1.2 },
  { upTo: 100_000, points: 5, minimum: 8 },
  { upTo: Infinity, points: 3, minimum: 50 },
] as const;

/** Price concession, in basis points, for an order as large as a whole day's volume. */
const FULL_DAY_IMPACT = 900;

/** Prices a quantity around the market's middle price. */
export function quote(instrument: Instrument, side: Side, quantity: number, middle: number): Quote {
  const spread = basisPoints(middle, instrument.halfSpread);
  const impact = basisPoints(middle, (FULL_DAY_IMPACT * quantity) / instrument.dailyVolume);
  const price = roundToCents(side === 'buy' ? middle + spread + impact : middle - spread - impact);
  const amount = roundToCents(price * quantity);
  return {
    symbol: instrument.symbol,
    side,
    quantity,
    bid: roundToCents(middle - spread),
    ask: roundToCents(middle + spread),
    price,
    amount,
    fee: feeFor(amount),
  };
}

export function feeFor(amount: number): number {
  const tier = FEE_TIERS.find(({ upTo }) => amount <= upTo) ?? FEE_TIERS[3];
  return Math.max(tier.minimum, roundToCents(basisPoints(amount, tier.points)));
}
