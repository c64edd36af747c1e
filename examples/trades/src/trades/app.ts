import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';

import { PriceFeed } from './market/price-feed.js';
import { OrderDesk } from './orders/order-desk.js';
import { valuePortfolio } from './portfolio/valuation.js';
import { fraudCoverage } from './reports/fraud-coverage.js';
import { FraudClient } from './risk/fraud-client.js';
import { RiskGate } from './risk/risk-gate.js';
import { answerError, errorBody } from './routes/answer-error.js';
import { authenticate } from './routes/authenticate.js';
import { orderRoutes } from './routes/orders.js';
import { partnerMessageRoutes } from './routes/partner-messages.js';
import { quoteRoutes } from './routes/quotes.js';
import { AccountStore } from './storage/accounts.js';
import { openingAccounts } from './storage/opening-accounts.js';
import { OrderStore } from './storage/orders.js';
import type { Surroundings } from './surroundings.js';

export interface TradesOptions {
  readonly fraudUrl: string;
  readonly surroundings: Surroundings;
  /** As fastify takes it; default: no log. */
  readonly logger?: NonNullable<FastifyServerOptions['logger']>;
}

/** The trading service, ready to listen or to be injected with requests. */
export function createTradesApp({ fraudUrl, surroundings, logger = false }: TradesOptions): FastifyInstance {
  const app = fastify({ logger });
  const accounts = new AccountStore(openingAccounts());
  const orders = new OrderStore();
  const prices = new PriceFeed(surroundings.random);
  const priceOf = (symbol: string): number => prices.latest(symbol);
  const risk = new RiskGate(new FraudClient({ url: fraudUrl }), priceOf, app.log);
  const desk = new OrderDesk({ accounts, orders, prices, risk, surroundings, log: app.log });

  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing here.')),
  );
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/reports/fraud-coverage', async () => fraudCoverage(orders));
  quoteRoutes(app, prices);
  app.register(async (clients) => {
    authenticate(clients, accounts);
    orderRoutes(clients, desk, orders);
    partnerMessageRoutes(clients, desk);
    clients.get('/portfolio', async ({ account }) => valuePortfolio(account, priceOf));
  });
  return app;
}
