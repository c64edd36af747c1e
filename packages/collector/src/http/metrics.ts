import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { authorise, type Doorkeeper } from '../auth/doorkeeper.js';
import { CollectorError } from '../collector-error.js';
import { ENVIRONMENT_HEADER } from '../environments/choose.js';
import type { Environments } from '../environments/environments.js';
import type { Meters } from '../out/prometheus/meters.js';
import { probeMetrics } from '../out/prometheus/probe-metrics.js';
import { processMetrics } from '../out/prometheus/process-metrics.js';
import { EVERYWHERE } from '../storage/contract/directory/places.js';
import { errorResponses } from './responses.js';

/** Everything of the collector's HTTP that is about its own work: it would only measure itself. */
const ROUTES = { own: '/metrics', probes: '/metrics/probes' } as const;

export interface MetricsOptions {
  readonly meters: Meters;
  readonly doorkeeper: Doorkeeper;
  readonly environments: Environments;
  /** Whether the collector's own metrics need no token. */
  readonly isOpen: boolean;
}

const text = {
  description: 'Prometheus’ text format, version 0.0.4.',
  content: { 'text/plain': { schema: z.string() } },
};

/** For Prometheus: what the collector counts and measures of itself, and what the probes of an environment have. */
export function metricsRoutes(app: FastifyInstance, options: MetricsOptions): void {
  const { meters, doorkeeper, environments, isOpen } = options;

  app.route({
    method: 'GET',
    url: ROUTES.own,
    schema: {
      operationId: 'getOwnMetrics',
      summary: 'The collector’s own metrics',
      description:
        'Of all environments together, without a name or value of any. Needs a token that may do this everywhere, ' +
        'or none where the collector was started with --open-metrics.',
      tags: ['collector'],
      ...(isOpen && { security: [] }),
      response: { 200: text, ...errorResponses([]) },
    },
    async handler(request, reply) {
      if (!isOpen) await requireEverywhere(request, doorkeeper);
      await countAgents(meters, environments);
      return send(reply, Registry.merge([processMetrics(), meters.registry]));
    },
  });

  app.route<{ Querystring: { environment?: string } }>({
    method: 'GET',
    url: ROUTES.probes,
    schema: {
      operationId: 'getProbeMetrics',
      summary: 'The metrics of an environment’s active probes',
      description:
        'From their beginning. At most 100 probes, and of each the 20 largest series and the others together.',
      tags: ['captures'],
      querystring: z.strictObject({ environment: z.string().exactOptional() }),
      response: { 200: text, ...errorResponses(['INVALID_REQUEST', 'NOT_FOUND']) },
    },
    async handler(request, reply) {
      const identity = await doorkeeper.identify(credentialsOf(request));
      const named = request.headers[ENVIRONMENT_HEADER]?.toString() ?? request.query.environment;
      const caller = await doorkeeper.enter(identity, /* isAgent: */ false, named);
      authorise(caller, 'captures:read');
      if (!caller.may('captures:read', 'all') || !caller.has('values', 'all')) {
        throw new CollectorError(
          'FORBIDDEN',
          'Series are named by captured values: this takes the grant values, of all services.',
        );
      }
      return send(reply, await probeMetrics(await environments.core(caller.place)));
    },
  });
}

/** Measures every request that is answered, by its route: addresses hold what people look for. */
export function measureRequests(app: FastifyInstance, { requests }: Meters): void {
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const { url: route = 'none' } = routeOptions;
    requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
}

async function requireEverywhere(request: FastifyRequest, doorkeeper: Doorkeeper): Promise<void> {
  const caller = await doorkeeper.enterDirectory(await doorkeeper.identify(credentialsOf(request)), false);
  if (caller.mayIn(EVERYWHERE, 'services:read')) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} may not do this: these are figures of all environments.`,
  );
}

const credentialsOf = ({
  headers,
  ip,
}: FastifyRequest): { authorization: string | undefined; address: string } => ({
  authorization: headers.authorization,
  address: ip,
});

async function countAgents({ agents }: Meters, environments: Environments): Promise<void> {
  let [connected, resting, elsewhere] = [0, 0, 0];
  await environments.eachOpen(async ({ fleet }) => {
    const live = fleet.live();
    connected += live.length;
    resting += live.filter(({ standing }) => standing.pause !== undefined).length;
    elsewhere += fleet.elsewhere;
  });
  agents.set({ state: 'connected' }, connected);
  agents.set({ state: 'resting' }, resting);
  agents.set({ state: 'elsewhere' }, elsewhere);
}

async function send(reply: FastifyReply, registry: Registry): Promise<FastifyReply> {
  return reply
    .headers({ 'content-type': registry.contentType, 'cache-control': 'no-store' })
    .send(await registry.metrics());
}
