import type { ProbeExtension } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { isMetric } from '../metrics/kinds.js';
import type { ProbeDefinition } from './definition.js';
import { checkProbeLimits } from './limits.js';

/**
 * An active probe with other limits; what is not asked for stays as it is.
 * @param hits that it has had
 * @throws {CollectorError} INVALID_REQUEST, LIMIT_EXCEEDED
 */
export function extend(
  probe: ProbeDefinition,
  asked: ProbeExtension,
  hits: number,
  now: number,
): ProbeDefinition {
  checkProbeLimits(asked);
  if (isMetric(probe.kind)) requireTimeOnly(probe, asked);
  if (asked.hits !== undefined && asked.hits <= hits) {
    throw new CollectorError('INVALID_REQUEST', `${probe.id} has had ${hits} hits already: ask for more.`, {
      path: 'hits',
    });
  }
  return {
    ...probe,
    limits: { ...probe.limits, ...asked },
    expiresAt: asked.expiresInMs === undefined ? probe.expiresAt : now + asked.expiresInMs,
  };
}

function requireTimeOnly({ kind }: ProbeDefinition, { hits, hitsPerSecond }: ProbeExtension): void {
  if (hits === undefined && hitsPerSecond === undefined) return;
  throw new CollectorError('INVALID_REQUEST', `A ${kind} has no limits but its time.`, {
    path: hits === undefined ? 'hitsPerSecond' : 'hits',
  });
}
