import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where a collector is, and what lets us in. */
export interface Login {
  readonly url: string;
  readonly token: string;
  /** Which environment is asked about, where the token sees several. */
  readonly environment?: string;
}

/** The collectors that `dormouse login` has remembered, by name. */
export interface Profiles {
  /** The one that is meant where none is named. */
  readonly current: string;
  readonly logins: Readonly<Record<string, Login>>;
}

export const DEFAULT_PROFILE = 'default';

/** None where there is no such file, or nothing in it that can be used. */
export function readProfiles(environment: NodeJS.ProcessEnv = process.env): Profiles {
  const { current, logins, ...first } = readRecord(profilesPath(environment));
  // The file of the first version is one login.
  const candidates = isRecord(logins) ? logins : { [DEFAULT_PROFILE]: first };
  return {
    current: typeof current === 'string' ? current : DEFAULT_PROFILE,
    logins: Object.fromEntries(
      Object.entries(candidates).filter((entry): entry is [string, Login] => isLogin(entry[1])),
    ),
  };
}

/** Writes the file at once as a whole, readable for its owner only. @returns its path */
export function writeProfiles(profiles: Profiles, environment: NodeJS.ProcessEnv = process.env): string {
  const path = profilesPath(environment);
  const written = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(written, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
  chmodSync(written, 0o600);
  renameSync(written, path);
  return path;
}

function profilesPath(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(base, 'dormouse', 'config.json');
}

function readRecord(path: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(content) ? content : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isLogin = (value: unknown): value is Login =>
  isRecord(value) && typeof value['url'] === 'string' && typeof value['token'] === 'string';
