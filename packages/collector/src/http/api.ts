import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { authenticate, authorise } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import type { FailedAttempts } from '../auth/failed-attempts.js';
import type { Permission } from '../auth/permissions.js';
import type { Tokens } from '../auth/tokens.js';
import type { Core } from '../core.js';
import type { Operation } from '../operations/operation.js';
import { OPERATIONS } from '../operations/operations.js';
import { sendNotFound } from './errors.js';
import { openApiRoute } from './openapi.js';
import { errorResponses, json } from './responses.js';
import { streamRoute } from './stream.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly permission?: Permission;
  }
  interface FastifyRequest {
    /** Of everything under the API's prefix. */
    caller: Caller;
  }
}

export interface ApiOptions {
  readonly core: Core;
  readonly tokens: Tokens;
  readonly attempts: FailedAttempts;
}

/** Everything under the prefix: nothing of it, not even its 404, answers without a token. */
export async function api(app: FastifyInstance, { core, tokens, attempts }: ApiOptions): Promise<void> {
  app.decorateRequest('caller', null as unknown as Caller);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    request.caller = await authenticate(tokens, attempts, credentialsOf(request));
    // What does not exist has no permission of its own; it is hidden from those who may not look around.
    authorise(request.caller, request.routeOptions.config.permission ?? 'services:read');
  });
  app.setNotFoundHandler(sendNotFound);

  for (const operation of OPERATIONS) addRoute(app, core, operation);
  streamRoute(app, core);
  openApiRoute(app);
}

function credentialsOf(request: FastifyRequest): { authorization: string | undefined; address: string } {
  return { authorization: request.headers.authorization, address: request.ip };
}

function addRoute(app: FastifyInstance, core: Core, operation: Operation): void {
  app.route({
    method: operation.method,
    url: operation.path,
    schema: schemaOf(operation),
    config: { permission: operation.permission },
    ...(operation.bodyLimit !== undefined && { bodyLimit: operation.bodyLimit }),
    async handler({ params, query, body, caller }, reply) {
      const output = await operation.run(core, { params, query, body }, caller);
      return reply.code(operation.status ?? 200).send(output);
    },
  });
}

function schemaOf(operation: Operation): FastifySchema {
  const { params, query, body } = operation;
  const takesInput = params !== undefined || query !== undefined || body !== undefined;
  return {
    operationId: operation.name,
    summary: operation.summary,
    description: operation.description,
    tags: [operation.tag],
    ...(params !== undefined && { params }),
    ...(query !== undefined && { querystring: query }),
    ...(body !== undefined && { body }),
    response: {
      [operation.status ?? 200]: json(operation.outputDescription, operation.output),
      ...errorResponses([
        ...(takesInput ? (['INVALID_REQUEST'] as const) : []),
        ...(body === undefined ? [] : (['BODY_TOO_LARGE'] as const)),
        ...operation.errors,
      ]),
    },
  };
}
