import type { ProbeReport, ProbeView } from '@dormouse/protocol';
import type { ProbeDefinition } from '../../probes/definition.js';
import type { CaptureFilter } from '../contract/captures.js';
import type { InstanceReport, ProbeStore, StoredProbe } from '../contract/probes.js';
import { takeCursors } from './cursors.js';
import type { Database, Engine, Queries } from './engine.js';
import type { ProbeRow } from './tables.js';

export function sqlProbes(engine: Engine): ProbeStore {
  const { db, announce } = engine;
  return {
    async insert(definition) {
      await db.transaction().execute(async (transaction) => {
        const changed = await takeCursors(transaction, 1);
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
            changed,
            definition: JSON.stringify(definition),
            unplaced: '[]',
            group_id: definition.group ?? null,
          })
          .execute();
        await announce(transaction, 'probes');
      });
    },

    async update(definition) {
      const group = definition.group ?? null;
      await changeActive(engine, definition.id, { definition: JSON.stringify(definition), group_id: group });
    },

    end: (id, cause, unplaced) =>
      changeActive(engine, id, {
        state: 'ended',
        end_cause: cause,
        ended_at: Date.now(),
        unplaced: JSON.stringify(unplaced),
      }),

    async find(id) {
      const row = await db.selectFrom('probes').selectAll().where('id', '=', id).executeTakeFirst();
      return row && asProbe(row);
    },

    async list({ service, state, group }, limit) {
      let query = db.selectFrom('probes').selectAll().orderBy('created_at', 'desc').limit(limit);
      if (service !== undefined) query = query.where('service', '=', service);
      if (state !== undefined) query = query.where('state', '=', state);
      if (group !== undefined) query = query.where('group_id', '=', group);
      return (await query.execute()).map(asProbe);
    },

    changedAfter: (cursor, limit) => probesChangedAfter(db, cursor, {}, limit),

    async among(service, ids) {
      if (ids.length === 0) return new Set();
      const rows = await db
        .selectFrom('probes')
        .select('id')
        .where('service', '=', service)
        .where('id', 'in', ids)
        .execute();
      return new Set(rows.map((row) => row.id));
    },

    async saveReports(instance, reports) {
      if (reports.length === 0) return [];
      const known = await reportsOf(db, instance, reports);
      const news = reports.filter((report) => known.get(report.id) !== JSON.stringify(report));
      if (news.length === 0) return [];
      const changed = news.filter((report) => isOtherState(known.get(report.id), report)).map(({ id }) => id);

      await db.transaction().execute(async (transaction) => {
        const cursor = changed.length === 0 ? 0 : await takeCursors(transaction, changed.length);
        await transaction
          .insertInto('reports')
          .values(news.map((report) => ({ probe: report.id, instance, report: JSON.stringify(report) })))
          .onConflict((conflict) =>
            conflict
              .columns(['probe', 'instance'])
              .doUpdateSet((column) => ({ report: column.ref('excluded.report') })),
          )
          .execute();
        for (const [index, id] of changed.entries()) {
          await transaction
            .updateTable('probes')
            .set({ changed: cursor + index })
            .where('id', '=', id)
            .execute();
        }
        if (changed.length > 0) await announce(transaction, 'probes');
      });
      return changed;
    },

    async setHits(id, hits) {
      await db.updateTable('probes').set({ hits }).where('id', '=', id).execute();
    },

    async reports(ids) {
      const reports = new Map<string, InstanceReport[]>(ids.map((id) => [id, []]));
      if (ids.length === 0) return reports;
      const rows = await db.selectFrom('reports').selectAll().where('probe', 'in', ids).execute();
      for (const { probe, instance, report } of rows) {
        reports.get(probe)!.push({ ...(JSON.parse(report) as ProbeReport), instance });
      }
      return reports;
    },
  };
}

/** Probes that changed after a cursor, in the order of their last change. */
export async function probesChangedAfter(
  queries: Queries,
  cursor: number,
  filter: CaptureFilter,
  limit: number,
): Promise<StoredProbe[]> {
  let query = queries
    .selectFrom('probes')
    .selectAll()
    .where('changed', '>', cursor)
    .orderBy('changed')
    .limit(limit);
  if (filter.probe !== undefined) query = query.where('id', '=', filter.probe);
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  if (filter.group !== undefined) query = query.where('group_id', '=', filter.group);
  return (await query.execute()).map(asProbe);
}

/** @returns whether there was an active probe of this id */
async function changeActive(
  { db, announce }: Engine,
  id: string,
  change: Partial<ProbeRow>,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const changed = await takeCursors(transaction, 1);
    const rows = await transaction
      .updateTable('probes')
      .set({ ...change, changed })
      .where('id', '=', id)
      .where('state', '=', 'active')
      .returning('id')
      .execute();
    await announce(transaction, 'probes');
    return rows.length > 0;
  });
}

/** What one process has said of some probes before, JSON. */
async function reportsOf(
  db: Database,
  instance: string,
  reports: readonly ProbeReport[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('reports')
    .select(['probe', 'report'])
    .where('instance', '=', instance)
    .where(
      'probe',
      'in',
      reports.map((report) => report.id),
    )
    .execute();
  return new Map(rows.map((row) => [row.probe, row.report]));
}

/** Whether a report differs from the one before for a person who waits: in more than the counters. */
function isOtherState(before: string | undefined, report: ProbeReport): boolean {
  return before === undefined || stateOf(JSON.parse(before) as ProbeReport) !== stateOf(report);
}

const stateOf = ({ state, cause, message, pause }: ProbeReport): string =>
  JSON.stringify([state, cause, message, pause?.cause]);

const asProbe = (row: ProbeRow): StoredProbe => ({
  definition: JSON.parse(row.definition) as ProbeDefinition,
  state: row.state,
  ...(row.end_cause !== null && { endCause: row.end_cause }),
  ...(row.ended_at !== null && { endedAt: row.ended_at }),
  hits: row.hits,
  cursor: row.changed,
  unplaced: JSON.parse(row.unplaced) as ProbeView['unplaced'],
});
