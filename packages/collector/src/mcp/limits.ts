/** What AI agents get on top of the limits that everybody has: little at once, and not for long. */
export const MCP_LIMITS = {
  /** Active probes of one owner. */
  probes: 5,
  /** Life of a probe, s: unless asked for otherwise, and at most. */
  expiresInS: 600,
  maxExpiresInS: 3_600,
  /** Hits of the kinds that show each of them. */
  hits: { snapshot: 3, log: 50, check: 10, path: 2, span: 50, tag: 10 },
  maxHits: 1_000,
  /** Captures of one answer: unless asked for otherwise, and at most. */
  captures: 3,
  maxCaptures: 10,
  /** Captures that are searched for the values of a path. */
  searchedCaptures: 500,
  /** Value paths of one question. */
  paths: 20,
  /** Time that one call may wait, s: most clients give up after 60. */
  waitS: 20,
  maxWaitS: 50,
  /** Time that processes have to say that they have a new probe before the answer says that they have not yet, ms. */
  armingMs: 3_000,
  /** Functions, points, services and processes of one answer. */
  functions: 20,
  maxFunctions: 100,
  points: 60,
  services: 50,
  processes: 10,
} as const;

/** How much of a captured value an answer shows. Lengths are UTF-16 units. */
export const SHOWN = {
  /** Where one was asked for. */
  valueLength: 2_000,
  /** Members of a value that was asked for. */
  members: 30,
  /** Variables of one capture. */
  variables: 40,
  frames: 5,
  steps: 80,
  series: 20,
  distinctValues: 20,
  differences: 40,
} as const;
