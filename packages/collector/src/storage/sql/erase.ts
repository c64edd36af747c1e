import type { Database } from './engine.js';
import type { Tables } from './tables.js';

/** Captures deleted in one statement, so that nothing else waits long. */
const CHUNK = 1_000;

/** Every table of environments but the one of captures: one that is not listed does not compile. */
const REST: Readonly<Record<Exclude<keyof Tables, 'captures'>, true>> = {
  reports: true,
  probes: true,
  probe_groups: true,
  templates: true,
  service_builds: true,
  builds: true,
  sources: true,
  agents: true,
  collectors: true,
  services: true,
  policies: true,
  outlets: true,
  otlp_settings: true,
  webhook_deliveries: true,
  webhooks: true,
  duties: true,
  capture_volumes: true,
  imported_captures: true,
  imports: true,
  sequence: true,
};

/** Deletes all rows of an environment. What is interrupted can be done again. */
export async function erase(db: Database): Promise<void> {
  for (;;) {
    const first = await db.selectFrom('captures').select('cursor').orderBy('cursor').limit(CHUNK).execute();
    const last = first.at(-1);
    if (last === undefined) break;
    await db.deleteFrom('captures').where('cursor', '<=', last.cursor).execute();
  }
  for (const table of Object.keys(REST) as (keyof typeof REST)[]) await db.deleteFrom(table).execute();
}
