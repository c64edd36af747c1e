import type { AgentIdentity, PolicyPool } from '@dormouse/protocol';
import { matchesTarget } from '../probes/target.js';

/** What a policy is of: everything, a service, a pool of processes, or one process. */
export interface PolicyScope {
  readonly service?: string;
  /** With its service. */
  readonly instance?: string;
  /** Of the service, or of all. */
  readonly pool?: PolicyPool;
}

export const EVERYTHING: PolicyScope = {};

/** A text that stands for a scope. */
export function keyOf({ service, instance, pool }: PolicyScope): string {
  if (instance !== undefined) return `instance ${instance}`;
  if (pool !== undefined) return `pool ${JSON.stringify([service ?? null, ...traitsOf(pool)])}`;
  return service === undefined ? 'everything' : `service ${service}`;
}

/** As a person says it. */
export function nameOf({ service, instance, pool }: PolicyScope): string {
  if (instance !== undefined) return `process ${instance} of ${service}`;
  const whole = service ?? 'everything';
  if (pool === undefined) return whole;
  return `${whole} with ${traitsOf(pool)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}`;
}

/** Whether a process is one of those that a policy is for. */
export function isIn({ service, instance, pool = {} }: PolicyScope, agent: AgentIdentity): boolean {
  if (service !== undefined && service !== agent.service) return false;
  return (instance === undefined || instance === agent.instance) && matchesTarget(pool, agent);
}

/** In one order, however they were given. */
const traitsOf = ({ tags = {}, ...fields }: PolicyPool): [name: string, value: string][] =>
  [...Object.entries(fields), ...Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1))].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  );
