import { Fleet } from '../agents/fleet.js';
import { Builds } from '../builds/builds.js';
import { Arrivals } from '../captures/arrivals.js';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import { RunningTotals } from '../metrics/running-totals.js';
import { Out, type OutOptions } from '../out/out.js';
import { Policies } from '../policy/policies.js';
import { Probes } from '../probes/probes.js';
import type { Retention } from '../storage/contract/retention.js';
import type { Storage } from '../storage/contract/storage.js';
import { Bell } from '../stream/bell.js';

/** An environment as it was left. */
export async function openCore(
  storage: Storage,
  log: Log,
  outOptions: OutOptions,
  retention: Retention,
): Promise<Core> {
  const builds = new Builds(storage.builds);
  const fleet = new Fleet(storage);
  const news = new Bell();
  const policies = new Policies({ storage, builds, fleet, news, log });
  await policies.start();
  const probes = new Probes({ storage, builds, fleet, policies, news, log });
  await probes.start();
  const arrivals = new Arrivals(builds, policies);
  const metrics = new RunningTotals(storage.captures);
  const out = new Out({ storage, probes, news, log }, outOptions);
  return { storage, builds, fleet, policies, probes, arrivals, metrics, out, news, retention, log };
}
