import {
  AGENT_PATH,
  DEFAULT_COLLECTOR_PORT,
  DEFAULT_PROCESS_LIMITS,
  type ProcessLimits,
} from '@dormouse/protocol';
import { process } from '../process.js';
import type { LiveManifest } from './live-manifest.js';
import { parsePins, type Pin } from './pins.js';
import { findProxy } from './proxy.js';

const { readFileSync } = process.getBuiltinModule('node:fs');

/** What `start` takes; everything left out comes from the environment, then from the defaults. */
export interface StartOptions {
  /** Collector, `ws(s)://` or `http(s)://`. `DORMOUSE_URL`, `ws://127.0.0.1:7447`. */
  readonly url?: string;
  /** Agent token. `DORMOUSE_TOKEN`; without one the agent stays off. */
  readonly token?: string;
  /** `DORMOUSE_SERVICE`, or the name in the nearest package.json. */
  readonly service?: string;
  /** `DORMOUSE_VERSION`, or the version in the nearest package.json. */
  readonly version?: string;
  /** `DORMOUSE_TAGS`, as `region=eu,tier=web`. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Path of the build's manifest, or one that grows while the program loads. `DORMOUSE_MANIFEST`, or found around the
   * main script.
   */
  readonly manifest?: string | LiveManifest;
  /**
   * Files and functions that may never be probed, whatever the collector wants. `DORMOUSE_DENY`, separated by commas:
   * `src/vault/**`, `src/pay.ts#charge*`, `#decrypt`.
   */
  readonly deny?: readonly string[];
  /** What all probes together may take of the process, whatever the collector wants. `DORMOUSE_MAX_…`. */
  readonly limits?: Partial<ProcessLimits>;
  /** Kill switch: nothing is started. `DORMOUSE_DISABLED=1`. */
  readonly disabled?: boolean;
  /** Diagnostics on stderr; otherwise the agent is silent. `DORMOUSE_DEBUG=1`. */
  readonly debug?: boolean;
}

export interface Config extends CollectorAddress {
  readonly service?: string;
  readonly version?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly manifest?: string | LiveManifest;
  readonly deny: readonly string[];
  readonly limits: ProcessLimits;
}

/** Where the collector is, and how it is known to be it. */
export interface CollectorAddress {
  /** The agents' WebSocket at the collector, `ws(s)://`. */
  readonly url: string;
  /** The agent token. */
  readonly token: string;
  /** Certificates of authorities, PEM, in place of those that Node trusts: the file `DORMOUSE_CA`. */
  readonly ca?: string;
  /** Keys, one of which the collector's certificate must have: `DORMOUSE_PIN`. */
  readonly pins?: readonly Pin[];
  readonly proxy?: URL;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Why the agent stays off. */
class ConfigError extends Error {}

/** @returns the configuration, or one sentence saying why the agent stays off */
export function readConfig(options: StartOptions, env: Environment): Config | string {
  if (options.disabled ?? isOn(env['DORMOUSE_DISABLED'])) return 'disabled by DORMOUSE_DISABLED';
  try {
    return read(options, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** @throws {ConfigError} */
function read(options: StartOptions, env: Environment): Config {
  const token = nonEmpty((options.token ?? env['DORMOUSE_TOKEN'])?.trim());
  if (token === undefined) {
    throw new ConfigError('no agent token: set DORMOUSE_TOKEN to the one the collector printed');
  }
  const url = readUrl(
    options.url ?? nonEmpty(env['DORMOUSE_URL']) ?? `ws://127.0.0.1:${DEFAULT_COLLECTOR_PORT}`,
  );
  const service = options.service ?? nonEmpty(env['DORMOUSE_SERVICE']);
  const version = options.version ?? nonEmpty(env['DORMOUSE_VERSION']);
  const manifest = options.manifest ?? nonEmpty(env['DORMOUSE_MANIFEST']);
  const ca = readCertificates(nonEmpty(env['DORMOUSE_CA']));
  const pins = readPins(nonEmpty(env['DORMOUSE_PIN']), url);
  const proxy = findProxy(url, env);
  return {
    url,
    token,
    tags: options.tags ?? parseTags(env['DORMOUSE_TAGS'] ?? ''),
    deny: options.deny ?? parseList(env['DORMOUSE_DENY'] ?? ''),
    limits: readLimits(env, options.limits),
    ...(service !== undefined && { service }),
    ...(version !== undefined && { version }),
    ...(manifest !== undefined && { manifest }),
    ...(ca !== undefined && { ca }),
    ...(pins !== undefined && { pins }),
    ...(proxy !== undefined && { proxy }),
  };
}

/** A switch in the environment is on unless it is missing, empty, or says no. */
export const isOn = (flag: string | undefined): boolean => !/^(?:|0|no|off|false)$/i.test(flag?.trim() ?? '');

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** `https://host/base` → `wss://host/base/agent/v1`; an address that already ends in the agents' path is kept. */
function readUrl(text: string): string {
  if (!/^(?:ws|http)s?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new ConfigError(`DORMOUSE_URL is not a ws(s):// or http(s):// address: ${text}`);
  }
  const url = new URL(text);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(AGENT_PATH) ? path : path + AGENT_PATH;
  return url.href;
}

/** `region=eu,tier=web`; a part without a name or a `=` is ignored. */
function parseTags(text: string): Record<string, string> {
  const pairs = text
    .split(',')
    .map((part) => /^\s*([^=\s]+)\s*=(.*)$/s.exec(part))
    .filter((match) => match !== null)
    .map(([, name, value]) => [name, value?.trim()] as [string, string]);
  return Object.fromEntries(pairs);
}

/** `a, b`: what is between commas. */
const parseList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readCertificates(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`DORMOUSE_CA cannot be read: ${(error as Error).message}`);
  }
}

/** A pin that nothing checks would be a false promise. */
function readPins(text: string | undefined, url: string): readonly Pin[] | undefined {
  if (text === undefined) return undefined;
  const pins = parsePins(text);
  if (pins === undefined) {
    throw new ConfigError(`DORMOUSE_PIN is not the SHA-256 of a public key in base64: ${text}`);
  }
  if (!url.startsWith('wss:')) throw new ConfigError(`DORMOUSE_PIN needs a wss:// address: ${url}`);
  return pins;
}

/** The variable of each limit, and how many of the limit's units are one of the variable's. */
const LIMIT_VARIABLES: Readonly<Record<keyof ProcessLimits, readonly [name: string, unit: number]>> = {
  hitsPerSecond: ['DORMOUSE_MAX_HITS', 1],
  bytesPerSecond: ['DORMOUSE_MAX_BYTES', 1],
  cpuShare: ['DORMOUSE_MAX_CPU', 1 / 100],
  loopDelayMs: ['DORMOUSE_MAX_DELAY', 1],
  orphanMs: ['DORMOUSE_MAX_ALONE', 1_000],
  lifetimeHits: ['DORMOUSE_MAX_TOTAL_HITS', 1],
  lifetimeBytes: ['DORMOUSE_MAX_TOTAL_BYTES', 1],
};

function readLimits(env: Environment, wanted: Partial<ProcessLimits> = {}): ProcessLimits {
  const given = Object.entries(LIMIT_VARIABLES).flatMap(([limit, [name, unit]]) => {
    const value = readNumber(env, name);
    return value === undefined ? [] : [[limit, value * unit] as const];
  });
  const limits = { ...DEFAULT_PROCESS_LIMITS, ...Object.fromEntries(given), ...wanted };
  // No program is never late: 0 stands for any delay.
  return { ...limits, loopDelayMs: limits.loopDelayMs || Number.POSITIVE_INFINITY };
}

function readNumber(env: Environment, name: string): number | undefined {
  const text = nonEmpty(env[name]);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= 0)) throw new ConfigError(`${name} is not a number of 0 or more: ${text}`);
  return value;
}
