import {
  DEFAULT_PROCESS_LIMITS,
  DEFAULT_REDACTION_RULES,
  type KillView,
  type PolicyView,
  type ProcessLimits,
  type RedactionRules,
} from '@dormouse/protocol';
import { joinRedactionRules } from '@dormouse/expression/redaction';
import type { PolicyScope } from './scope.js';

/** What somebody wants for a scope, as it is stored. */
export interface Policy {
  readonly scope: PolicyScope;
  /** 0 while nobody has wanted anything. */
  readonly revision: number;
  /** ms since 1970. */
  readonly changedAt?: number;
  readonly kill?: NonNullable<PolicyView['kill']>;
  readonly deny: readonly string[];
  readonly redaction: RedactionRules;
  readonly limits: Partial<ProcessLimits>;
}

export const emptyPolicy = (scope: PolicyScope): Policy => ({
  scope,
  revision: 0,
  deny: [],
  redaction: DEFAULT_REDACTION_RULES,
  limits: {},
});

/** What several policies come to together: what any of them forbids, hides or lowers. */
export interface JointPolicy extends Omit<Policy, 'scope' | 'changedAt' | 'kill'> {
  readonly killed?: KillView;
}

/** @param policies the widest scope first; revisions are of one count, so the newest stands for all of them */
export function join(policies: readonly Policy[]): JointPolicy {
  const killed = policies.find(({ kill }) => kill !== undefined);
  return {
    revision: Math.max(...policies.map(({ revision }) => revision)),
    ...(killed?.kill !== undefined && { killed: { by: widthOf(killed.scope), ...killed.kill } }),
    deny: [...new Set(policies.flatMap(({ deny }) => deny))],
    redaction: policies.map(({ redaction }) => redaction).reduce(joinRedactionRules),
    limits: policies.map(({ limits }) => limits).reduce(lowest),
  };
}

export function widthOf({ service, instance, pool }: PolicyScope): Exclude<KillView['by'], 'process'> {
  if (instance !== undefined) return 'instance';
  if (pool !== undefined) return 'pool';
  return service === undefined ? 'everything' : 'service';
}

/** Of each limit the lower one, where either has it. */
function lowest(one: Partial<ProcessLimits>, other: Partial<ProcessLimits>): Partial<ProcessLimits> {
  const names = Object.keys(DEFAULT_PROCESS_LIMITS) as (keyof ProcessLimits)[];
  const given = names.filter((name) => one[name] !== undefined || other[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [name, Math.min(one[name] ?? Infinity, other[name] ?? Infinity)]),
  );
}
