import { readFileSync } from 'node:fs';

import type { PolicyRequest, PolicyView, RedactionPattern, RedactionRules } from '@dormouse/protocol';

import { UsageError } from '../failure.js';
import { parsePairs } from './pairs.js';
import { liftLimits, parseLimits } from './process-limits.js';

/** What of a policy can be set, without its revision. */
export type PolicyContent = Required<Pick<PolicyView, 'deny' | 'redaction' | 'limits'>>;

/** Makes the policy that is wanted of the one that is. */
export type PolicyChange = (policy: PolicyContent) => Omit<PolicyRequest, 'revision'>;

/** Adds entries to the deny list, or takes them from it. */
export function changeDenyList(entries: readonly string[], remove: boolean): PolicyChange {
  if (entries.length === 0)
    throw new UsageError("Say what: a file, a folder or a function, such as 'src/vault/**' or '#decrypt'.");
  return (policy) => ({ ...policy, deny: changed(policy.deny, entries, remove) });
}

export interface RedactionOptions {
  readonly allow?: readonly string[];
  readonly pattern?: readonly string[];
  readonly only?: readonly string[];
}

/** Adds names and patterns to the redaction rules, or takes them from them. */
export function changeRedaction(
  names: readonly string[],
  { allow = [], pattern = [], only = [] }: RedactionOptions,
  remove: boolean,
): PolicyChange {
  if (names.length + allow.length + pattern.length + only.length === 0)
    throw new UsageError('Say what: names, --allow, --pattern or --only.');
  return (policy) => {
    const { redaction } = policy;
    const includeNames = changed(redaction.includeNames, only, remove);
    const rules: RedactionRules = {
      names: changed(redaction.names, names, remove),
      allowNames: changed(redaction.allowNames, allow, remove),
      patterns: changedPatterns(redaction.patterns, pattern, remove),
      mode: only.length === 0 ? redaction.mode : includeNames.length === 0 ? 'exclude' : 'include',
      includeNames,
    };
    return { ...policy, redaction: rules };
  };
}

/** Sets limits; or lifts those that are named, or all. */
export function changeLimits(texts: readonly string[], remove: boolean): PolicyChange {
  if (remove) return (policy) => ({ ...policy, limits: liftLimits(policy.limits, texts) });
  if (texts.length === 0) throw new UsageError('Say which, such as cpu=0.5% hits=100.');
  const limits = parseLimits(texts);
  return (policy) => ({ ...policy, limits: { ...policy.limits, ...limits } });
}

/**
 * Takes a policy as `dormouse policy show --json` prints it, in place of the one that is.
 * @param path `-` is standard input
 * @throws {UsageError} where it is no JSON object
 */
export function replacePolicy(path: string | undefined): PolicyChange {
  if (path === undefined) throw new UsageError('Say which file; - is standard input.');
  const { deny, redaction, limits } = readPolicy(path);
  const request: Omit<PolicyRequest, 'revision'> = {
    ...(deny !== undefined && { deny }),
    ...(redaction !== undefined && { redaction }),
    ...(limits !== undefined && { limits }),
  };
  return () => request;
}

function readPolicy(path: string): PolicyRequest {
  try {
    const policy: unknown = JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy;
  } catch (error) {
    throw new UsageError(`${path} cannot be read as a policy: ${(error as Error).message}`);
  }
  throw new UsageError(`${path} is no policy: a JSON object with deny, redaction and limits.`);
}

function changed(list: readonly string[], entries: readonly string[], remove: boolean): string[] {
  const others = list.filter((entry) => !entries.includes(entry));
  return remove ? others : [...others, ...new Set(entries)];
}

/** `NAME=REGEX` each; to take one away its name is enough. */
function changedPatterns(
  patterns: readonly RedactionPattern[],
  texts: readonly string[],
  remove: boolean,
): RedactionPattern[] {
  if (remove) {
    const names = texts.map((text) => text.split('=', 1)[0]);
    return patterns.filter(({ name }) => !names.includes(name));
  }
  const wanted = Object.entries(parsePairs('--pattern', texts)).map(([name, pattern]) => ({ name, pattern }));
  return [...patterns.filter(({ name }) => !wanted.some((one) => one.name === name)), ...wanted];
}
