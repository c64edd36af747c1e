import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';

import { UsageError } from '../failure.js';

/** Where a collector is, and what lets us in. */
export interface Login {
  readonly url: string;
  readonly token: string | undefined;
}

export interface Connection extends Login {
  /** Where the token is from, for a person who has to replace it. */
  readonly tokenFrom?: string;
}

export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_COLLECTOR_PORT}`;

/**
 * Flags win over the environment, which wins over the file that `dormouse login` wrote. The file's token
 * is used for the file's address only. `DORMOUSE_TOKEN` comes last: for services it is the agent token.
 * @throws {UsageError} for an address that is none.
 */
export function findConnection(
  flags: { readonly url?: string; readonly token?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Connection {
  const saved = readLogin(environment);
  const url = asHttp(flags.url ?? environment['DORMOUSE_URL'] ?? saved?.url ?? DEFAULT_URL);
  const savedToken = saved && sameOrigin(saved.url, url) ? saved.token : undefined;
  const sources: readonly (readonly [from: string, token: string | undefined])[] = [
    ['--token', flags.token],
    ['DORMOUSE_ADMIN_TOKEN', environment['DORMOUSE_ADMIN_TOKEN']],
    ['"dormouse login"', savedToken],
    ['DORMOUSE_TOKEN', environment['DORMOUSE_TOKEN']],
  ];
  const [tokenFrom, token] = sources.find(([, candidate]) => candidate !== undefined) ?? [];
  return { url, token, ...(tokenFrom !== undefined && { tokenFrom }) };
}

/** Writes the file that {@link findConnection} falls back to, readable for its owner only; returns its path. */
export function saveLogin(login: Login, environment: NodeJS.ProcessEnv = process.env): string {
  const path = loginPath(environment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

function readLogin(environment: NodeJS.ProcessEnv): Login | undefined {
  try {
    const saved = JSON.parse(readFileSync(loginPath(environment), 'utf8')) as Partial<Login> | null;
    return typeof saved?.url === 'string' && typeof saved.token === 'string'
      ? { url: saved.url, token: saved.token }
      : undefined;
  } catch {
    return undefined;
  }
}

function loginPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(base, 'dormouse', 'config.json');
}

/** Services may have the WebSocket's address in `DORMOUSE_URL`. */
function asHttp(text: string): string {
  const url = text.replace(/^ws(?=s?:)/u, 'http');
  if (/^https?:/u.test(URL.parse(url)?.protocol ?? '')) return url;
  throw new UsageError(`"${text}" is no URL of a collector. For example: ${DEFAULT_URL}`);
}

function sameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}
