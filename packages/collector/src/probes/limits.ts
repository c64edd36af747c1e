import {
  DEFAULT_CAPTURE_LIMITS,
  DEFAULT_CHECK_LIMITS,
  DEFAULT_LOG_LIMITS,
  DEFAULT_METRIC_LIMITS,
  DEFAULT_PATH_CAPTURE_LIMITS,
  DEFAULT_PATH_LIMITS,
  DEFAULT_SNAPSHOT_LIMITS,
  DEFAULT_SPAN_LIMITS,
  DEFAULT_TAG_LIMITS,
  LIMITS,
  MAX_CAPTURE_LIMITS,
  MAX_PROBE_LIMITS,
  type CaptureLimits,
  type ProbeKind,
  type ProbeLimits,
  type ProbeRequest,
} from '@dormouse/protocol';
import { CollectorError, within } from '../collector-error.js';

/** As many probes as a process may have must fit in one message to it. */
export const MAX_PROBE_BYTES = Math.floor(LIMITS.messageBytes / LIMITS.probesPerProcess);

const DEFAULTS: Readonly<Record<ProbeKind, ProbeLimits>> = {
  snapshot: DEFAULT_SNAPSHOT_LIMITS,
  log: DEFAULT_LOG_LIMITS,
  check: DEFAULT_CHECK_LIMITS,
  counter: DEFAULT_METRIC_LIMITS,
  gauge: DEFAULT_METRIC_LIMITS,
  histogram: DEFAULT_METRIC_LIMITS,
  duration: DEFAULT_METRIC_LIMITS,
  tictoc: DEFAULT_METRIC_LIMITS,
  span: DEFAULT_SPAN_LIMITS,
  tag: DEFAULT_TAG_LIMITS,
  path: DEFAULT_PATH_LIMITS,
};

/** What a probe of a kind has without asking for it. */
export const standardLimits = (kind: ProbeKind): { limits: ProbeLimits; capture: CaptureLimits } => ({
  limits: DEFAULTS[kind],
  capture: kind === 'path' ? DEFAULT_PATH_CAPTURE_LIMITS : DEFAULT_CAPTURE_LIMITS,
});

/**
 * The limits of a probe: those asked for, over the defaults of its kind.
 * @throws {CollectorError} LIMIT_EXCEEDED
 */
export function resolveLimits(request: ProbeRequest): { limits: ProbeLimits; capture: CaptureLimits } {
  within('limits', () => checkProbeLimits(request.limits ?? {}));
  within('capture', () => checkCeilings(request.capture ?? {}, MAX_CAPTURE_LIMITS));
  const { limits, capture } = standardLimits(request.kind);
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
