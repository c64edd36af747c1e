import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CollectorError, TooManyAttempts } from '../collector-error.js';

/** Headers that some errors come with. */
function headersOf(error: CollectorError): Readonly<Record<string, string>> {
  if (error instanceof TooManyAttempts) return { 'retry-after': String(error.waitS) };
  return error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {};
}

/** Answers with what the caller may know of an error; the log gets the rest. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asCollectorError(error as FastifyError);
  if (known.code === 'INTERNAL' && !isCutOff(request))
    request.log.error({ err: error, method: request.method }, 'request failed');
  if (known.code === 'UNAUTHENTICATED') request.log.warn({ address: request.ip }, 'no valid token');
  reply.code(known.status).headers(headersOf(known)).send(known.body);
}

/** Whether whoever asked has gone, or was sent away, in the middle of the request: what then fails is no defect. */
const isCutOff = ({ raw }: FastifyRequest): boolean => raw.destroyed && !raw.complete;

export function sendNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const message =
    `There is no ${request.method} ${request.url.split('?', 1)[0]}. ` +
    `GET ${API_PREFIX}/openapi.json describes the API; agents connect to ${AGENT_PATH} by WebSocket.`;
  sendError(new CollectorError('NOT_FOUND', message), request, reply);
}

function asCollectorError(error: FastifyError | CollectorError): CollectorError {
  if (error instanceof CollectorError) return error;
  if (error.statusCode === 413) {
    return new CollectorError(
      'BODY_TOO_LARGE',
      'The body is larger than this request may be. Send less at once.',
    );
  }
  // Fastify's own complaints about a request: no JSON, another content type, a bad URL.
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new CollectorError('INVALID_REQUEST', error.message);
  }
  return new CollectorError('INTERNAL', 'The collector failed to answer; its log has the details.');
}
