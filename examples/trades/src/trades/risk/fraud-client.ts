import { FraudServiceUnavailable } from '../domain/errors.js';
import type { Order } from '../domain/order.js';
import type { Account } from '../storage/accounts.js';

/** From 0 to 100, with the signals that raised it. */
export interface FraudVerdict {
  readonly score: number;
  readonly signals: readonly string[];
}

export interface FraudClientOptions {
  readonly url: string;
  /** Longest wait for one answer, milliseconds. */
  readonly timeoutMs?: number;
  /** How often the service is asked before the order is given up. */
  readonly attempts?: number;
}

/** Asks the fraud service; without its answer no high-value order passes. */
export class FraudClient {
  readonly #scoreUrl: URL;
  readonly #timeoutMs: number;
  readonly #attempts: number;

  constructor({ url, timeoutMs = 2_000, attempts = 2 }: FraudClientOptions) {
    this.#scoreUrl = new URL('/score', url);
    this.#timeoutMs = timeoutMs;
    this.#attempts = attempts;
  }

  async score(order: Order, account: Account): Promise<FraudVerdict> {
    let cause: unknown;
    for (let attempt = 1; attempt <= this.#attempts; attempt += 1) {
      try {
        return await this.#ask(order, account);
      } catch (error) {
        cause = error;
      }
    }
    throw new FraudServiceUnavailable('High-value orders cannot be checked at the moment.', { cause });
  }

  async #ask(
    { id, symbol, side, amount, quantity, channel }: Order,
    account: Account,
  ): Promise<FraudVerdict> {
    const response = await fetch(this.#scoreUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        order: id,
        account: account.id,
        segment: account.segment,
        symbol,
        side,
        amount,
        quantity,
        channel,
      }),
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    if (!response.ok) throw new Error(`The fraud service answered ${response.status}.`);
    return (await response.json()) as FraudVerdict;
  }
}
