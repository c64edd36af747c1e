import { createMcpHandler, type AuthInfo } from '@modelcontextprotocol/server';
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Doorkeeper } from '../auth/doorkeeper.js';
import { CollectorError } from '../collector-error.js';
import { ENVIRONMENT_HEADER } from '../environments/choose.js';
import { sendWithin } from './send.js';
import { createMcpServer } from './server.js';
import { createTurns } from './turns.js';

export const MCP_PATH = '/mcp';

export interface McpOptions {
  readonly doorkeeper: Doorkeeper;
}

/**
 * The Model Context Protocol by streamable HTTP, in its current revision and in those before it, without sessions. Tools
 * ask the API with the caller's token, so nothing is possible here that is not possible there.
 */
export async function mcpRoute(app: FastifyInstance, { doorkeeper }: McpOptions): Promise<void> {
  const placeInTurn = createTurns();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const { token, ...from } = authInfo as Caller;
      const onError = (error: Error): void => app.log.error({ err: error }, 'a tool failed');
      return createMcpServer({ token, placeInTurn, onError, send: sendWithin(app, { token, ...from }) });
    },
    { onerror: (error) => app.log.warn({ err: error }, 'a request by MCP was refused') },
  );
  const serve = toNodeHandler(handler);
  app.addHook('preClose', () => handler.close());

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    requireSameOrigin(request);
    const { authorization } = request.headers;
    // What every tool asks is authorised by the API.
    await doorkeeper.identify({ authorization, address: request.ip });
  });

  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: MCP_PATH,
    schema: { hide: true },
    async handler(request, reply) {
      reply.hijack();
      const asked = Object.assign(request.raw, { auth: callerOf(request) });
      await serve(asked as NodeIncomingMessageLike, reply.raw, request.body);
    },
  });
}

type Caller = AuthInfo & { readonly address: string; readonly environment: string | undefined };

/** Only after the token was found to be right. */
function callerOf({ headers, ip }: FastifyRequest): Caller {
  const token = headers.authorization!.trim().split(/ +/)[1]!;
  const environment = headers[ENVIRONMENT_HEADER]?.toString();
  return { token, clientId: token.slice(0, 4), scopes: [], address: ip, environment };
}

/**
 * Clients of the protocol send no origin. Pages of browsers do, and none but the collector's own may ask: not even those
 * that have made their name stand for our address.
 * @throws {CollectorError} FORBIDDEN
 */
function requireSameOrigin({ headers: { origin, host } }: FastifyRequest): void {
  if (origin === undefined || URL.parse(origin)?.host === host) return;
  throw new CollectorError('FORBIDDEN', `Pages of ${origin} may not ask by ${MCP_PATH}.`);
}
