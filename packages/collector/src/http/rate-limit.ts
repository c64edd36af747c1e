import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CollectorError } from '../collector-error.js';

const WINDOW_MS = 60_000;
/** Keys remembered at once; beyond it the one that asked longest ago is forgotten. */
const MAX_KEYS = 10_000;

/** How often something may be asked for, a minute. Each collector counts for itself. */
export interface RateLimits {
  /** Below the API's prefix, by one token or user; what comes by MCP counts as well, agents' connections do not. */
  readonly perCaller: number;
  /** Of what needs no proof of who asks, from one address. */
  readonly perAddress: number;
}

export const DEFAULT_RATE_LIMITS: RateLimits = { perCaller: 6_000, perAddress: 300 };

/** Limits how often the routes registered afterwards are asked for, each key for itself. It is read after `onRequest`. */
export async function limitRate(
  app: FastifyInstance,
  most: number,
  keyOf: (request: FastifyRequest) => string,
): Promise<void> {
  await app.register(rateLimit, {
    hook: 'preParsing',
    max: most,
    timeWindow: WINDOW_MS,
    cache: MAX_KEYS,
    keyGenerator: keyOf,
    errorResponseBuilder: (_request, { ttl }) =>
      new CollectorError(
        'TOO_MANY_REQUESTS',
        `More than ${most} requests in a minute. Ask again in ${Math.ceil(ttl / 1_000)} s, and less often.`,
      ),
  });
}
