import { expect, test } from 'vitest';

import { instrumentOf } from '../src/trades/market/instruments.ts';
import { feeFor, quote } from '../src/trades/market/quote.ts';

test('a buyer pays more than the ask, a seller gets less than the bid, and more so for larger orders', () => {
  const oaks = instrumentOf('OAKS');
  const [buy, sell, largeBuy] = [
    quote(oaks, 'buy', 100, 500),
    quote(oaks, 'sell', 100, 500),
    quote(oaks, 'buy', 10_000, 500),
  ];
  expect(buy).toMatchObject({ bid: 499.8, ask: 500.2, price: 500.21, amount: 50_021 });
  expect(sell.price).toBe(499.79);
  expect(largeBuy.price).toBeGreaterThan(buy.price);
});

test.each([
  [500, 1],
  [1_000, 1.2],
  [10_000, 8],
  [10_001, 8],
  [100_000, 50],
  [1_000_000, 300],
])('the fee for %d dollars is %d', (amount, fee) => {
  expect(feeFor(amount)).toBe(fee);
});

test('an unknown symbol is refused by name', () => {
  expect(() => instrumentOf('NOPE')).toThrow('No instrument has the symbol NOPE.');
});
