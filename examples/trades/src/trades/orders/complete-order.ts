import { roundToCents } from '../domain/money.js';
import type { Channel, Order, OrderDraft } from '../domain/order.js';
import { feeFor, type Quote } from '../market/quote.js';
import type { Account } from '../storage/accounts.js';
import type { Surroundings } from '../surroundings.js';

/** From this amount in dollars, a trade counts as high-value. */
export const HIGH_VALUE_THRESHOLD = 10_000;

/** Adds to a draft what only we know: identity, price, fee and classification. */
export function completeOrder(
  draft: OrderDraft,
  account: Account,
  channel: Channel,
  quoted: Quote,
  { newId, now }: Surroundings,
): Order {
  const price = draft.limitPrice ?? quoted.price;
  const amount = roundToCents(price * draft.quantity);
  return {
    ...draft,
    id: newId('ord'),
    account: account.id,
    channel,
    price,
    amount,
    fee: feeFor(amount),
    highValue: draft.highValue || amount > HIGH_VALUE_THRESHOLD,
    receivedAt: now(),
  };
}
