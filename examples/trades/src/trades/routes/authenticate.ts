import type { FastifyInstance, FastifyRequest } from 'fastify';

import { NotAuthenticated } from '../domain/errors.js';
import type { Account, AccountStore } from '../storage/accounts.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The account that the request's `x-api-key` belongs to. */
    account: Account;
  }
}

/** Makes every route of this scope need an API key. */
export function authenticate(app: FastifyInstance, accounts: AccountStore): void {
  app.decorateRequest('account');
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const key = request.headers['x-api-key'];
    const account = typeof key === 'string' ? accounts.withKey(key) : undefined;
    if (!account) throw new NotAuthenticated('Send a valid key in the header x-api-key.');
    request.account = account;
  });
}
