import { sql, type Kysely } from 'kysely';
import { DAY_MS, DAYS } from '../sql/days.js';
import { DEFAULT_ENVIRONMENT } from '../contract/directory/places.js';
import { createCaptures, createTablesOfEnvironments } from '../sql/tables-of-environments.js';

/** Columns of the tables that SQLite had before, in the order in which they are copied. */
const FORMER: Readonly<Record<string, string>> = {
  tokens: 'role, hash, created_at',
  sequence: 'value',
  services: 'name, first_seen',
  builds: 'id, commit_id, files, functions, points, skipped, manifest, received_at',
  service_builds: 'service, build, last_seen',
  agents: 'instance, service, identity, first_seen, last_seen',
  probes: 'id, service, state, end_cause, created_at, ended_at, hits, changed, definition, unplaced',
  reports: 'probe, instance, report',
};

const FORMER_INDICES = [
  'probes_by_change',
  'probes_by_state',
  'captures_by_probe',
  'captures_by_service',
  'captures_by_form',
];

/** SQLite cannot change a key: everything is copied. */
export async function moveIntoDefaultEnvironment(db: Kysely<unknown>): Promise<void> {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  for (const index of FORMER_INDICES) await run(`drop index ${index}`);
  for (const table of [...Object.keys(FORMER), 'captures']) {
    await run(`alter table ${table} rename to former_${table}`);
  }
  await createTablesOfEnvironments(db, 'blob');
  await createCaptures(db, /* inPartitions: */ false);
  for (const [table, columns] of Object.entries(FORMER)) {
    await run(
      `insert into ${table} (environment, ${columns}) select ${DEFAULT_ENVIRONMENT}, ${columns} from former_${table}`,
    );
  }
  const columns = 'cursor, id, probe, service, received_at, is_window, body';
  await run(
    `insert into captures (environment, day, ${columns})
       select ${DEFAULT_ENVIRONMENT}, cast(json_extract(body, '$.at') / ${DAY_MS} as integer) % ${DAYS}, ${columns}
       from former_captures`,
  );
  for (const table of [...Object.keys(FORMER), 'captures']) await run(`drop table former_${table}`);
}
