import type { ServerOptions } from 'node:http';

/**
 * What a client may take of the server by being slow: it would otherwise keep a socket for as long as it sends a byte now and
 * then. Answers are not meant, streams may last.
 */
export const PATIENCE: ServerOptions = {
  /** For a request's headers, ms. */
  headersTimeout: 10_000,
  /** For a whole request, ms: a manifest of 64 MiB at 5 Mbit/s. */
  requestTimeout: 120_000,
  /** Between two requests, ms; longer than the 60 s of common load balancers, which then close first. */
  keepAliveTimeout: 65_000,
  /** How often that is looked at, ms. */
  connectionsCheckingInterval: 2_000,
  /** Bytes of all headers. */
  maxHeaderSize: 16_384,
};
