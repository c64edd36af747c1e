import type { CaptureView } from '@dormouse/protocol';
import { sql } from 'kysely';
import type { ArrivedCapture, CaptureFilter, CaptureOrder, CaptureStore } from '../contract/captures.js';
import { takeCursors } from './cursors.js';
import { dayOf } from './days.js';
import type { Engine, Queries } from './engine.js';
import { storeTogether } from './store-together.js';
import type { CaptureRow } from './tables.js';

export function sqlCaptures(engine: Engine): CaptureStore {
  const { db } = engine;
  return {
    store: storeTogether((captures) =>
      db
        .transaction()
        .execute(async (transaction) => countHits(transaction, await insert(engine, transaction, captures))),
    ),

    list: (filter, after, limit, order = 'oldest') => capturesBeyond(db, filter, after, limit, order),

    async find(id) {
      const row = await db
        .selectFrom('captures')
        .select(['cursor', 'body'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row && asView(row);
    },

    async windows(probe, after, limit) {
      const rows = await db
        .selectFrom('captures')
        .select(['cursor', 'body'])
        .where('probe', '=', probe)
        .where('is_window', '=', 1)
        .where('cursor', '>', after)
        .orderBy('cursor')
        .limit(limit)
        .execute();
      return rows.map(({ cursor, body }) => {
        const { instance, metric } = JSON.parse(body) as ArrivedCapture;
        return { instance, metric: metric!, cursor };
      });
    },
  };
}

/** Captures beyond a cursor in the given order; without a cursor from its beginning. */
export async function capturesBeyond(
  queries: Queries,
  { probe, service }: CaptureFilter,
  cursor: number | undefined,
  limit: number,
  order: CaptureOrder,
): Promise<CaptureView[]> {
  let query = queries
    .selectFrom('captures')
    .select(['cursor', 'body'])
    .orderBy('cursor', order === 'oldest' ? 'asc' : 'desc')
    .limit(limit);
  if (cursor !== undefined) query = query.where('cursor', order === 'oldest' ? '>' : '<', cursor);
  if (probe !== undefined) query = query.where('probe', '=', probe);
  if (service !== undefined) query = query.where('service', '=', service);
  return (await query.execute()).map(asView);
}

/** @returns how many hits were new, by probe */
async function insert(
  { insertCaptures }: Engine,
  transaction: Queries,
  captures: readonly ArrivedCapture[],
): Promise<Map<string, number>> {
  const first = await takeCursors(transaction, captures.length);
  const rows = captures.map((capture, index) => asRow(capture, first + index));
  const hits = new Map(captures.map((capture) => [capture.id, hitsOf(capture)]));
  const added = new Map<string, number>();
  for (const { id, probe } of await insertCaptures(transaction, rows)) {
    added.set(probe, (added.get(probe) ?? 0) + hits.get(id)!);
  }
  return added;
}

/** @returns all hits of the probes that have new ones */
async function countHits(
  transaction: Queries,
  added: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  if (added.size === 0) return new Map();
  const ofEach = Array.from(added, ([id, count]) => sql`when ${id} then cast(${count} as bigint)`);
  const rows = await transaction
    .updateTable('probes')
    .set({ hits: sql<number>`hits + case id ${sql.join(ofEach, sql` `)} end` })
    .where('id', 'in', [...added.keys()])
    .returning(['id', 'hits'])
    .execute();
  return new Map(rows.map(({ id, hits }) => [id, hits]));
}

/** A metric's window stands for many. */
function hitsOf({ metric }: ArrivedCapture): number {
  return metric === undefined ? 1 : metric.series.reduce((sum, { count }) => sum + count, 0);
}

function asRow(capture: ArrivedCapture, cursor: number): CaptureRow {
  return {
    cursor,
    id: capture.id,
    day: dayOf(capture.at),
    probe: capture.probe,
    service: capture.service,
    received_at: capture.receivedAt,
    is_window: capture.metric === undefined ? 0 : 1,
    body: JSON.stringify(capture),
  };
}

function asView({ cursor, body }: { cursor: number; body: string }): CaptureView {
  return { ...(JSON.parse(body) as ArrivedCapture), cursor: String(cursor) };
}
