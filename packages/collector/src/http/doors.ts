import { API_PREFIX } from '@dormouse/protocol';
import type { FastifyInstance } from 'fastify';
import { openGateway } from '../agents/gateway.js';
import { Doorkeeper } from '../auth/doorkeeper.js';
import { FailedAttempts } from '../auth/failed-attempts.js';
import { openProvider } from '../auth/oidc/open.js';
import { mcpRoute } from '../mcp/route.js';
import type { CollectorOptions } from '../options.js';
import type { Meters } from '../out/prometheus/meters.js';
import type { Site } from '../site.js';
import type { Storages } from '../storage/contract/storages.js';
import { api } from './api.js';
import { consoleRoutes } from './console.js';
import { healthRoutes, type Health } from './health.js';
import { measureRequests, metricsRoute } from './metrics.js';
import { describeRoutes } from './openapi.js';
import { DEFAULT_RATE_LIMITS } from './rate-limit.js';
import { Browsers } from './sign-in/browsers.js';
import { SIGN_IN_PREFIX, signInRoutes, useCookies } from './sign-in/routes.js';
import type { TrustedProxies } from './trusted-proxies.js';

interface Behind {
  readonly site: Site;
  readonly storages: Storages;
  readonly options: CollectorOptions;
  readonly meters: Meters;
  readonly trustedProxies: TrustedProxies;
}

/** Every way into the collector: for orchestrators, people and their browsers, programs, AI agents, and the agents in processes. */
export async function openDoors(
  app: FastifyInstance,
  { site, storages, options, meters, trustedProxies }: Behind,
): Promise<Health> {
  const { directory, places, environments, people, audit } = site;
  const { perCaller, perAddress } = { ...DEFAULT_RATE_LIMITS, ...options.rateLimits };
  const doorkeeper = new Doorkeeper(directory, places, new FailedAttempts(), audit.failedSignIns);
  const browsers = new Browsers(directory, people.sessions, audit, options.publicUrl);
  const provider = await openProvider(options.oidc);

  measureRequests(app, meters);
  await describeRoutes(app);
  const health = healthRoutes(app, storages);
  await useCookies(app);
  await app.register(signInRoutes, { prefix: SIGN_IN_PREFIX, site, browsers, provider, perAddress });
  await app.register(api, { prefix: API_PREFIX, site, doorkeeper, storages, browsers, perCaller });
  await app.register(mcpRoute, { doorkeeper });
  metricsRoute(app, { meters, doorkeeper, environments, isOpen: options.openMetrics ?? false });
  consoleRoutes(app);

  const gateway = openGateway(app.server, { doorkeeper, environments, trustedProxies, log: app.log });
  app.addHook('preClose', () => gateway.close());
  return health;
}
