import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createFraudApp } from '../src/fraud/app.ts';
import { requests } from '../src/traffic/requests.ts';
import { createTradesApp } from '../src/trades/app.ts';
import { surroundingsFor } from '../src/trades/surroundings.ts';

let fraud: FastifyInstance;
let fraudUrl: string;
let trades: FastifyInstance;

beforeAll(async () => {
  fraud = createFraudApp();
  fraudUrl = await fraud.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => fraud.close());
beforeEach(() => {
  trades = createTradesApp({ fraudUrl, surroundings: surroundingsFor(1) });
});

const key = { 'x-api-key': 'example-key-a001' };
const marketOrder = { clientOrderId: 'w-1', symbol: 'ALDR', side: 'buy', type: 'market', quantity: 10 };

async function place(order: object) {
  const response = await trades.inject({ method: 'POST', url: '/orders', headers: key, payload: order });
  return { status: response.statusCode, body: response.json() };
}

test('a market order is filled at once and changes the portfolio', async () => {
  const before = (await trades.inject({ url: '/portfolio', headers: key })).json();
  const { status, body } = await place(marketOrder);
  expect(status).toBe(201);
  expect(body).toMatchObject({ id: 'ord_1_000001', account: 'a001', status: 'filled', fraudScore: null });
  const after = (await trades.inject({ url: '/portfolio', headers: key })).json();
  expect(after.cash).toBeCloseTo(before.cash - body.amount - body.fee, 2);
});

test('an order above 10,000 is scored for fraud', async () => {
  const { body } = await place({ ...marketOrder, quantity: 60 });
  expect(body.amount).toBeGreaterThan(10_000);
  expect(body).toMatchObject({ highValue: true, fraudScore: 0 });
});

test('a client may ask for the fraud check of a small order', async () => {
  const { body } = await place({ ...marketOrder, highValue: true });
  expect(body.fraudScore).toBe(0);
});

test('high-value orders do not pass while the fraud service is away, small ones do', async () => {
  const away = createFraudApp();
  const url = await away.listen({ host: '127.0.0.1', port: 0 });
  await away.close();
  trades = createTradesApp({ fraudUrl: url, surroundings: surroundingsFor(1) });
  const { status, body } = await place({ ...marketOrder, quantity: 60 });
  expect(status).toBe(503);
  expect(body.error.code).toBe('FRAUD_SERVICE_UNAVAILABLE');
  expect((await place(marketOrder)).status).toBe(201);
});

test('a limit order waits for its price and can be cancelled once', async () => {
  const order = { ...marketOrder, type: 'limit', limitPrice: 150 };
  expect((await place(order)).body.status).toBe('open');
  const cancel = () => trades.inject({ method: 'DELETE', url: '/orders/w-1', headers: key });
  expect((await cancel()).json().status).toBe('cancelled');
  expect((await cancel()).json().error.code).toBe('ORDER_NOT_OPEN');
});

describe('refusals', () => {
  test.each([
    ['an unknown symbol', { symbol: 'NOPE' }, 422, 'UNKNOWN_SYMBOL'],
    ['a fraction of a unit', { quantity: 0.5 }, 400, 'INVALID_REQUEST'],
    ['a limit order without a limit', { type: 'limit' }, 400, 'INVALID_REQUEST'],
    ['more than the cash allows', { quantity: 1_400 }, 422, 'INSUFFICIENT_FUNDS'],
    ['more than is held', { side: 'sell', quantity: 200 }, 422, 'INSUFFICIENT_POSITION'],
    ['more than the sector limit', { quantity: 5_000 }, 422, 'EXPOSURE_LIMIT'],
  ])('%s', async (_what, change, status, code) => {
    const refused = await place({ ...marketOrder, ...change });
    expect(refused.status).toBe(status);
    expect(refused.body.error.code).toBe(code);
  });

  test('the same client order id twice', async () => {
    await place(marketOrder);
    expect((await place(marketOrder)).body.error.code).toBe('DUPLICATE_ORDER');
  });

  test('no API key', async () => {
    const response = await trades.inject({ url: '/portfolio' });
    expect(response.statusCode).toBe(401);
  });
});

test('with a seed, the same requests get the same answers', async () => {
  const [first, second] = [await replay(), await replay()];
  expect(first.length).toBe(300);
  expect(second).toEqual(first);
});

async function replay(): Promise<string[]> {
  const ownFraud = createFraudApp();
  const url = await ownFraud.listen({ host: '127.0.0.1', port: 0 });
  const app = createTradesApp({ fraudUrl: url, surroundings: surroundingsFor(3) });
  const answers: string[] = [];
  for (const { method, path, headers, body } of requests(5, 300)) {
    const response = await app.inject({
      method,
      url: path,
      headers,
      ...(body !== undefined && { payload: body }),
    });
    answers.push(`${response.statusCode} ${response.body}`);
  }
  await ownFraud.close();
  return answers;
}
