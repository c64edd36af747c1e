import type { OrderRecord } from '../domain/order.js';
import { HIGH_VALUE_THRESHOLD } from '../orders/complete-order.js';

export interface FraudCoverage {
  readonly largeTrades: number;
  readonly scored: number;
  readonly unscored: number;
}

/** How many of the trades above the high-value threshold were scored for fraud. */
export function fraudCoverage(records: Iterable<OrderRecord>): FraudCoverage {
  let largeTrades = 0;
  let scored = 0;
  for (const { order, fraudScore } of records) {
    if (order.amount <= HIGH_VALUE_THRESHOLD) continue;
    largeTrades += 1;
    if (fraudScore !== null) scored += 1;
  }
  return { largeTrades, scored, unscored: largeTrades - scored };
}
