import { pick, pickWeighted, type Random } from '../random.js';
import type { OrderDraft, OrderType } from '../trades/domain/order.js';
import { INSTRUMENTS } from '../trades/market/instruments.js';

/** Amounts of orders in dollars. */
const AMOUNTS = {
  small: [50, 1_500],
  medium: [1_500, 9_500],
  large: [10_500, 60_000],
  huge: [60_000, 180_000],
} as const;

/** How often each size is ordered: parts of a hundred. */
export type SizeMix = Readonly<Record<keyof typeof AMOUNTS, number>>;

/** Widest distance of a limit from the instrument's reference price, as a fraction. */
const LIMIT_DISTANCE = 0.02;

/** An order somebody might send. */
export function makeDraft(
  clientOrderId: string,
  type: OrderType,
  sizes: SizeMix,
  random: Random,
): OrderDraft {
  const { symbol, referencePrice } = pick(random, INSTRUMENTS);
  const [from, to] = AMOUNTS[pickWeighted(random, sizes)];
  const amount = from + random() * (to - from);
  const draft: OrderDraft = {
    clientOrderId,
    symbol,
    side: pick(random, ['buy', 'sell']),
    type,
    quantity: Math.max(1, Math.round(amount / referencePrice)),
  };
  if (type === 'limit') draft.limitPrice = limitNear(referencePrice, random);
  return draft;
}

function limitNear(price: number, random: Random): number {
  const distance = (random() * 2 - 1) * LIMIT_DISTANCE;
  return Math.round(price * (1 + distance) * 100) / 100;
}
