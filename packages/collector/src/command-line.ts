import { parseArgs } from 'node:util';
import { DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';
import { readOidcOptions } from './auth/oidc/options.js';
import { readSize, writeSize } from './captures/size.js';
import { DEFAULT_RATE_LIMITS } from './http/rate-limit.js';
import { nearestNames } from './nearest.js';
import { parseNetwork } from './networks.js';
import type { CollectorOptions } from './options.js';
import { signalsOfEnvironment } from './out/otlp/environment.js';
import { StartError } from './start-error.js';
import { DEFAULT_RETENTION } from './storage/contract/retention.js';
import { DEFAULT_DATA_FOLDER } from './storage/open.js';

export const HELP = `dormouse-collector: where people and agents place Dormouse probes and read their evidence

  --host ADDRESS          Listen here. Default: 127.0.0.1, this machine only.
  --port NUMBER           Default: ${DEFAULT_COLLECTOR_PORT}. 0 picks a free one.
  --data FOLDER           Keep everything here, or nothing at all with :memory:.
                          Default: ${DEFAULT_DATA_FOLDER}
  --database URL          Keep everything in this PostgreSQL database instead, 15 or newer, which any number of
                          collectors may share: postgres://user:password@host/name
  --keep-captures NUMBER  Delete the oldest captures beyond so many. Default: ${DEFAULT_RETENTION.captures};
                          with --database all are kept for their days.
  --keep-size SIZE        Delete the oldest captures beyond so much: 500MB, 20GB. Default: ${writeSize(DEFAULT_RETENTION.bytes)}; with
                          --database there is no such limit.
  --keep-days NUMBER      Delete captures and ended probes of that age. Default: ${DEFAULT_RETENTION.days}.
  --tls-cert FILE         Certificate and key, PEM: serve https and wss.
  --tls-key FILE
  --drain SECONDS         When told to stop, go on for so long while /readyz says no, so that load balancers hear
                          of it. Default: 0. A second signal ends at once.
  --public-url URL        Where people's browsers find it, if a proxy stands before it:
                          https://dormouse.example.com
  --trusted-proxies LIST  Proxies that say truly whom they ask for, so that limits are those of each person and not of the
                          proxy: 10.0.0.0/8,127.0.0.1
  --requests-per-minute N What one caller may ask of the API. Default: ${DEFAULT_RATE_LIMITS.perCaller}.
  --send-to NETWORKS      Webhooks and OpenTelemetry that people set up may go to these networks besides public
                          addresses: 10.0.0.0/8,127.0.0.1
  --open-metrics          Prometheus may read the collector's own metrics at /metrics without a token.
  --audit-key FILE        An Ed25519 private key, PEM: with --database needed to drop old records of the audit
                          trail, by every collector of the database. Default: one that is made in the data folder.
  --rotate-tokens         Mint new tokens and print them; the old ones stop working.
  --log-level LEVEL       fatal, error, warn, info, debug or silent. Default: info, or warn where
                          standard error is a terminal.
  --restore FILE          Put a backup into the data folder, and end. --replace: even where there is a database,
  --replace               which is kept under another name.
  --json                  Print one line of JSON instead of text.
  --help

Environment: DORMOUSE_HOST, DORMOUSE_PORT, DORMOUSE_DATA, DORMOUSE_DATABASE, DORMOUSE_PUBLIC_URL,
DORMOUSE_TRUSTED_PROXIES, DORMOUSE_SEND_TO, DORMOUSE_AUDIT_KEY and DORMOUSE_LOG_LEVEL stand in for the flags; a URL
with a password is better given there.
DORMOUSE_ADMIN_TOKEN and DORMOUSE_AGENT_TOKEN choose the tokens, which are otherwise minted and printed once.
People sign in by a provider of OpenID Connect where DORMOUSE_OIDC_ISSUER, DORMOUSE_OIDC_CLIENT_ID and
DORMOUSE_OIDC_CLIENT_SECRET name one; docs/access.md has the rest.
OTEL_EXPORTER_OTLP_ENDPOINT and the other standard variables send all evidence on as OpenTelemetry; docs/out.md.
The log goes to standard error, as JSON.
`;

export interface CommandLine {
  readonly options: CollectorOptions;
  readonly json: boolean;
  readonly help: boolean;
  /** A backup to be put into the data folder, instead of starting. */
  readonly restore?: { readonly file: string; readonly replace: boolean };
}

/**
 * `isWatched`: the log goes to a terminal, where it must not scroll the tokens away.
 * @throws {StartError} for a flag that does not exist or a value that makes no sense.
 */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  isWatched = false,
): CommandLine {
  const flags = parseFlags(args);
  const setting = (flag: keyof typeof flags, variable: string): string | undefined =>
    (flags[flag] as string | undefined) ?? nonEmpty(environment[variable]);

  const host = setting('host', 'DORMOUSE_HOST');
  const port = setting('port', 'DORMOUSE_PORT');
  const data = setting('data', 'DORMOUSE_DATA');
  const database = setting('database', 'DORMOUSE_DATABASE');
  const logLevel = setting('log-level', 'DORMOUSE_LOG_LEVEL') ?? (isWatched ? 'warn' : undefined);
  const adminToken = nonEmpty(environment['DORMOUSE_ADMIN_TOKEN']);
  const agentToken = nonEmpty(environment['DORMOUSE_AGENT_TOKEN']);
  const publicUrl = setting('public-url', 'DORMOUSE_PUBLIC_URL');
  const sendTo = setting('send-to', 'DORMOUSE_SEND_TO');
  const otlpSignals = signalsOfEnvironment(environment);
  const trusted = setting('trusted-proxies', 'DORMOUSE_TRUSTED_PROXIES');
  const oidc = readOidcOptions(environment);
  const auditKey = setting('audit-key', 'DORMOUSE_AUDIT_KEY');
  const tls = tlsFiles(flags['tls-cert'], flags['tls-key']);
  return {
    json: flags.json,
    help: flags.help,
    ...restoration(flags, database),
    options: {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port: wholeNumber('port', port, 0, 65_535) }),
      ...(data !== undefined && { data }),
      ...(database !== undefined && { database: postgresUrl(database) }),
      ...(logLevel !== undefined && { logLevel: knownLevel(logLevel) }),
      ...(adminToken !== undefined && { adminToken }),
      ...(agentToken !== undefined && { agentToken }),
      ...(tls !== undefined && { tls }),
      ...(publicUrl !== undefined && { publicUrl: browserUrl(publicUrl) }),
      ...(sendTo !== undefined && { sendTo: networks('send-to', sendTo) }),
      ...(otlpSignals !== undefined && { otlpSignals }),
      ...(trusted !== undefined && { trustedProxies: networks('trusted-proxies', trusted) }),
      ...(oidc !== undefined && { oidc }),
      ...(flags['requests-per-minute'] !== undefined && {
        rateLimits: { perCaller: wholeNumber('requests-per-minute', flags['requests-per-minute'], 1, 1e9) },
      }),
      ...(flags.drain !== undefined && { drainMs: 1_000 * wholeNumber('drain', flags.drain, 0, 3_600) }),
      openMetrics: flags['open-metrics'],
      ...(auditKey !== undefined && { auditKey }),
      rotateTokens: flags['rotate-tokens'],
      retention: {
        ...(flags['keep-captures'] !== undefined && {
          captures: wholeNumber('keep-captures', flags['keep-captures'], 1, 1e9),
        }),
        ...(flags['keep-size'] !== undefined && { bytes: sizeOf('keep-size', flags['keep-size']) }),
        ...(flags['keep-days'] !== undefined && {
          days: wholeNumber('keep-days', flags['keep-days'], 1, 36_500),
        }),
      },
    },
  };
}

const FLAGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  database: { type: 'string' },
  'keep-captures': { type: 'string' },
  'keep-size': { type: 'string' },
  'keep-days': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  drain: { type: 'string' },
  'public-url': { type: 'string' },
  'trusted-proxies': { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'send-to': { type: 'string' },
  'open-metrics': { type: 'boolean', default: false },
  'audit-key': { type: 'string' },
  'rotate-tokens': { type: 'boolean', default: false },
  'log-level': { type: 'string' },
  restore: { type: 'string' },
  replace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new StartError(explain(error as NodeJS.ErrnoException), { cause: error });
  }
}

function restoration(
  { restore, replace }: ReturnType<typeof parseFlags>,
  database: string | undefined,
): Pick<CommandLine, 'restore'> {
  if (restore === undefined) {
    if (replace) throw new StartError('--replace belongs to --restore FILE.');
    return {};
  }
  if (database !== undefined)
    throw new StartError('A backup is of an embedded database. Restore a PostgreSQL with pg_restore.');
  return { restore: { file: restore, replace } };
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'--(.+?)'/u.exec(message)?.[1] : undefined;
  if (unknown === undefined) return `${message}. --help shows the flags.`;
  const [meant] = nearestNames(unknown, Object.keys(FLAGS));
  const suggestion = meant === undefined ? '' : ` Did you mean --${meant}?`;
  return `There is no --${unknown}.${suggestion} --help shows the flags.`;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function wholeNumber(flag: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new StartError(`--${flag} must be a whole number from ${least} to ${most}, not ${value}.`);
}

function sizeOf(flag: string, text: string): number {
  const bytes = readSize(text);
  if (bytes !== undefined) return bytes;
  throw new StartError(`--${flag} must be a size like 500MB or 20GB, not ${text}.`);
}

function postgresUrl(text: string): string {
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new StartError('--database must be a URL like postgres://user:password@host/name.');
}

function browserUrl(text: string): string {
  const url = URL.parse(text);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.pathname}${url.search}` === '/';
  if (isOrigin) return url.origin;
  throw new StartError('--public-url must be a URL without a path, like https://dormouse.example.com.');
}

function networks(flag: string, text: string): string[] {
  const list = text.split(/[\s,]+/).filter((part) => part !== '');
  const wrong = list.find((part) => parseNetwork(part) === undefined);
  if (wrong === undefined) return list;
  throw new StartError(`--${flag} must be addresses and networks, like 10.0.0.0/8, not ${wrong}.`);
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

function knownLevel(level: string): string {
  if (LEVELS.includes(level)) return level;
  throw new StartError(`--log-level must be one of ${LEVELS.join(', ')}, not ${level}.`);
}

function tlsFiles(cert: string | undefined, key: string | undefined): CollectorOptions['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new StartError('--tls-cert and --tls-key belong together: give both.');
  }
  return { cert, key };
}
