import { AGENT_PATH, DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';
import type { LiveManifest } from './live-manifest.js';

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
  /** Kill switch: nothing is started. `DORMOUSE_DISABLED=1`. */
  readonly disabled?: boolean;
  /** Diagnostics on stderr; otherwise the agent is silent. `DORMOUSE_DEBUG=1`. */
  readonly debug?: boolean;
}

export interface Config {
  /** The agents' WebSocket at the collector. */
  readonly url: string;
  readonly token: string;
  readonly service?: string;
  readonly version?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly manifest?: string | LiveManifest;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the configuration, or one sentence saying why the agent stays off */
export function readConfig(options: StartOptions, env: Environment): Config | string {
  if (options.disabled ?? isOn(env['DORMOUSE_DISABLED'])) return 'disabled by DORMOUSE_DISABLED';

  const token = nonEmpty((options.token ?? env['DORMOUSE_TOKEN'])?.trim());
  if (token === undefined) return 'no agent token: set DORMOUSE_TOKEN to the one the collector printed';

  const text = options.url ?? nonEmpty(env['DORMOUSE_URL']) ?? `ws://127.0.0.1:${DEFAULT_COLLECTOR_PORT}`;
  const url = agentUrl(text);
  if (url === undefined) return `DORMOUSE_URL is not a ws(s):// or http(s):// address: ${text}`;

  const service = options.service ?? nonEmpty(env['DORMOUSE_SERVICE']);
  const version = options.version ?? nonEmpty(env['DORMOUSE_VERSION']);
  const manifest = options.manifest ?? nonEmpty(env['DORMOUSE_MANIFEST']);
  return {
    url,
    token,
    tags: options.tags ?? parseTags(env['DORMOUSE_TAGS'] ?? ''),
    ...(service !== undefined && { service }),
    ...(version !== undefined && { version }),
    ...(manifest !== undefined && { manifest }),
  };
}

/** A switch in the environment is on unless it is missing, empty, or says no. */
export const isOn = (flag: string | undefined): boolean => !/^(?:|0|no|off|false)$/i.test(flag?.trim() ?? '');

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** `https://host/base` → `wss://host/base/agent/v1`; an address that already ends in the agents' path is kept. */
function agentUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^(?:ws|http)s?:$/.test(url.protocol)) return undefined;
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
