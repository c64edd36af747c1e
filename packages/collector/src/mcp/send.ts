import type { FastifyInstance } from 'fastify';
import { ENVIRONMENT_HEADER } from '../environments/choose.js';
import { VERSION } from '../version.js';
import { Refused, type Send } from './api.js';

/** By which the API knows the door. */
const USER_AGENT = `dormouse-mcp/${VERSION}`;

/** Whether a request comes from tools of AI agents: always so from this collector's own, as others' say of themselves. */
export const isFromAgent = (headers: { readonly 'user-agent'?: string | undefined }): boolean =>
  headers['user-agent']?.startsWith('dormouse-mcp/') === true;

/** Within the collector: through all that its API does with a request, without a socket. */
export function sendWithin(
  app: FastifyInstance,
  { token, address, environment }: { token: string; address: string; environment?: string | undefined },
): Send {
  return async ({ method, path, body }) => {
    const response = await app.inject({
      method,
      url: path,
      remoteAddress: address,
      headers: headersOf(token, environment, body),
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() };
  };
}

/** To a collector elsewhere. @param environment its path; without it, the only one that the token sees */
export function sendTo(url: string, token: string, environment?: string): Send {
  return async ({ method, path, body }) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: headersOf(token, environment, body),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (answer === undefined) throw unreachable(url, new Error(`it answers ${response.status}, not in JSON`));
    return { status: response.status, body: answer };
  };
}

const headersOf = (
  token: string,
  environment: string | undefined,
  body: unknown,
): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(environment !== undefined && { [ENVIRONMENT_HEADER]: environment }),
  'user-agent': USER_AGENT,
  ...(body !== undefined && { 'content-type': 'application/json' }),
});

function unreachable(url: string, error: unknown): Refused {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? cause.message : message;
  return new Refused({
    code: 'INTERNAL',
    message: `The collector at ${url} cannot be reached: ${reason}. Is it running?`,
  });
}
