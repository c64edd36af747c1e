import { DEFAULT_PROCESS_LIMITS, type ProcessLimits } from '@dormouse/protocol';

import { UsageError } from '../failure.js';
import { parsePairs } from './pairs.js';
import { parseDuration, parseShare } from './quantity.js';

interface Limit {
  readonly limit: keyof ProcessLimits;
  readonly parse: (name: string, text: string) => number;
  readonly example: string;
}

/** What each limit is called on the command line, as in `DORMOUSE_MAX_…`. */
const LIMITS: Readonly<Record<string, Limit>> = {
  hits: { limit: 'hitsPerSecond', parse: parseNumber, example: '100' },
  bytes: { limit: 'bytesPerSecond', parse: parseBytes, example: '512KiB' },
  cpu: { limit: 'cpuShare', parse: (name, text) => parseShare(name, text), example: '0.5%' },
  delay: { limit: 'loopDelayMs', parse: (name, text) => parseDuration(name, text), example: '20ms' },
  alone: { limit: 'orphanMs', parse: (name, text) => parseDuration(name, text), example: '30s' },
  'total-hits': { limit: 'lifetimeHits', parse: parseNumber, example: '100000' },
  'total-bytes': { limit: 'lifetimeBytes', parse: parseBytes, example: '1GiB' },
};

export const LIMIT_EXAMPLES = Object.entries(LIMITS)
  .map(([name, { example }]) => `${name}=${example}`)
  .join(' ');

/** `cpu=0.5%` each. @throws {UsageError} */
export function parseLimits(texts: readonly string[]): Partial<ProcessLimits> {
  const pairs = Object.entries(parsePairs('Limit', texts));
  return Object.fromEntries(
    pairs.map(([name, text]) => {
      const { limit, parse } = limitOf(name);
      return [limit, parse(name, text)];
    }),
  );
}

/** The limits without those that are named, or without any. @throws {UsageError} */
export function liftLimits(limits: Partial<ProcessLimits>, names: readonly string[]): Partial<ProcessLimits> {
  const lifted = names.map((name) => limitOf(name).limit);
  const kept = (Object.keys(DEFAULT_PROCESS_LIMITS) as (keyof ProcessLimits)[]).filter(
    (limit) => limits[limit] !== undefined && names.length > 0 && !lifted.includes(limit),
  );
  return Object.fromEntries(kept.map((limit) => [limit, limits[limit]]));
}

function limitOf(name: string): Limit {
  const found = Object.hasOwn(LIMITS, name) ? LIMITS[name] : undefined;
  if (found !== undefined) return found;
  throw new UsageError(`There is no limit ${name}. They are ${Object.keys(LIMITS).join(', ')}.`);
}

function parseNumber(name: string, text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0) return value;
  throw new UsageError(`${name}=${text} is no number of 0 or more.`);
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 };

function parseBytes(name: string, text: string): number {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)?$/u.exec(text) ?? [];
  if (number !== undefined) return Math.round(Number(number) * (UNITS[unit] ?? 1));
  throw new UsageError(`${name}=${text} is no size. For example: 65536, 512KiB, 1GiB`);
}
