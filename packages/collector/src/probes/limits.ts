import {
  LIMITS,
  MAX_CAPTURE_LIMITS,
  MAX_PROBE_LIMITS,
  STANDARD_LIMITS,
  type CaptureLimits,
  type ProbeLimits,
  type ProbeRequest,
} from '@dormouse/protocol';
import { CollectorError, within } from '../collector-error.js';

/** As many probes as a process may have must fit in one message to it. */
export const MAX_PROBE_BYTES = Math.floor(LIMITS.messageBytes / LIMITS.probesPerProcess);

/**
 * The limits of a probe: those asked for, over the defaults of its kind.
 * @throws {CollectorError} LIMIT_EXCEEDED
 */
export function resolveLimits(request: ProbeRequest): { limits: ProbeLimits; capture: CaptureLimits } {
  within('limits', () => checkProbeLimits(request.limits ?? {}));
  within('capture', () => checkCeilings(request.capture ?? {}, MAX_CAPTURE_LIMITS));
  const { limits, capture } = STANDARD_LIMITS[request.kind];
  return { limits: { ...limits, ...request.limits }, capture: { ...capture, ...request.capture } };
}

/** @throws {CollectorError} LIMIT_EXCEEDED */
export function checkProbeLimits(asked: Partial<ProbeLimits>): void {
  checkCeilings(asked, MAX_PROBE_LIMITS);
}

function checkCeilings(asked: Readonly<Record<string, number>>, ceilings: object): void {
  for (const [limit, value] of Object.entries<number>(asked)) {
    const ceiling = (ceilings as Record<string, number>)[limit]!;
    if (value > ceiling) {
      throw new CollectorError(
        'LIMIT_EXCEEDED',
        `${limit} is ${value}, and ${ceiling} is the most it can be.`,
        { path: limit },
      );
    }
  }
}
