import type { CaptureView } from '@dormouse/protocol';
import type { Database, Queries } from '../storage/database.js';
import { takeCursors } from '../storage/sequence.js';
import type { CaptureRow } from '../storage/tables.js';

/** A capture with everything but its place in the order of arrival. */
export type ArrivedCapture = Omit<CaptureView, 'cursor'>;

export interface CaptureFilter {
  readonly probe?: string;
  readonly service?: string;
}

/** Rows of one insert: bounded by the parameters SQLite takes. */
const CHUNK = 500;
const DAY_MS = 86_400_000;
/** A clock may say anything; what is no date of ours counts as the last one, in the year 4707. */
const LAST_DAY = 1_000_000;

const dayOf = (at: number): number => Math.min(Math.floor(at / DAY_MS), LAST_DAY);

/**
 * Stores what is not stored yet, and counts it as its probe's hits, all or nothing.
 * @returns the hits of every probe that has new ones.
 */
export async function storeCaptures(
  db: Database,
  captures: readonly ArrivedCapture[],
): Promise<Map<string, number>> {
  return db.transaction().execute(async (transaction) => {
    const added = new Map<string, number>();
    for (let start = 0; start < captures.length; start += CHUNK) {
      const chunk = captures.slice(start, start + CHUNK);
      const first = await takeCursors(transaction, chunk.length);
      const stored = await transaction
        .insertInto('captures')
        .values(chunk.map((capture, index) => asRow(capture, first + index)))
        .onConflict((conflict) => conflict.columns(['id', 'day']).doNothing())
        .returning(['id', 'probe'])
        .execute();
      const hits = new Map(chunk.map((capture) => [capture.id, hitsOf(capture)]));
      for (const { id, probe } of stored) added.set(probe, (added.get(probe) ?? 0) + (hits.get(id) ?? 0));
    }

    const totals = new Map<string, number>();
    for (const [probe, count] of added) {
      const row = await transaction
        .updateTable('probes')
        .set((column) => ({ hits: column('hits', '+', count) }))
        .where('id', '=', probe)
        .returning('hits')
        .executeTakeFirst();
      if (row !== undefined) totals.set(probe, row.hits);
    }
    return totals;
  });
}

/** A metric's window stands for many. */
function hitsOf({ metric }: ArrivedCapture): number {
  return metric === undefined ? 1 : metric.series.reduce((sum, { count }) => sum + count, 0);
}

/** The order of arrival, or its reverse. */
export type CaptureOrder = 'oldest' | 'newest';

/** Captures beyond a cursor in the given order; without a cursor from its beginning. */
export async function listCaptures(
  db: Queries,
  { probe, service }: CaptureFilter,
  after: number | undefined,
  limit: number,
  order: CaptureOrder = 'oldest',
): Promise<CaptureView[]> {
  let query = db
    .selectFrom('captures')
    .select(['cursor', 'body'])
    .orderBy('cursor', order === 'oldest' ? 'asc' : 'desc')
    .limit(limit);
  if (after !== undefined) query = query.where('cursor', order === 'oldest' ? '>' : '<', after);
  if (probe !== undefined) query = query.where('probe', '=', probe);
  if (service !== undefined) query = query.where('service', '=', service);
  return (await query.execute()).map(asView);
}

export async function findCapture(db: Database, id: string): Promise<CaptureView | undefined> {
  const row = await db
    .selectFrom('captures')
    .select(['cursor', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && asView(row);
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
