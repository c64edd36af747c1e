/**
 * Every bound of the system in one place: the defaults, and the ceilings that no request can raise.
 * Units are in the names or comments: ms, bytes, counts. Where a number was borrowed, its source is named.
 */

/** How much of a value a capture shows. Defaults after Datadog's Live Debugger (depth 3, 100 items, 20 fields, 255 characters). */
export interface CaptureLimits {
  /** Levels of objects below a variable. */
  readonly depth: number;
  /** Properties of one object. */
  readonly fields: number;
  /** Elements of one array, Map, Set or binary. */
  readonly items: number;
  /** UTF-16 units of one string. */
  readonly stringLength: number;
  /** Values in the whole capture. */
  readonly nodes: number;
  /** Of all values together, as they are estimated; the rest of {@link LIMITS.captureBytes} is for what is around them. */
  readonly bytes: number;
  /** Time for the whole capture, ms; one pause of the machine in it does not count. */
  readonly timeMs: number;
  /** Stack frames. */
  readonly frames: number;
}

export const DEFAULT_CAPTURE_LIMITS: CaptureLimits = {
  depth: 4,
  fields: 50,
  items: 100,
  stringLength: 1_024,
  nodes: 2_000,
  bytes: 700_000,
  timeMs: 5,
  frames: 20,
};

/** Of paths, over all steps: variables are looked at again and again, so it is not as deep. */
export const DEFAULT_PATH_CAPTURE_LIMITS: CaptureLimits = {
  depth: 1,
  fields: 20,
  items: 20,
  stringLength: 256,
  nodes: 10_000,
  bytes: 600_000,
  timeMs: 10,
  frames: 20,
};

export const MAX_CAPTURE_LIMITS: CaptureLimits = {
  depth: 20,
  fields: 1_000,
  items: 10_000,
  stringLength: 65_536,
  nodes: 50_000,
  bytes: 700_000,
  timeMs: 15,
  frames: 100,
};

/** How often and how long a probe may fire. */
export interface ProbeLimits {
  /** Delivered hits after which the probe is disarmed: in one process, and at the collector over all of them, unless they are of each. */
  readonly hits: number;
  /** Delivered hits per second and process. */
  readonly hitsPerSecond: number;
  /** Life of the probe, ms. */
  readonly expiresInMs: number;
}

export const DEFAULT_SNAPSHOT_LIMITS: ProbeLimits = { hits: 10, hitsPerSecond: 10, expiresInMs: 3_600_000 };
export const DEFAULT_LOG_LIMITS: ProbeLimits = { hits: 1_000, hitsPerSecond: 50, expiresInMs: 3_600_000 };
export const DEFAULT_CHECK_LIMITS: ProbeLimits = { hits: 10, hitsPerSecond: 10, expiresInMs: 3_600_000 };
/** Hits that are added up need no limit: of a metric only the life counts. */
export const DEFAULT_METRIC_LIMITS: ProbeLimits = {
  hits: 1_000_000,
  hitsPerSecond: 5_000,
  expiresInMs: 3_600_000,
};
/** A path is large: a few are enough to see how calls differ. */
export const DEFAULT_PATH_LIMITS: ProbeLimits = { hits: 5, hitsPerSecond: 5, expiresInMs: 3_600_000 };
export const DEFAULT_SPAN_LIMITS: ProbeLimits = { hits: 1_000, hitsPerSecond: 50, expiresInMs: 3_600_000 };
/** The hits of a tag are those that are shown: it goes on tagging after them, as often as its rate allows. */
export const DEFAULT_TAG_LIMITS: ProbeLimits = { hits: 10, hitsPerSecond: 1_000, expiresInMs: 3_600_000 };
export const MAX_PROBE_LIMITS: ProbeLimits = {
  hits: 1_000_000,
  hitsPerSecond: 5_000,
  expiresInMs: 7 * 86_400_000,
};

/** What all probes together may take of one process. Its own configuration says the most; a policy can only lower that. */
export interface ProcessLimits {
  /** Captures per second. */
  readonly hitsPerSecond: number;
  /** Bytes of captures per second, before compression. */
  readonly bytesPerSecond: number;
  /** Share of the main thread's time, 0 to 1, over about ten seconds. */
  readonly cpuShare: number;
  /** Delay of the event loop that pauses all probes when it is the usual one, ms. */
  readonly loopDelayMs: number;
  /** Time without a collector after which all probes are disarmed until it is back, ms. */
  readonly orphanMs: number;
  /** Captures in the life of the process, after which nothing is probed any more. */
  readonly lifetimeHits: number;
  /** Bytes of them. */
  readonly lifetimeBytes: number;
}

export const DEFAULT_PROCESS_LIMITS: ProcessLimits = {
  /** Datadog: 25 snapshots/s; ours do not pause. */
  hitsPerSecond: 1_000,
  bytesPerSecond: 4 * 1_048_576,
  cpuShare: 0.01,
  loopDelayMs: 50,
  orphanMs: 300_000,
  /** Months of debugging as people do it, and hours at the highest rate that is allowed. */
  lifetimeHits: 50_000_000,
  lifetimeBytes: 64 * 1_073_741_824,
};

export const LIMITS = {
  /** Characters of one expression's text. */
  expressionLength: 2_000,
  /** Nodes of one expression's tree. */
  expressionNodes: 500,
  /** Nesting of one expression's tree. */
  expressionDepth: 50,
  /** Steps of one evaluation, counted as eBPF and SystemTap count: a clock alone cannot interrupt. */
  expressionSteps: 10_000,
  /** Watch expressions of one snapshot. */
  watches: 20,
  /** Calls on the way to a snapshot whose variables it shows, and functions that it follows for them. */
  callers: 10,
  callerFunctions: 30,
  /** Characters of a log template's text, and of one rendered message (Datadog: 8 KiB). */
  templateLength: 8_192,
  messageLength: 8_192,
  /** Entries of a deny list, and UTF-16 units of one. */
  denyEntries: 1_000,
  denyEntryLength: 500,
  /** Probes armed in one process. */
  probesPerProcess: 200,
  /** Attributes of one request, and UTF-16 units of their names and values. */
  contextAttributes: 64,
  contextNameLength: 128,
  contextValueLength: 256,
  /** Bytes of a request's baggage; more is not read (W3C Baggage: 8,192). */
  baggageBytes: 8_192,
  /** Attributes of one span or tag. */
  spanAttributes: 32,
  /** UTF-16 units of one of their values. */
  spanAttributeLength: 1_024,
  /** Processes without their policy that are named at once. */
  policyProcesses: 100,
  /** UTF-16 units of the reason for which probes were switched off. */
  reasonLength: 500,
  /** Bytes of captures waiting in a process; beyond it new ones are dropped and counted (Datadog: 10 MiB). */
  queueBytes: 10 * 1_048_576,
  /** Bytes of one encoded capture (Datadog: 1 MiB). */
  captureBytes: 1_048_576,
  /** Bytes of one WebSocket message in either direction. */
  messageBytes: 8 * 1_048_576,
  /** Bytes of an uploaded manifest. */
  manifestBytes: 64 * 1_048_576,
  /** Bytes of the published text of one source. */
  sourceBytes: 4 * 1_048_576,
  /** Bytes of one HTTP request's body, manifests apart. */
  bodyBytes: 256 * 1_024,
  /** Time between two batches of captures, ms. */
  flushMs: 100,
  /** Time between two status reports, ms. */
  statusMs: 1_000,
  /** Error reports of one probe's expressions: at most one in this time, and the probe rests as long, ms. */
  expressionErrorWindowMs: 10_000,
  /** The longest wait for a probe that is answered, ms: most clients and proxies give up after 60 s. */
  waitMs: 50_000,
  /** Silence after which a connection counts as lost, ms. */
  heartbeatMs: 15_000,
  /** First and longest pause before a reconnect, ms; doubled in between, with jitter. */
  reconnectMinMs: 200,
  reconnectMaxMs: 30_000,
} as const;
