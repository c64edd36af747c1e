import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';

/** Where the collector is, and what lets us in. */
export interface Connection {
  readonly url: string;
  readonly token: string | undefined;
}

export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_COLLECTOR_PORT}`;

/**
 * Flags win over the environment, which wins over the file that `dormouse login` wrote. The file's token
 * is used for the file's address only. `DORMOUSE_TOKEN` comes last: for services it is the agent token.
 */
export function findConnection(
  flags: { readonly url?: string; readonly token?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Connection {
  const saved = readConnection(environment);
  const url = asHttp(flags.url ?? environment['DORMOUSE_URL'] ?? saved?.url ?? DEFAULT_URL);
  const savedToken = saved && sameOrigin(saved.url, url) ? saved.token : undefined;
  const token =
    flags.token ?? environment['DORMOUSE_ADMIN_TOKEN'] ?? savedToken ?? environment['DORMOUSE_TOKEN'];
  return { url, token };
}

/** Writes the file that {@link findConnection} falls back to, readable for its owner only; returns its path. */
export function saveConnection(connection: Connection, environment: NodeJS.ProcessEnv = process.env): string {
  const path = connectionPath(environment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

function readConnection(environment: NodeJS.ProcessEnv): Connection | undefined {
  try {
    const saved = JSON.parse(readFileSync(connectionPath(environment), 'utf8')) as Partial<Connection> | null;
    return typeof saved?.url === 'string' && typeof saved.token === 'string'
      ? { url: saved.url, token: saved.token }
      : undefined;
  } catch {
    return undefined;
  }
}

function connectionPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(base, 'dormouse', 'config.json');
}

/** Services may have the WebSocket's address in `DORMOUSE_URL`. */
function asHttp(url: string): string {
  return url.replace(/^ws(?=s?:)/u, 'http');
}

function sameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}
