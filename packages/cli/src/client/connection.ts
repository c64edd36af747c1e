import { DEFAULT_COLLECTOR_PORT } from '@dormouse/protocol';

import { UsageError } from '../failure.js';
import { readProfiles, type Login, type Profiles } from './profiles.js';

export interface Connection {
  readonly url: string;
  readonly token: string | undefined;
  /** Where the token is from, for a person who has to replace it. */
  readonly tokenFrom?: string;
  /** Which environment is asked about; default: the only one that the token sees. */
  readonly environment?: string;
}

export const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_COLLECTOR_PORT}`;

export interface ConnectionFlags {
  readonly url?: string;
  readonly token?: string;
  readonly profile?: string;
  readonly environment?: string;
}

type Candidate = readonly [from: string, value: string | undefined];

/**
 * Flags win over the environment, which wins over what `dormouse login` has saved. A saved token is used for
 * its own address only. `DORMOUSE_TOKEN` comes last: for services it is the agent token.
 * @throws {UsageError} for an address that is none, and a profile that is not saved.
 */
export function findConnection(
  flags: ConnectionFlags,
  environment: NodeJS.ProcessEnv = process.env,
): Connection {
  const profiles = readProfiles(environment);
  const named = flags.profile === undefined ? undefined : requireProfile(profiles, flags.profile);
  const usual = environment['DORMOUSE_PROFILE']
    ? requireProfile(profiles, environment['DORMOUSE_PROFILE'])
    : profiles.logins[profiles.current];
  const url = asHttp(flags.url ?? named?.url ?? environment['DORMOUSE_URL'] ?? usual?.url ?? DEFAULT_URL);
  const saved = [named, usual, ...Object.values(profiles.logins)].find(
    (login) => login !== undefined && sameOrigin(login.url, url),
  );
  const fromFile: Candidate = ['"dormouse login"', saved?.token];
  const fromEnvironment: Candidate = ['DORMOUSE_ADMIN_TOKEN', environment['DORMOUSE_ADMIN_TOKEN']];
  const candidates: readonly Candidate[] = [
    ['--token', flags.token],
    ...(named === undefined ? [fromEnvironment, fromFile] : [fromFile, fromEnvironment]),
    ['DORMOUSE_TOKEN', environment['DORMOUSE_TOKEN']],
  ];
  const [tokenFrom, token] = candidates.find(([, candidate]) => candidate !== undefined) ?? [];
  const place = flags.environment ?? (environment['DORMOUSE_ENVIRONMENT'] || saved?.environment);
  return {
    url,
    token,
    ...(tokenFrom !== undefined && { tokenFrom }),
    ...(place !== undefined && { environment: place }),
  };
}

/** @throws {UsageError} with the profiles that there are */
export function requireProfile({ logins }: Profiles, name: string): Login {
  const login = Object.hasOwn(logins, name) ? logins[name] : undefined;
  if (login !== undefined) return login;
  const names = Object.keys(logins);
  throw new UsageError(
    `There is no profile "${name}". "dormouse login --profile ${name}" saves one.`,
    names.map((known) => `--profile ${known}`),
  );
}

/** Services may have the WebSocket's address in `DORMOUSE_URL`. */
export function asHttp(text: string): string {
  const url = text.replace(/^ws(?=s?:)/u, 'http');
  if (/^https?:/u.test(URL.parse(url)?.protocol ?? '')) return url;
  throw new UsageError(`"${text}" is no URL of a collector. For example: ${DEFAULT_URL}`);
}

function sameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}
