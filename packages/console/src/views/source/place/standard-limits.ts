import {
  DEFAULT_CHECK_LIMITS,
  DEFAULT_LOG_LIMITS,
  DEFAULT_METRIC_LIMITS,
  DEFAULT_PATH_LIMITS,
  DEFAULT_SNAPSHOT_LIMITS,
  DEFAULT_SPAN_LIMITS,
  DEFAULT_TAG_LIMITS,
  type ProbeKind,
  type ProbeLimits,
} from '@dormouse/protocol';

/** What the collector takes where nothing is said. */
export const STANDARD_LIMITS: Readonly<Record<ProbeKind, ProbeLimits>> = {
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
