import type { ProbeReport, ProbeView } from '@dormouse/protocol';
import type { Database, Queries } from '../storage/database.js';
import { takeCursors } from '../storage/sequence.js';
import type { ProbeRow } from '../storage/tables.js';
import type { ProbeDefinition } from './definition.js';

export type EndCause = NonNullable<ProbeView['endCause']>;

/** A report with the process it is from. */
export type InstanceReport = ProbeReport & { readonly instance: string };

export async function insertProbe(db: Database, definition: ProbeDefinition): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('probes')
      .values({
        id: definition.id,
        service: definition.service,
        state: 'active',
        end_cause: null,
        created_at: definition.createdAt,
        ended_at: null,
        hits: 0,
        changed: await takeCursors(transaction, 1),
        definition: JSON.stringify(definition),
        unplaced: '[]',
      })
      .execute();
  });
}

/** Keeps what has changed of a probe's definition. */
export async function updateDefinition(db: Database, definition: ProbeDefinition): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('probes')
      .set({ definition: JSON.stringify(definition), changed: await takeCursors(transaction, 1) })
      .where('id', '=', definition.id)
      .execute();
  });
}

/** For a probe whose hits do not come here. */
export async function setHits(db: Database, id: string, hits: number): Promise<void> {
  await db.updateTable('probes').set({ hits }).where('id', '=', id).execute();
}

/** Ends a probe once: the first cause stays. */
export async function endProbe(
  db: Database,
  id: string,
  cause: EndCause,
  unplaced: ProbeView['unplaced'],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('probes')
      .set({
        state: 'ended',
        end_cause: cause,
        ended_at: Date.now(),
        changed: await takeCursors(transaction, 1),
        unplaced: JSON.stringify(unplaced),
      })
      .where('id', '=', id)
      .where('state', '=', 'active')
      .execute();
  });
}

export async function findProbe(db: Database, id: string): Promise<ProbeRow | undefined> {
  return db.selectFrom('probes').selectAll().where('id', '=', id).executeTakeFirst();
}

export interface ProbeFilter {
  readonly service?: string;
  readonly state?: 'active' | 'ended';
}

/** Newest first. */
export async function listProbes(
  db: Database,
  { service, state }: ProbeFilter,
  limit: number,
): Promise<ProbeRow[]> {
  let query = db.selectFrom('probes').selectAll().orderBy('created_at', 'desc').limit(limit);
  if (service !== undefined) query = query.where('service', '=', service);
  if (state !== undefined) query = query.where('state', '=', state);
  return query.execute();
}

/** Probes whose state changed after a cursor, in the order of their last change. */
export async function listChangedProbes(
  db: Queries,
  filter: { readonly probe?: string; readonly service?: string },
  after: number,
  limit: number,
): Promise<ProbeRow[]> {
  let query = db
    .selectFrom('probes')
    .selectAll()
    .where('changed', '>', after)
    .orderBy('changed')
    .limit(limit);
  if (filter.probe !== undefined) query = query.where('id', '=', filter.probe);
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  return query.execute();
}

/** Which of some ids are probes of a service. */
export async function probesAmong(
  db: Database,
  service: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('probes')
    .select('id')
    .where('service', '=', service)
    .where('id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/**
 * Keeps the latest report of each probe from one process.
 * @returns the probes whose state in that process is another than before.
 */
export async function saveReports(
  db: Database,
  instance: string,
  reports: readonly ProbeReport[],
): Promise<string[]> {
  return db.transaction().execute(async (transaction) => {
    const changed: string[] = [];
    for (const report of reports) {
      const key = { probe: report.id, instance };
      const text = JSON.stringify(report);
      const known = await transaction
        .selectFrom('reports')
        .select('report')
        .where('probe', '=', key.probe)
        .where('instance', '=', key.instance)
        .executeTakeFirst();
      if (known?.report === text) continue;
      if (known === undefined || stateOf(known.report) !== stateOf(text)) changed.push(report.id);
      await transaction
        .insertInto('reports')
        .values({ ...key, report: text })
        .onConflict((conflict) => conflict.columns(['probe', 'instance']).doUpdateSet({ report: text }))
        .execute();
    }
    for (const id of changed) {
      await transaction
        .updateTable('probes')
        .set({ changed: await takeCursors(transaction, 1) })
        .where('id', '=', id)
        .execute();
    }
    return changed;
  });
}

/** The latest reports of some probes. */
export async function listReports(
  db: Database,
  probes: readonly string[],
): Promise<Map<string, InstanceReport[]>> {
  const reports = new Map<string, InstanceReport[]>(probes.map((id) => [id, []]));
  if (probes.length === 0) return reports;
  const rows = await db.selectFrom('reports').selectAll().where('probe', 'in', probes).execute();
  for (const { probe, instance, report } of rows) {
    reports.get(probe)!.push({ ...(JSON.parse(report) as ProbeReport), instance });
  }
  return reports;
}

/** What makes two reports differ to a person who waits: everything but the counters. */
function stateOf(report: string): string {
  const { state, cause, message, pause } = JSON.parse(report) as ProbeReport;
  return JSON.stringify([state, cause, message, pause?.cause]);
}
