import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { TradeError } from '../domain/errors.js';

/** Tells the client what it can act on; what went wrong inside stays in the log. */
export function answerError(
  error: FastifyError | TradeError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof TradeError) {
    if (error.status >= 500) request.log.error(error, 'request failed');
    return reply.code(error.status).send(errorBody(error.code, error.message));
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return reply.code(status).send(errorBody('INVALID_REQUEST', error.message));
  request.log.error(error, 'request failed');
  return reply.code(500).send(errorBody('INTERNAL', 'Something went wrong; we have been told.'));
}

export function errorBody(code: string, message: string): object {
  return { error: { code, message } };
}
