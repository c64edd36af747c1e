import type { FastifyInstance } from 'fastify';

import type { Side } from '../domain/order.js';
import { instrumentOf } from '../market/instruments.js';
import type { PriceFeed } from '../market/price-feed.js';
import { quote } from '../market/quote.js';

interface QuoteQuery {
  readonly side: Side;
  readonly quantity: number;
}

const quoteQuerySchema = {
  type: 'object',
  properties: {
    side: { enum: ['buy', 'sell'], default: 'buy' },
    quantity: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  },
} as const;

export function quoteRoutes(app: FastifyInstance, prices: PriceFeed): void {
  app.get<{ Params: { symbol: string }; Querystring: QuoteQuery }>(
    '/quotes/:symbol',
    { schema: { querystring: quoteQuerySchema } },
    async ({ params, query }) => {
      const instrument = instrumentOf(params.symbol);
      return quote(instrument, query.side, query.quantity, prices.tick(instrument));
    },
  );
}
