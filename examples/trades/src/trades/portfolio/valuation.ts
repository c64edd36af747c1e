import { roundToCents } from '../domain/money.js';
import type { Account } from '../storage/accounts.js';

export interface Holding {
  readonly symbol: string;
  readonly quantity: number;
  readonly price: number;
  readonly value: number;
}

export interface Portfolio {
  readonly account: string;
  readonly cash: number;
  readonly holdings: readonly Holding[];
  readonly total: number;
}

/** What an account is worth at the prices `priceOf` gives, largest holding first. */
export function valuePortfolio(account: Account, priceOf: (symbol: string) => number): Portfolio {
  const holdings = Array.from(account.positions, ([symbol, quantity]): Holding => {
    const price = priceOf(symbol);
    return { symbol, quantity, price, value: roundToCents(price * quantity) };
  }).sort((a, b) => b.value - a.value);
  const invested = holdings.reduce((sum, { value }) => sum + value, 0);
  return { account: account.id, cash: account.cash, holdings, total: roundToCents(account.cash + invested) };
}
