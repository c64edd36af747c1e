import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { LIMITS } from '@dormouse/protocol';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { logOptions } from '../log.js';
import { StartError } from '../start-error.js';
import { invalidRequest } from '../schemas/parse.js';
import { sendError, sendNotFound } from './errors.js';
import { logRequests } from './request-log.js';
import { securityHeaders } from './security-headers.js';
import { PATIENCE } from './slow-clients.js';
import { TrustedProxies } from './trusted-proxies.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the collector begins to stop: what has no end by itself ends then. */
    readonly stopping: AbortSignal;
  }
}

/** Requests that are under way when the collector stops get so long to finish, ms. */
const FINISH_WITHIN_MS = 1_000;

export interface TlsFiles {
  /** PEM: the certificate with its chain. */
  readonly cert: string;
  /** PEM: its private key. */
  readonly key: string;
}

export interface ServerOptions {
  /** A level of pino, or `silent`. Default: `info`. */
  readonly logLevel?: string;
  readonly tls?: TlsFiles;
  /** Where browsers see it, if not where their requests arrive. */
  readonly publicUrl?: string | undefined;
  /** Proxies that are believed whom they ask for, and how. Default: none. */
  readonly trustedProxies?: TrustedProxies;
  /** Default: {@link PATIENCE}. */
  readonly patience?: http.ServerOptions;
}

/** A server that speaks our errors and checks with our schemas, without any route yet. */
export function createServer({
  logLevel = 'info',
  tls,
  publicUrl,
  trustedProxies = new TrustedProxies(),
  patience = PATIENCE,
}: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: logOptions(logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.bodyBytes,
    exposeHeadRoutes: false,
    frameworkErrors: sendError,
    serverFactory: serverFactory(tls, patience),
    trustProxy: !trustedProxies.areNone && trustedProxies.trusts,
  });
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const result = schema.safeParse(data);
    return result.success ? { value: result.data } : { error: invalidRequest(result.error) };
  });
  // Answers are made of our own types: checking each again would only cost.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(sendNotFound);
  logRequests(app);
  securityHeaders(app, tls !== undefined || publicUrl?.startsWith('https:') === true);
  const stopping = new AbortController();
  app.decorate('stopping', stopping.signal);
  // Before any other: who takes long to hear of the end shortens nobody else's.
  app.addHook('preClose', async () => {
    stopping.abort();
    closeConnectionsSoon(app.server);
  });
  return app;
}

/** Closing a server waits for every connection, even one on which nothing was ever asked. */
function closeConnectionsSoon(server: http.Server): void {
  setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS).unref();
}

function serverFactory(
  tls: TlsFiles | undefined,
  patience: http.ServerOptions,
): (handler: http.RequestListener) => http.Server {
  if (tls === undefined) return (handler) => http.createServer(patience, handler);
  const files = { cert: readPem(tls.cert), key: readPem(tls.key) };
  return (handler) => https.createServer({ ...patience, ...files }, handler);
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError(`The TLS file ${path} cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
