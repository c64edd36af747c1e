import type { FastifyBaseLogger } from 'fastify';

import { DuplicateOrder, OrderNotOpen, OrderRefused } from '../domain/errors.js';
import type { Channel, Order, OrderDraft, OrderRecord } from '../domain/order.js';
import { instrumentOf } from '../market/instruments.js';
import type { PriceFeed } from '../market/price-feed.js';
import { quote } from '../market/quote.js';
import type { RiskGate } from '../risk/risk-gate.js';
import type { Account, AccountStore } from '../storage/accounts.js';
import type { OrderStore } from '../storage/orders.js';
import type { Surroundings } from '../surroundings.js';
import { completeOrder } from './complete-order.js';

export interface DeskParts {
  readonly accounts: AccountStore;
  readonly orders: OrderStore;
  readonly prices: PriceFeed;
  readonly risk: RiskGate;
  readonly surroundings: Surroundings;
  readonly log: FastifyBaseLogger;
}

/** Takes orders, has them assessed, and executes what the market's price allows. */
export class OrderDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    parts.prices.onTick(({ symbol }, price) => this.#fillResting(symbol, price));
  }

  async place(draft: OrderDraft, account: Account, channel: Channel): Promise<OrderRecord> {
    const { orders, prices, risk, surroundings, log } = this.#parts;
    if (orders.has(account.id, draft.clientOrderId)) {
      throw new DuplicateOrder(`Account ${account.id} already sent an order ${draft.clientOrderId}.`);
    }
    const instrument = instrumentOf(draft.symbol);
    const middle = prices.tick(instrument);
    const quoted = quote(instrument, draft.side, draft.quantity, middle);
    const order = completeOrder(draft, account, channel, quoted, surroundings);
    const { fraudScore } = await risk.assess(order, account);

    const record = orders.add({ order, fraudScore, status: 'open', filledAt: null });
    if (order.type === 'market' || isMarketable(order, prices.latest(order.symbol))) this.#fill(record);
    log.info(
      { order: order.id, account: account.id, amount: order.amount, status: record.status },
      'order placed',
    );
    return record;
  }

  cancel(account: Account, clientOrderId: string): OrderRecord {
    const record = this.#parts.orders.get(account.id, clientOrderId);
    if (record.status !== 'open') {
      throw new OrderNotOpen(`Order ${clientOrderId} is ${record.status} and can no longer be cancelled.`);
    }
    record.status = 'cancelled';
    this.#parts.log.info({ order: record.order.id, account: account.id }, 'order cancelled');
    return record;
  }

  #fillResting(symbol: string, price: number): void {
    for (const record of this.#parts.orders.resting(symbol)) {
      if (isMarketable(record.order, price)) this.#fill(record);
    }
  }

  #fill(record: OrderRecord): void {
    const { accounts, surroundings, log } = this.#parts;
    try {
      accounts.settle(record.order);
      record.status = 'filled';
      record.filledAt = surroundings.now();
    } catch (error) {
      if (!(error instanceof OrderRefused)) throw error;
      record.status = 'rejected';
      log.warn({ order: record.order.id, reason: error.code }, 'order could not be settled');
    }
  }
}

function isMarketable({ side, price }: Order, market: number): boolean {
  return side === 'buy' ? price >= market : price <= market;
}
