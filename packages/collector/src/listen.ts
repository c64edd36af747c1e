import { isIP, type AddressInfo } from 'node:net';
import { DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';
import type { FastifyInstance } from 'fastify';
import type { Log } from './log.js';
import type { CollectorOptions } from './options.js';
import { StartError } from './start-error.js';

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** @returns where it listens: `http://127.0.0.1:7447` @throws {StartError} */
export async function listen(
  app: FastifyInstance,
  { host = '127.0.0.1', port = DEFAULT_COLLECTOR_PORT, tls }: CollectorOptions,
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new StartError(
      `Cannot listen on ${host}:${port}: ${(error as Error).message}. Choose another --host or --port.`,
      { cause: error },
    );
  }
  if (tls === undefined) warnWhenExposed(app.log, host);
  const { port: chosen } = app.server.address() as AddressInfo;
  return `${tls === undefined ? 'http' : 'https'}://${reachableName(host)}:${chosen}`;
}

/** What to write in a URL: nobody connects to "every address". */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}

function warnWhenExposed(log: Log, host: string): void {
  if (LOOPBACK.test(host)) return;
  log.warn(
    `Listening on ${host} WITHOUT TLS: tokens and captured values cross the network in the clear. ` +
      'Use --tls-cert and --tls-key, or put a proxy with TLS in front and bind to 127.0.0.1.',
  );
}
