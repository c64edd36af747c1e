import { isIP, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_PREFIX, DEFAULT_COLLECTOR_PORT, type AuditValue, type OtlpSignal } from '@dormouse/protocol';
import type { FastifyInstance } from 'fastify';
import { openGateway } from './agents/gateway.js';
import { Audit } from './audit/audit.js';
import { auditKeyOf } from './audit/key.js';
import { Doorkeeper } from './auth/doorkeeper.js';
import { FailedAttempts } from './auth/failed-attempts.js';
import { prepareFirstTokens } from './auth/first-tokens.js';
import { openProvider } from './auth/oidc/open.js';
import type { OidcOptions } from './auth/oidc/options.js';
import type { Cost } from './auth/passwords/hash.js';
import { openPeople } from './auth/people.js';
import { Environments } from './environments/environments.js';
import { keepDirectory } from './environments/keep-directory.js';
import { openSending } from './environments/open-sending.js';
import { api } from './http/api.js';
import { consoleRoutes } from './http/console.js';
import { healthRoutes, type Health } from './http/health.js';
import { measureRequests, metricsRoute } from './http/metrics.js';
import { describeRoutes } from './http/openapi.js';
import { DEFAULT_RATE_LIMITS, type RateLimits } from './http/rate-limit.js';
import { createServer, type TlsFiles } from './http/server.js';
import { Browsers } from './http/sign-in/browsers.js';
import { SIGN_IN_PREFIX, signInRoutes, useCookies } from './http/sign-in/routes.js';
import type { Log } from './log.js';
import { mcpRoute } from './mcp/route.js';
import { Meters } from './out/prometheus/meters.js';
import { Targets } from './out/targets.js';
import { Places } from './places/places.js';
import { StartError } from './start-error.js';
import { DEFAULT_RETENTION, SHARED_RETENTION, type Retention } from './storage/contract/retention.js';
import { EVERYWHERE } from './storage/contract/directory/places.js';
import { startRetention } from './storage/retention.js';
import { openStorages, type StorageOptions } from './storage/open.js';
import { VERSION } from './version.js';

export interface CollectorOptions extends StorageOptions {
  /** Address to listen on. Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: {@link DEFAULT_COLLECTOR_PORT}; 0 picks a free one. */
  readonly port?: number;
  /** Tokens chosen by the operator; without them they are minted at the first start. */
  readonly adminToken?: string;
  readonly agentToken?: string;
  /** Mints new tokens; the old ones are worth nothing from then on. */
  readonly rotateTokens?: boolean;
  /** A level of pino, or `silent`. Default: `info`. */
  readonly logLevel?: string;
  /** Default: {@link DEFAULT_RETENTION}, or {@link SHARED_RETENTION} where several collectors share a database. */
  readonly retention?: Partial<Retention>;
  readonly tls?: TlsFiles;
  /** A file with an Ed25519 private key, PEM, for checkpoints of the audit trail. Default: one that is made in the data folder. */
  readonly auditKey?: string;
  /** Networks that may be sent to besides public addresses: `10.0.0.0/8`, `127.0.0.1`. Default: none. */
  readonly sendTo?: readonly string[];
  /** What the variables OTEL_EXPORTER_OTLP_… ask for, see `signalsOfEnvironment`. Default: they are not looked at. */
  readonly otlpSignals?: readonly OtlpSignal[];
  /** Whether the collector's own metrics may be read without a token. Default: no. */
  readonly openMetrics?: boolean;
  /** Where people's browsers see it, if a proxy stands before it: `https://dormouse.example.com`. */
  readonly publicUrl?: string;
  /** Proxies before it that say truly whom they ask for: `10.0.0.0/8`, `127.0.0.1`. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Of hashing a password. Default: what OWASP advises; less is for tests. */
  readonly passwordCost?: Cost;
  /** Where people may sign in besides by password. */
  readonly oidc?: OidcOptions;
  /** Default: {@link DEFAULT_RATE_LIMITS}. */
  readonly rateLimits?: Partial<RateLimits>;
  /** Time for which a collector that is told to stop goes on, not ready any more, ms. Default: 0. */
  readonly drainMs?: number;
}

export interface Collector {
  /** Where it listens: `http://127.0.0.1:7447`. */
  readonly url: string;
  /** The tokens, if they were minted just now: they cannot be shown again. */
  readonly adminToken?: string;
  readonly agentToken?: string;
  /**
   * Stops gracefully: drains, ends streams, tells agents, finishes requests, closes the database.
   * @throws where that took longer than {@link STOP_WITHIN_MS}
   */
  close(): Promise<void>;
}

/** Time that stopping may take, beside the draining, ms. */
const STOP_WITHIN_MS = 10_000;

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** @throws {StartError} with what to do about it. */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const { host = '127.0.0.1', port = DEFAULT_COLLECTOR_PORT, tls, logLevel = 'info', publicUrl } = options;
  const app = createServer({
    logLevel,
    publicUrl,
    trustedProxies: options.trustedProxies,
    ...(tls !== undefined && { tls }),
  });
  const storages = await openStorages(options);
  try {
    const { directory } = storages;
    const places = new Places(directory.places);
    await places.reload();
    const minted = await prepareFirstTokens(directory, {
      chosen: {
        ...(options.adminToken !== undefined && { admin: options.adminToken }),
        ...(options.agentToken !== undefined && { agent: options.agentToken }),
      },
      rotate: options.rotateTokens ?? false,
    });
    const key = auditKeyOf(options);
    const audit = new Audit({ store: directory.audit, places, log: app.log, key });
    const stopAudit = await audit.start(app.log, options.database !== undefined);
    const doorkeeper = new Doorkeeper(directory, places, new FailedAttempts(), audit.failedSignIns);
    const people = openPeople(directory, publicUrl, options.passwordCost);
    const browsers = new Browsers(directory, people.sessions, audit, publicUrl);
    const provider = await openProvider(options.oidc);
    const { perCaller, perAddress } = { ...DEFAULT_RATE_LIMITS, ...options.rateLimits };
    const meters = new Meters();
    measureRequests(app, meters);
    const out = {
      targets: new Targets(options.sendTo),
      otlpSignals: options.otlpSignals,
      publicUrl: options.publicUrl,
    };
    const kept = options.database === undefined ? DEFAULT_RETENTION : SHARED_RETENTION;
    const retention = { ...kept, ...options.retention };
    const environments = new Environments(storages, { audit, out, retention, meters, log: app.log });
    const stopKeeping = await keepDirectory({ directory, places, environments, log: app.log });
    const stopSending = openSending({ places, environments, out, log: app.log });
    const stopRetention = startRetention(
      () => places.tree.environments().map(({ id }) => environments.storage(id)),
      retention,
      app.log,
    );

    await describeRoutes(app);
    const health = healthRoutes(app, storages);
    await useCookies(app);
    const site = { directory, places, environments, people, audit };
    await app.register(signInRoutes, { prefix: SIGN_IN_PREFIX, site, browsers, provider, perAddress });
    await app.register(api, { prefix: API_PREFIX, site, doorkeeper, storages, browsers, perCaller });
    await app.register(mcpRoute, { doorkeeper });
    metricsRoute(app, { meters, doorkeeper, environments, isOpen: options.openMetrics ?? false });
    consoleRoutes(app);
    const gateway = openGateway(app.server, doorkeeper, environments, app.log);
    app.addHook('preClose', async () => {
      await gateway.close();
      await stopSending();
      await stopKeeping();
      await environments.closeAll();
      await stopRetention();
      audit.happened(EVERYWHERE, { operation: 'collector.stopped' });
      await stopAudit();
    });
    app.addHook('onClose', async () => storages.close());

    const url = await listen(app, host, port, tls !== undefined);
    warnWhenExposed(app.log, host, tls !== undefined);
    app.log.info({ url, version: VERSION }, 'collector started');
    if (out.otlpSignals !== undefined) {
      app.log.info({ signals: out.otlpSignals }, 'evidence goes where OTEL_EXPORTER_OTLP_… says');
    }
    audit.happened(EVERYWHERE, { operation: 'collector.started', details: startedWith(url, options) });
    const { admin: adminToken, agent: agentToken } = minted;
    return {
      url,
      ...(adminToken !== undefined && { adminToken }),
      ...(agentToken !== undefined && { agentToken }),
      close: () => stop(app, health, options.drainMs ?? 0),
    };
  } catch (error) {
    await app.close();
    await storages.close();
    throw error;
  }
}

/** What of its configuration decides who may do what, and what is kept. */
function startedWith(url: string, options: CollectorOptions): AuditValue {
  const { rotateTokens = false, retention = {}, adminToken, agentToken } = options;
  return {
    url,
    version: VERSION,
    isShared: options.database !== undefined,
    hasTls: options.tls !== undefined,
    rotatedTokens: rotateTokens,
    choseTokens: adminToken !== undefined || agentToken !== undefined,
    retention: { ...retention },
  };
}

async function stop(app: FastifyInstance, health: Health, drainMs: number): Promise<void> {
  app.log.info({ drainMs }, 'stopping');
  health.drain();
  await sleep(drainMs);
  const closed = app.close().then(() => true);
  const isClosed = await Promise.race([closed, sleep(STOP_WITHIN_MS, false, { ref: false })]);
  if (!isClosed) {
    app.log.error('not stopped in time');
    throw new Error(`The collector could not be stopped within ${STOP_WITHIN_MS} ms.`);
  }
  app.log.info('stopped');
}

async function listen(app: FastifyInstance, host: string, port: number, secure: boolean): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new StartError(
      `Cannot listen on ${host}:${port}: ${(error as Error).message}. Choose another --host or --port.`,
      {
        cause: error,
      },
    );
  }
  const { port: chosen } = app.server.address() as AddressInfo;
  return `${secure ? 'https' : 'http'}://${reachableName(host)}:${chosen}`;
}

/** What to write in a URL: nobody connects to "every address". */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}

function warnWhenExposed(log: Log, host: string, secure: boolean): void {
  if (LOOPBACK.test(host) || secure) return;
  log.warn(
    `Listening on ${host} WITHOUT TLS: tokens and captured values cross the network in the clear. ` +
      'Use --tls-cert and --tls-key, or put a proxy with TLS in front and bind to 127.0.0.1.',
  );
}
