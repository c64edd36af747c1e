import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import type { Doorkeeper } from '../auth/doorkeeper.js';
import { CollectorError } from '../collector-error.js';
import type { Environments } from '../environments/environments.js';
import type { Meters } from '../out/prometheus/meters.js';
import { processMetrics } from '../out/prometheus/process-metrics.js';
import { EVERYWHERE } from '../storage/contract/directory/places.js';
import { PROMETHEUS_TEXT, sendMetrics } from './prometheus-text.js';
import { errorResponses } from './responses.js';

export interface MetricsOptions {
  readonly meters: Meters;
  readonly doorkeeper: Doorkeeper;
  readonly environments: Environments;
  /** Whether the collector's own metrics need no token. */
  readonly isOpen: boolean;
}

/** For Prometheus: what the collector counts and measures of itself. */
export function metricsRoute(app: FastifyInstance, options: MetricsOptions): void {
  const { meters, doorkeeper, environments, isOpen } = options;

  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      operationId: 'getOwnMetrics',
      summary: 'The collector’s own metrics',
      description:
        'Of all environments together, without a name or value of any. Needs a token that may do this everywhere, ' +
        'or none where the collector was started with --open-metrics.',
      tags: ['collector'],
      ...(isOpen && { security: [] }),
      response: { 200: PROMETHEUS_TEXT, ...errorResponses([]) },
    },
    async handler(request, reply) {
      if (!isOpen) await requireEverywhere(request, doorkeeper);
      await countAgents(meters, environments);
      return sendMetrics(reply, Registry.merge([processMetrics(), meters.registry]));
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
