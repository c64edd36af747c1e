import { Fleet } from '../agents/fleet.js';
import type { Audit, Happening } from '../audit/audit.js';
import { Builds } from '../builds/builds.js';
import { Arrivals } from '../captures/arrivals.js';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import { RunningTotals } from '../metrics/running-totals.js';
import { Out, type OutOptions } from '../out/out.js';
import { measuredStorage } from '../out/prometheus/measured-storage.js';
import type { Meters } from '../out/prometheus/meters.js';
import { Policies } from '../policy/policies.js';
import { Probes } from '../probes/probes.js';
import type { EnvironmentId } from '../storage/contract/directory/places.js';
import type { Retention } from '../storage/contract/retention.js';
import type { Storage } from '../storage/contract/storage.js';
import { Bell } from '../stream/bell.js';

/** What all environments of a collector share. */
export interface CommonParts {
  readonly audit: Audit;
  readonly out: OutOptions;
  readonly retention: Retention;
  readonly meters: Meters;
  readonly log: Log;
  /** Aborted when the collector is about to stop: whoever waits for something is answered. */
  readonly stopping: AbortSignal;
}

/** An environment as it was left. */
export async function openCore(id: EnvironmentId, unmeasured: Storage, common: CommonParts): Promise<Core> {
  const { audit, retention, meters, log, stopping } = common;
  const storage = measuredStorage(unmeasured, meters);
  const happened = (happening: Happening): void => audit.happened(id, happening);
  const builds = new Builds(storage.builds);
  const fleet = new Fleet(storage);
  const news = new Bell();
  const policies = new Policies({ storage, builds, fleet, news, log });
  await policies.start();
  const probes = new Probes({ storage, builds, fleet, policies, news, happened, log, stopping });
  await probes.start();
  const arrivals = new Arrivals(builds, policies);
  const metrics = new RunningTotals(storage.captures);
  const out = new Out({ storage, probes, news, meters, log }, common.out);
  const work = { builds, fleet, policies, probes, arrivals, metrics, out };
  return { storage, ...work, audit, happened, meters, news, retention, log };
}
