import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditValue } from '@dormouse/protocol';
import type { FastifyInstance } from 'fastify';
import { prepareFirstTokens } from './auth/first-tokens.js';
import { openDoors } from './http/doors.js';
import type { Health } from './http/health.js';
import { createServer } from './http/server.js';
import { TrustedProxies } from './http/trusted-proxies.js';
import { UnderWay } from './http/under-way.js';
import { listen } from './listen.js';
import { openSite } from './open-site.js';
import type { CollectorOptions } from './options.js';
import { Meters } from './out/prometheus/meters.js';
import type { Site } from './site.js';
import { Started } from './started.js';
import { EVERYWHERE } from './storage/contract/directory/places.js';
import { openStorages } from './storage/open.js';
import { VERSION } from './version.js';

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

/**
 * Starts a collector: the server, what it remembers, the site with all that goes on in it, the doors, and last it listens. The
 * server is stopped first, so that what was asked is answered; then the rest in reverse.
 * @throws {StartError} with what to do about it.
 */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const trustedProxies = new TrustedProxies(options.trustedProxies);
  const app = createServer({ ...options, trustedProxies });
  const started = new Started();
  const underWay = new UnderWay(app);
  app.addHook('onClose', async () => {
    await underWay.over();
    await started.stop();
  });
  try {
    const storages = await openStorages(options);
    started.push(() => storages.close());
    const minted = await prepareFirstTokens(storages.directory, options);
    const meters = new Meters();
    const site = await openSite({ storages, options, meters, log: app.log, stopping: app.stopping }, started);
    const health = await openDoors(app, { site, storages, options, meters, trustedProxies });
    const url = await listen(app, options);
    tellStarted(app, site, url, options);
    return { url, ...minted, close: () => stop(app, health, options.drainMs ?? 0) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function tellStarted(
  { log }: FastifyInstance,
  { audit }: Site,
  url: string,
  options: CollectorOptions,
): void {
  const { otlpSignals: signals } = options;
  log.info({ url, version: VERSION }, 'collector started');
  if (signals !== undefined) log.info({ signals }, 'evidence goes where OTEL_EXPORTER_OTLP_… says');
  audit.happened(EVERYWHERE, { operation: 'collector.started', details: startedWith(url, options) });
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
