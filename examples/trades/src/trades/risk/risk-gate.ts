import type { FastifyBaseLogger } from 'fastify';

import { OrderRefused } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import type { Account } from '../storage/accounts.js';
import { checkExposure, exposureAfter } from './exposure.js';
import type { FraudClient } from './fraud-client.js';

/** Fraud scores run from 0 to 100; from here on an order is refused. */
const REFUSE_FROM = 85;

/** From here on an order is executed and looked at by a person. */
const REVIEW_FROM = 60;

export interface RiskDecision {
  readonly fraudScore: number | null;
}

/** The last door before execution. */
export class RiskGate {
  readonly #fraud: FraudClient;
  readonly #priceOf: (symbol: string) => number;
  readonly #log: FastifyBaseLogger;

  constructor(fraud: FraudClient, priceOf: (symbol: string) => number, log: FastifyBaseLogger) {
    this.#fraud = fraud;
    this.#priceOf = priceOf;
    this.#log = log;
  }

  /** @throws OrderRefused when a limit or the fraud score forbids the order. */
  async assess(order: Order, account: Account): Promise<RiskDecision> {
    const { amount } = order;
    const exposure = exposureAfter(order, account, this.#priceOf);
    checkExposure(order, exposure);
    checkHoldings(order, account);
    let fraudScore: number | null = null;
    if (order.highValue === true) {
      const { score, signals } = await this.#fraud.score(order, account);
      fraudScore = score;
      if (score >= REFUSE_FROM) {
        this.#log.warn({ order: order.id, score, signals }, 'order refused: fraud suspected');
        throw new OrderRefused('FRAUD_SUSPECTED', `An order over ${amount} was refused; please call us.`);
      }
      if (score >= REVIEW_FROM) this.#log.warn({ order: order.id, score, signals }, 'order needs review');
    }
    return { fraudScore };
  }
}

function checkHoldings({ side, symbol, quantity, amount, fee }: Order, { cash, positions }: Account): void {
  if (side === 'buy' && amount + fee > cash) {
    throw new OrderRefused(
      'INSUFFICIENT_FUNDS',
      `The order costs ${amount + fee}; there is ${cash} in the account.`,
    );
  }
  const held = positions.get(symbol) ?? 0;
  if (side === 'sell' && quantity > held) {
    throw new OrderRefused(
      'INSUFFICIENT_POSITION',
      `The account holds ${held} of ${symbol}, not ${quantity}.`,
    );
  }
}
