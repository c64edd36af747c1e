import type { OtlpSignal } from '@dormouse/protocol';
import type { OidcOptions } from './auth/oidc/options.js';
import type { Cost } from './auth/passwords/hash.js';
import type { RateLimits } from './http/rate-limit.js';
import type { TlsFiles } from './http/server.js';
import type { Retention } from './storage/contract/retention.js';
import type { StorageOptions } from './storage/open.js';

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
