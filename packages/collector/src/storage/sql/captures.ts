import type { CaptureView } from '@dormouse/protocol';
import { sql } from 'kysely';
import type {
  ArrivedCapture,
  CaptureFilter,
  CaptureOrder,
  CaptureRange,
  CaptureStore,
  CaptureText,
} from '../contract/captures.js';
import { lastCursor, takeCursors } from './cursors.js';
import { dayOf } from './days.js';
import type { Engine, Queries } from './engine.js';
import { MOST_HITS } from './most-hits.js';
import { together } from './together.js';
import { addToVolumes, volumeOf } from './volumes.js';
import type { CaptureRow } from './tables.js';

/** Captures of one transaction. */
const MOST_AT_ONCE = 2_000;

export function sqlCaptures(engine: Engine): CaptureStore {
  const { db, snapshot } = engine;
  const storeWritten = together({
    async work(batches: readonly (readonly WrittenCapture[])[]) {
      const totals = await db
        .transaction()
        .execute(async (transaction) =>
          countHits(transaction, await insert(engine, transaction, batches.flat())),
        );
      return batches.map(() => totals);
    },
    size: (batch) => batch.length,
    most: MOST_AT_ONCE,
  });
  return {
    // Written at once: while they wait, texts are less to keep than objects, and to look through for what is garbage.
    store: (captures) => storeWritten(captures.map(write)),

    list: (filter, after, limit, order = 'oldest') => capturesBeyond(db, filter, after, limit, order),

    texts: ({ services, ...filter }, range) =>
      services === undefined
        ? textsIn(db, filter, range)
        : snapshot((queries) => textsOfServices(queries, services, filter, range)),

    firstSince: (moment) => firstSince(db, moment),

    async kept() {
      return { captures: await volumeOf(db, 0), windows: await volumeOf(db, 1) };
    },

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
  filter: CaptureFilter,
  after: number | undefined,
  limit: number,
  order: CaptureOrder,
): Promise<CaptureView[]> {
  const texts = await textsIn(queries, filter, { ...(after !== undefined && { after }), limit, order });
  return texts.map(({ cursor, json }) => asView({ cursor, body: json }));
}

const textsIn = (queries: Queries, filter: CaptureFilter, range: CaptureRange): Promise<CaptureText[]> =>
  select(queries, filter, range).select(['cursor', 'body as json']).execute();

/** First the next places of each service, to which an index leads however much there is of others; then what is there. */
async function textsOfServices(
  queries: Queries,
  services: readonly string[],
  filter: CaptureFilter,
  range: CaptureRange,
): Promise<CaptureText[]> {
  const places: number[] = [];
  for (const service of services) {
    if (filter.service !== undefined && filter.service !== service) continue;
    const rows = await select(queries, { ...filter, service }, range)
      .select('cursor')
      .execute();
    places.push(...rows.map(({ cursor }) => cursor));
  }
  const direction = range.order === 'oldest' ? 1 : -1;
  const next = places.sort((a, b) => direction * (a - b)).slice(0, range.limit);
  if (next.length === 0) return [];
  return select(queries, {}, range).where('cursor', 'in', next).select(['cursor', 'body as json']).execute();
}

function select(
  queries: Queries,
  { probe, service, group }: CaptureFilter,
  { after, until, limit, order }: CaptureRange,
) {
  const [beyond, upTo] = order === 'oldest' ? (['>', '<='] as const) : (['<', '>='] as const);
  let query = queries
    .selectFrom('captures')
    .orderBy('cursor', order === 'oldest' ? 'asc' : 'desc')
    .limit(limit);
  if (after !== undefined) query = query.where('cursor', beyond, after);
  if (until !== undefined) query = query.where('cursor', upTo, until);
  if (probe !== undefined) query = query.where('probe', '=', probe);
  if (service !== undefined) query = query.where('service', '=', service);
  if (group !== undefined) {
    query = query.where(
      'probe',
      'in',
      queries.selectFrom('probes').select('id').where('group_id', '=', group),
    );
  }
  return query;
}

/** Cursors grow with the times of arrival, so that no index of times is needed: some twenty looks find one among millions. */
async function firstSince(queries: Queries, moment: number): Promise<number> {
  let first = 0;
  let beyond = (await lastCursor(queries)) + 1;
  while (first < beyond) {
    const middle = Math.floor((first + beyond) / 2);
    const row = await queries
      .selectFrom('captures')
      .select(['cursor', 'received_at'])
      .where('cursor', '>=', middle)
      .orderBy('cursor')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined || row.received_at >= moment) beyond = middle;
    else first = row.cursor + 1;
  }
  return first;
}

/** @returns how many hits of each probe were new */
async function insert(
  { insertCaptures }: Engine,
  transaction: Queries,
  captures: readonly WrittenCapture[],
): Promise<Map<string, number>> {
  const first = await takeCursors(transaction, captures.length);
  const rows = captures.map(({ row }, index) => ({ ...row, cursor: first + index }));
  const inserted = await insertCaptures(transaction, rows);
  await addToVolumes(transaction, inserted);
  const added = new Map<string, number>();
  for (const { row } of captures) added.set(row.probe, 0);
  for (const { probe, cursor } of inserted) {
    const hits = (added.get(probe) ?? 0) + captures[cursor - first]!.hits;
    added.set(probe, Math.min(hits, MOST_HITS));
  }
  return added;
}

/** @returns all hits of these probes */
async function countHits(
  transaction: Queries,
  added: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  if (added.size === 0) return new Map();
  const ofEach = Array.from(added, ([id, count]) => sql`when ${id} then cast(${count} as bigint)`);
  const sum = sql`hits + case id ${sql.join(ofEach, sql` `)} end`;
  const most = sql.lit(MOST_HITS);
  const rows = await transaction
    .updateTable('probes')
    .set({ hits: sql<number>`case when ${sum} < ${most} then ${sum} else ${most} end` })
    .where('id', 'in', [...added.keys()])
    .returning(['id', 'hits'])
    .execute();
  return new Map(rows.map(({ id, hits }) => [id, hits]));
}

/** A capture that only lacks its place in the order of arrival. */
interface WrittenCapture {
  readonly row: Omit<CaptureRow, 'cursor'>;
  /** A metric's window stands for many. */
  readonly hits: number;
}

function write(capture: ArrivedCapture): WrittenCapture {
  const { id, at, probe, service, receivedAt, metric } = capture;
  const row = {
    id,
    day: dayOf(at),
    probe,
    service,
    received_at: receivedAt,
    is_window: metric === undefined ? 0 : 1,
    body: JSON.stringify(capture),
  } as const;
  return { row, hits: metric === undefined ? 1 : metric.series.reduce((sum, { count }) => sum + count, 0) };
}

function asView({ cursor, body }: { cursor: number; body: string }): CaptureView {
  return { ...(JSON.parse(body) as ArrivedCapture), cursor: String(cursor) };
}
