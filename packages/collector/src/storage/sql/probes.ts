import type { ProbeReport, ProbeView } from '@dormouse/protocol';
import type { ProbeDefinition } from '../../probes/definition.js';
import type { CaptureFilter } from '../contract/captures.js';
import type { InstanceReport, ProbeStore, StoredProbe } from '../contract/probes.js';
import { takeCursors } from './cursors.js';
import type { Database, Engine, Queries } from './engine.js';
import { MOST_HITS } from './most-hits.js';
import type { ProbeRow, ReportTable } from './tables.js';
import { together } from './together.js';

export function sqlProbes(engine: Engine): ProbeStore {
  const { db, announce } = engine;
  const save = together({ work: (said: readonly Said[]) => saveReports(engine, said), most: SAID_AT_ONCE });
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

    async list({ service, services, state, group }, limit) {
      if (services?.length === 0) return [];
      let query = db.selectFrom('probes').selectAll().orderBy('created_at', 'desc').limit(limit);
      if (service !== undefined) query = query.where('service', '=', service);
      if (services !== undefined) query = query.where('service', 'in', services);
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
      return reports.length === 0 ? [] : save({ instance, reports });
    },

    async setHits(id, hits) {
      await db
        .updateTable('probes')
        .set({ hits: Math.min(hits, MOST_HITS) })
        .where('id', '=', id)
        .execute();
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

/** What one process says of its probes. */
interface Said {
  readonly instance: string;
  readonly reports: readonly ProbeReport[];
}

/** Processes whose reports are saved in one transaction: all hear of a new probe at once, and all answer. */
const SAID_AT_ONCE = 500;
/** Rows of one statement: bounded by the parameters that databases take. */
const CHUNK = 1_000;

/** @returns for each process the probes that it has changed */
async function saveReports({ db, announce }: Engine, said: readonly Said[]): Promise<string[][]> {
  const latest = await reportsOf(db, said);
  const news = new Map<string, ReportTable>();
  const changed = said.map(({ instance, reports }) => {
    const others: string[] = [];
    for (const report of reports) {
      const key = keyOf(report.id, instance);
      const [before, now] = [latest.get(key), JSON.stringify(report)];
      if (before === now) continue;
      if (isOtherState(before, report)) others.push(report.id);
      latest.set(key, now);
      news.set(key, { probe: report.id, instance, report: now });
    }
    return others;
  });
  if (news.size > 0) {
    await db.transaction().execute(async (transaction) => {
      await markChanged(transaction, [...new Set(changed.flat())]);
      const rows = [...news.values()];
      for (let start = 0; start < rows.length; start += CHUNK)
        await insertReports(transaction, rows.slice(start, start + CHUNK));
      if (changed.some((ids) => ids.length > 0)) await announce(transaction, 'probes');
    });
  }
  return changed;
}

async function markChanged(transaction: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const cursor = await takeCursors(transaction, ids.length);
  for (const [index, id] of ids.entries()) {
    await transaction
      .updateTable('probes')
      .set({ changed: cursor + index })
      .where('id', '=', id)
      .execute();
  }
}

const insertReports = (transaction: Queries, rows: readonly ReportTable[]): Promise<unknown> =>
  transaction
    .insertInto('reports')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['probe', 'instance'])
        .doUpdateSet((column) => ({ report: column.ref('excluded.report') })),
    )
    .execute();

/** What some processes have said before of the probes that they speak of, JSON, by {@link keyOf}. */
async function reportsOf(db: Database, said: readonly Said[]): Promise<Map<string, string>> {
  const probes = new Set(said.flatMap(({ reports }) => reports.map(({ id }) => id)));
  const rows = await db
    .selectFrom('reports')
    .select(['probe', 'instance', 'report'])
    .where('instance', 'in', [...new Set(said.map(({ instance }) => instance))])
    .where('probe', 'in', [...probes])
    .execute();
  return new Map(rows.map(({ probe, instance, report }) => [keyOf(probe, instance), report]));
}

const keyOf = (probe: string, instance: string): string => `${probe} ${instance}`;

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
