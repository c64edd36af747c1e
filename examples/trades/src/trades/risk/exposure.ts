import { OrderRefused } from '../domain/errors.js';
import { roundToCents } from '../domain/money.js';
import type { Order } from '../domain/order.js';
import { instrumentOf, type Instrument } from '../market/instruments.js';
import type { Account } from '../storage/accounts.js';

export interface Exposure {
  readonly sector: Instrument['sector'];
  /** Dollars in that sector if the order is executed. */
  readonly after: number;
  readonly limit: number;
}

/** Most that an account may hold in one sector, as a share of its credit line. */
const SECTOR_SHARE = 0.6;

/** What the account would hold in the order's sector, valued with `priceOf`. */
export function exposureAfter(order: Order, account: Account, priceOf: (symbol: string) => number): Exposure {
  const { sector } = instrumentOf(order.symbol);
  let held = 0;
  for (const [symbol, quantity] of account.positions) {
    if (instrumentOf(symbol).sector === sector) held += quantity * priceOf(symbol);
  }
  const after = roundToCents(held + (order.side === 'buy' ? order.amount : -order.amount));
  return { sector, after, limit: account.creditLine * SECTOR_SHARE };
}

export function checkExposure(order: Order, { sector, after, limit }: Exposure): void {
  if (order.side === 'buy' && after > limit) {
    throw new OrderRefused(
      'EXPOSURE_LIMIT',
      `The account would hold ${after} in ${sector}; its limit is ${limit}.`,
    );
  }
}
