import { Audit } from './audit/audit.js';
import { auditKeyOf } from './audit/key.js';
import { openPeople } from './auth/people.js';
import { Environments } from './environments/environments.js';
import { keepDirectory } from './environments/keep-directory.js';
import { openSending } from './environments/open-sending.js';
import type { Log } from './log.js';
import type { CollectorOptions } from './options.js';
import type { Meters } from './out/prometheus/meters.js';
import { Targets } from './out/targets.js';
import { Places } from './places/places.js';
import type { Site } from './site.js';
import type { Started } from './started.js';
import { EVERYWHERE } from './storage/contract/directory/places.js';
import { DEFAULT_RETENTION, SHARED_RETENTION } from './storage/contract/retention.js';
import type { Storages } from './storage/contract/storages.js';
import { startRetention } from './storage/retention.js';

interface SiteParts {
  readonly storages: Storages;
  readonly options: CollectorOptions;
  readonly meters: Meters;
  readonly log: Log;
  /** Aborted when the collector is about to stop. */
  readonly stopping: AbortSignal;
}

/**
 * Everything behind the doors: what they open to, and what goes on there by itself.
 * @param started learns how that is stopped
 */
export async function openSite(
  { storages, options, meters, log, stopping }: SiteParts,
  started: Started,
): Promise<Site> {
  const { directory } = storages;
  const { publicUrl, otlpSignals } = options;
  const isShared = options.database !== undefined;
  const places = new Places(directory.places);
  await places.reload();

  const audit = new Audit({ store: directory.audit, places, log, key: auditKeyOf(options) });
  started.push(await audit.start(log, isShared));
  started.push(() => audit.happened(EVERYWHERE, { operation: 'collector.stopped' }));

  const out = { targets: new Targets(options.sendTo), otlpSignals, publicUrl };
  const retention = { ...(isShared ? SHARED_RETENTION : DEFAULT_RETENTION), ...options.retention };
  const environments = new Environments(storages, { audit, out, retention, meters, log, stopping });
  started.push(() => environments.closeAll());

  const all = () => places.tree.environments().map(({ id }) => environments.storage(id));
  started.push(startRetention(all, retention, log));
  started.push(await keepDirectory({ directory, places, environments, log }));
  started.push(openSending({ places, environments, out, log }));

  const people = openPeople(directory, publicUrl, options.passwordCost);
  return { directory, places, environments, people, audit };
}
