import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { recordRequests } from '../audit/requests.js';
import type { Caller } from '../auth/caller.js';
import { authorise, type Doorkeeper } from '../auth/doorkeeper.js';
import type { Permission } from '../auth/permissions.js';
import type { Core } from '../core.js';
import { ENVIRONMENT_HEADER } from '../environments/choose.js';
import { isFromAgent } from '../mcp/send.js';
import type { AnyOperation, OperationInput } from '../operations/operation.js';
import { OPERATIONS } from '../operations/operations.js';
import { perform } from '../operations/perform.js';
import type { Site } from '../site.js';
import { captureFileRoutes } from './capture-files.js';
import type { Storages } from '../storage/contract/storages.js';
import { backupRoute } from './backup.js';
import { sendNotFound } from './errors.js';
import { openApiRoute } from './openapi.js';
import { probeMetricsRoute } from './probe-metrics.js';
import { limitRate } from './rate-limit.js';
import { errorResponses, json } from './responses.js';
import type { Browsers } from './sign-in/browsers.js';
import { streamRoute } from './stream.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly permission?: Permission;
    /** Default: `environment`. */
    readonly about?: AnyOperation['about'];
  }
  interface FastifyRequest {
    /** Of everything under the API's prefix. */
    caller: Caller;
    /** Who asks, and whether they still may. @throws {CollectorError} */
    identifyAgain: () => Promise<Caller>;
    /** The environment that it is about. */
    core: Core;
  }
}

export interface ApiOptions {
  readonly doorkeeper: Doorkeeper;
  readonly site: Site;
  readonly storages: Storages;
  readonly browsers: Browsers;
  /** Requests a minute of one caller. */
  readonly perCaller: number;
}

/** Everything under the prefix: nothing of it, not even its 404, answers without a token or a session. */
export async function api(
  app: FastifyInstance,
  { doorkeeper, site, storages, browsers, perCaller }: ApiOptions,
): Promise<void> {
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('identifyAgain', null as unknown as () => Promise<Caller>);
  app.decorateRequest('core', null as unknown as Core);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const named = environmentNamed(request);
    // What does not exist has no permission of its own; it is hidden from those who may not look around.
    const { about, permission = 'services:read' } = request.routeOptions.config;
    request.identifyAgain = async () => {
      const caller = await callerOf(request, named);
      authorise(caller, permission);
      return caller;
    };
    // Before anything is refused: the audit trail has to know whom.
    request.caller = await callerOf(request, named);
    authorise(request.caller, permission);
    if (about === 'directory') return;
    request.core = await site.environments.core(request.caller.place);
  });

  async function callerOf(request: FastifyRequest, environment: string | undefined): Promise<Caller> {
    const { authorization } = request.headers;
    const identity =
      (await browsers.identify(request)) ??
      (await doorkeeper.identify({ authorization, address: request.ip }));
    const isAgent = isFromAgent(request.headers);
    return request.routeOptions.config.about === 'directory'
      ? doorkeeper.enterDirectory(identity, isAgent)
      : doorkeeper.enter(identity, isAgent, environment);
  }

  app.setNotFoundHandler(sendNotFound);
  recordRequests(app, site.audit);
  await limitRate(app, perCaller, ({ caller }) => `${caller.kind} ${caller.id}`);

  for (const operation of OPERATIONS) addRoute(app, site, operation);
  await app.register(captureFileRoutes);
  streamRoute(app);
  backupRoute(app, storages);
  probeMetricsRoute(app);
  openApiRoute(app);
}

/** In the header, or in the query: browsers cannot give event streams a header. It is taken away there: no operation knows it. */
function environmentNamed(request: FastifyRequest): string | undefined {
  const query = request.query as Record<string, unknown>;
  const { environment } = query;
  delete query['environment'];
  return (
    request.headers[ENVIRONMENT_HEADER]?.toString() ??
    (typeof environment === 'string' ? environment : undefined)
  );
}

function addRoute(app: FastifyInstance, site: Site, operation: AnyOperation): void {
  app.route({
    method: operation.method,
    url: operation.path,
    schema: schemaOf(operation),
    config: { permission: operation.permission, about: operation.about },
    ...(operation.bodyLimit !== undefined && { bodyLimit: operation.bodyLimit }),
    async handler({ params, query, body, caller, core }, reply) {
      const input = { params, query, body } as OperationInput<never, never, never>;
      const output =
        operation.about === 'directory'
          ? await operation.run(site, input, caller)
          : await perform(operation, core, input, caller);
      return reply.code(operation.status ?? 200).send(output);
    },
  });
}

function schemaOf(operation: AnyOperation): FastifySchema {
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
        ...(operation.method === 'GET' ? [] : (['BODY_TOO_LARGE'] as const)),
        ...operation.errors,
      ]),
    },
  };
}
