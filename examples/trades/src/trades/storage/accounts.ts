import { NotFound, OrderRefused } from '../domain/errors.js';
import { roundToCents } from '../domain/money.js';
import type { Order } from '../domain/order.js';

export type Segment = 'retail' | 'professional' | 'partner';

export interface Account {
  readonly id: string;
  readonly segment: Segment;
  readonly email: string;
  readonly apiKey: string;
  /** Dollars that limits are measured against. */
  readonly creditLine: number;
  cash: number;
  /** Units held, by symbol. */
  readonly positions: Map<string, number>;
}

/** All accounts, in memory. */
export class AccountStore {
  readonly #byId = new Map<string, Account>();
  readonly #byKey = new Map<string, Account>();

  constructor(accounts: Iterable<Account>) {
    for (const account of accounts) {
      this.#byId.set(account.id, account);
      this.#byKey.set(account.apiKey, account);
    }
  }

  get(id: string): Account {
    const account = this.#byId.get(id);
    if (!account) throw new NotFound(`No account ${id}.`);
    return account;
  }

  withKey(apiKey: string): Account | undefined {
    return this.#byKey.get(apiKey);
  }

  /** Books an executed order. @throws OrderRefused when the account no longer covers it. */
  settle({ account: id, symbol, side, quantity, amount, fee }: Order): void {
    const account = this.get(id);
    const direction = side === 'buy' ? 1 : -1;
    const cash = roundToCents(account.cash - direction * amount - fee);
    const held = (account.positions.get(symbol) ?? 0) + direction * quantity;
    if (cash < 0) throw new OrderRefused('INSUFFICIENT_FUNDS', `Account ${id} lacks ${-cash}.`);
    if (held < 0)
      throw new OrderRefused('INSUFFICIENT_POSITION', `Account ${id} lacks ${-held} of ${symbol}.`);
    account.cash = cash;
    if (held === 0) account.positions.delete(symbol);
    else account.positions.set(symbol, held);
  }
}
