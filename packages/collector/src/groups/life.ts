import { CollectorError } from '../collector-error.js';
import type { ProbeDefinition } from '../probes/definition.js';
import type { StoredGroup } from '../storage/contract/groups.js';

/** A new probe as one of a group: it lives as long as the group or, where that was asked for, less. */
export function withLife(
  probe: ProbeDefinition,
  { id, expiresAt }: StoredGroup,
  askedMs: number | undefined,
): ProbeDefinition {
  const end = askedMs === undefined ? expiresAt : Math.min(expiresAt, probe.expiresAt);
  const limits = { ...probe.limits, expiresInMs: end - probe.createdAt };
  return { ...probe, group: id, limits, expiresAt: end };
}

/** @throws {CollectorError} LIMIT_EXCEEDED for a probe that would outlive its group */
export function requireWithin(probe: ProbeDefinition, { id, expiresAt }: StoredGroup): void {
  if (probe.expiresAt <= expiresAt) return;
  const until = new Date(expiresAt).toISOString();
  throw new CollectorError(
    'LIMIT_EXCEEDED',
    `${probe.id} is of group ${id}, which lives until ${until}: extend that with POST /groups/${id}/extend.`,
    { path: 'expiresInMs' },
  );
}
