import { expect, test } from 'vitest';

import { ScoreCard } from '../src/fraud/score-card.ts';
import type { Trade } from '../src/fraud/signals.ts';

const trade: Trade = {
  order: 'ord_1',
  account: 'a001',
  segment: 'retail',
  symbol: 'ALDR',
  side: 'buy',
  amount: 12_000,
  quantity: 65,
  channel: 'api',
};

test('an ordinary trade scores nothing', () => {
  expect(new ScoreCard().score(trade)).toEqual({ score: 0, signals: [] });
});

test('signals add up, heaviest first', () => {
  const verdict = new ScoreCard().score({ ...trade, amount: 90_000, quantity: 2_000 });
  expect(verdict).toEqual({ score: 40, signals: ['unusual-amount', 'round-quantity'] });
});

test('history is kept per account', () => {
  const scoreCard = new ScoreCard();
  scoreCard.score(trade);
  const soldBack: Trade = { ...trade, side: 'sell' };
  expect(scoreCard.score({ ...soldBack, account: 'a002' }).signals).toEqual([]);
  expect(scoreCard.score(soldBack).signals).toEqual(['round-trip']);
});
