import type { CaptureView } from '@dormouse/protocol';
import { sql } from 'kysely';
import type { ArrivedCapture, CaptureFilter, CaptureOrder, CaptureStore } from '../contract/captures.js';
import { takeCursors } from './cursors.js';
import { dayOf } from './days.js';
import type { Database, Queries } from './engine.js';
import { storeTogether } from './store-together.js';
import type { CaptureRow } from './tables.js';

/** Rows of one statement: bounded by the parameters that databases take. */
const CHUNK = 500;

export const sqlCaptures = (db: Database): CaptureStore => ({
  store: storeTogether((captures) =>
    db
      .transaction()
      .execute(async (transaction) => countHits(transaction, await insert(transaction, captures))),
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
});

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
  transaction: Queries,
  captures: readonly ArrivedCapture[],
): Promise<Map<string, number>> {
  const added = new Map<string, number>();
  let cursor = await takeCursors(transaction, captures.length);
  for (let start = 0; start < captures.length; start += CHUNK) {
    const chunk = captures.slice(start, start + CHUNK);
    const stored = await transaction
      .insertInto('captures')
      .values(chunk.map((capture) => asRow(capture, cursor++)))
      .onConflict((conflict) => conflict.columns(['id', 'day']).doNothing())
      .returning(['id', 'probe'])
      .execute();
    const hits = new Map(chunk.map((capture) => [capture.id, hitsOf(capture)]));
    for (const { id, probe } of stored) added.set(probe, (added.get(probe) ?? 0) + (hits.get(id) ?? 0));
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
