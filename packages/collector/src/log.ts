import type { FastifyBaseLogger } from 'fastify';

/** The collector's log. Neither tokens nor captured values are ever given to it. */
export type Log = FastifyBaseLogger;
