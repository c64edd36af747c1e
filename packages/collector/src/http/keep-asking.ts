import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import { ASK_AGAIN_MS } from '../auth/doorkeeper.js';
import { CollectorError } from '../collector-error.js';

/** Who asks for something that lasts, as they are at each moment of it. */
export interface LastingCaller {
  readonly now: Caller;
  /** Aborts when they may no longer. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Asks again and again whether a session, a token and what it may still hold. */
export function keepAsking(request: FastifyRequest): LastingCaller {
  const over = new AbortController();
  const timer = setInterval(() => {
    request.identifyAgain().then(
      (caller) => (request.caller = caller),
      (error: unknown) => {
        if (error instanceof CollectorError) over.abort();
        else request.log.error({ err: error }, 'it could not be found out whether a caller still may');
      },
    );
  }, ASK_AGAIN_MS);
  return {
    get now() {
      return request.caller;
    },
    signal: over.signal,
    stop: () => clearInterval(timer),
  };
}
