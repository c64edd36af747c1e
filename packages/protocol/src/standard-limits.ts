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
  type CaptureLimits,
  type ProbeLimits,
} from './limits.js';
import type { ProbeKind } from './probe.js';

const METRIC = { limits: DEFAULT_METRIC_LIMITS, capture: DEFAULT_CAPTURE_LIMITS };

/** What a probe of a kind has without asking for it. */
export const STANDARD_LIMITS: Readonly<
  Record<ProbeKind, { readonly limits: ProbeLimits; readonly capture: CaptureLimits }>
> = {
  snapshot: { limits: DEFAULT_SNAPSHOT_LIMITS, capture: DEFAULT_CAPTURE_LIMITS },
  log: { limits: DEFAULT_LOG_LIMITS, capture: DEFAULT_CAPTURE_LIMITS },
  check: { limits: DEFAULT_CHECK_LIMITS, capture: DEFAULT_CAPTURE_LIMITS },
  counter: METRIC,
  gauge: METRIC,
  histogram: METRIC,
  duration: METRIC,
  tictoc: METRIC,
  span: { limits: DEFAULT_SPAN_LIMITS, capture: DEFAULT_CAPTURE_LIMITS },
  tag: { limits: DEFAULT_TAG_LIMITS, capture: DEFAULT_CAPTURE_LIMITS },
  path: { limits: DEFAULT_PATH_LIMITS, capture: DEFAULT_PATH_CAPTURE_LIMITS },
};
