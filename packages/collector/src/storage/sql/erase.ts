import type { Database } from './engine.js';
import type { Tables } from './tables.js';

/** Captures deleted in one statement, so that nothing else waits long. */
const CHUNK = 1_000;

/** Every table of environments, but the one of captures. */
const REST = [
  'reports',
  'probes',
  'probe_groups',
  'templates',
  'service_builds',
  'builds',
  'sources',
  'agents',
  'collectors',
  'services',
  'policies',
  'outlets',
  'otlp_settings',
  'webhook_deliveries',
  'webhooks',
  'duties',
  'capture_volumes',
  'imported_captures',
  'imports',
  'sequence',
] as const satisfies readonly (keyof Tables)[];

/** Deletes all rows of an environment. What is interrupted can be done again. */
export async function erase(db: Database): Promise<void> {
  for (;;) {
    const first = await db.selectFrom('captures').select('cursor').orderBy('cursor').limit(CHUNK).execute();
    const last = first.at(-1);
    if (last === undefined) break;
    await db.deleteFrom('captures').where('cursor', '<=', last.cursor).execute();
  }
  for (const table of REST) await db.deleteFrom(table).execute();
}
