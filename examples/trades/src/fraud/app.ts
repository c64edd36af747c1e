import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';

import { ScoreCard } from './score-card.js';
import type { Trade } from './signals.js';

const tradeSchema = {
  type: 'object',
  required: ['order', 'account', 'segment', 'symbol', 'side', 'amount', 'quantity', 'channel'],
  properties: {
    order: { type: 'string' },
    account: { type: 'string' },
    segment: { enum: ['retail', 'professional', 'partner'] },
    symbol: { type: 'string' },
    side: { enum: ['buy', 'sell'] },
    amount: { type: 'number' },
    quantity: { type: 'number' },
    channel: { enum: ['api', 'partner'] },
  },
} as const;

/** The fraud scoring service, ready to listen or to be injected with requests. */
export function createFraudApp(logger: NonNullable<FastifyServerOptions['logger']> = false): FastifyInstance {
  const app = fastify({ logger });
  const scoreCard = new ScoreCard();
  app.get('/health', async () => ({ status: 'ok' }));
  app.post<{ Body: Trade }>('/score', { schema: { body: tradeSchema } }, async ({ body: trade, log }) => {
    const verdict = scoreCard.score(trade);
    log.info({ order: trade.order, ...verdict }, 'trade scored');
    return verdict;
  });
  return app;
}
