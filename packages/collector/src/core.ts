import type { Fleet } from './agents/fleet.js';
import type { Audit, Happening } from './audit/audit.js';
import type { Builds } from './builds/builds.js';
import type { Arrivals } from './captures/arrivals.js';
import type { Log } from './log.js';
import type { RunningTotals } from './metrics/running-totals.js';
import type { Out } from './out/out.js';
import type { Meters } from './out/prometheus/meters.js';
import type { Policies } from './policy/policies.js';
import type { Probes } from './probes/probes.js';
import type { Retention } from './storage/contract/retention.js';
import type { Storage } from './storage/contract/storage.js';
import type { Bell } from './stream/bell.js';

/** One environment without its doors: what agents' connections and operations work on. */
export interface Core {
  readonly storage: Storage;
  readonly builds: Builds;
  readonly fleet: Fleet;
  readonly policies: Policies;
  readonly probes: Probes;
  readonly arrivals: Arrivals;
  readonly metrics: RunningTotals;
  readonly audit: Audit;
  /** Writes down in the audit trail what happened here beside the requests of people. */
  happened(happening: Happening): void;
  readonly out: Out;
  readonly meters: Meters;
  /** Rung after every stored capture and every change of a probe. */
  readonly news: Bell;
  /** How long evidence is kept here. */
  readonly retention: Retention;
  readonly log: Log;
}
