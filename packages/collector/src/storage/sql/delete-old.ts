import type { Retention } from '../contract/retention.js';
import { DAY_MS } from './days.js';
import type { Database, Engine } from './engine.js';

/** Rows deleted in one statement, so that nothing else waits long. */
const CHUNK = 1_000;

export async function deleteOld(engine: Engine, { captures, windows, days }: Retention): Promise<void> {
  const { db } = engine;
  const oldest = Date.now() - days * DAY_MS;
  const rest = await engine.expireCaptures(oldest);
  await deleteCaptures(db, 0, await lastCursorToDelete(db, 0, captures), rest);
  await deleteCaptures(db, 1, await lastCursorToDelete(db, 1, windows), rest);
  await deleteProbes(db, oldest);
  await db.deleteFrom('agents').where('last_seen', '<', oldest).execute();
  await deleteBuilds(db, oldest);
}

/** The newest beyond the number that is kept; 0 while there are fewer. */
async function lastCursorToDelete(db: Database, isWindow: 0 | 1, kept: number): Promise<number> {
  if (kept === Infinity) return 0;
  const row = await db
    .selectFrom('captures')
    .select('cursor')
    .where('is_window', '=', isWindow)
    .orderBy('cursor', 'desc')
    .offset(kept)
    .limit(1)
    .executeTakeFirst();
  return row?.cursor ?? 0;
}

/** Those that arrived first, until one is met that stays. */
async function deleteCaptures(
  db: Database,
  isWindow: 0 | 1,
  lastCursor: number,
  before: number,
): Promise<void> {
  for (;;) {
    const first = await db
      .selectFrom('captures')
      .select(['cursor', 'received_at'])
      .where('is_window', '=', isWindow)
      .orderBy('cursor')
      .limit(CHUNK)
      .execute();
    const stays = first.findIndex((row) => row.cursor > lastCursor && row.received_at >= before);
    const old = stays === -1 ? first : first.slice(0, stays);
    const last = old.at(-1);
    if (last === undefined) return;
    await db
      .deleteFrom('captures')
      .where('is_window', '=', isWindow)
      .where('cursor', '<=', last.cursor)
      .execute();
    if (old.length < CHUNK) return;
  }
}

async function deleteProbes(db: Database, endedBefore: number): Promise<void> {
  const ended = db.selectFrom('probes').select('id').where('ended_at', '<', endedBefore);
  await db.deleteFrom('reports').where('probe', 'in', ended).execute();
  await db.deleteFrom('probes').where('ended_at', '<', endedBefore).execute();
}

/** Those that no service runs any more. */
async function deleteBuilds(db: Database, seenBefore: number): Promise<void> {
  await db.deleteFrom('service_builds').where('last_seen', '<', seenBefore).execute();
  await db
    .deleteFrom('builds')
    .where('received_at', '<', seenBefore)
    .where('id', 'not in', db.selectFrom('service_builds').select('build'))
    .execute();
}
