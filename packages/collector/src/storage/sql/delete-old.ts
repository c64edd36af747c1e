import type { Retention } from '../contract/retention.js';
import type { Database } from './engine.js';

const DAY_MS = 86_400_000;
/** Rows deleted in one statement, so that nothing else waits long. */
const CHUNK = 1_000;

export async function deleteOld(db: Database, { captures, windows, days }: Retention): Promise<void> {
  const oldest = Date.now() - days * DAY_MS;
  await deleteCaptures(db, 0, await lastCursorToDelete(db, 0, captures), oldest);
  await deleteCaptures(db, 1, await lastCursorToDelete(db, 1, windows), oldest);
  await db
    .deleteFrom('reports')
    .where('probe', 'in', db.selectFrom('probes').select('id').where('ended_at', '<', oldest))
    .execute();
  await db.deleteFrom('probes').where('ended_at', '<', oldest).execute();
  await db.deleteFrom('agents').where('last_seen', '<', oldest).execute();
  await db.deleteFrom('service_builds').where('last_seen', '<', oldest).execute();
  await db
    .deleteFrom('builds')
    .where('received_at', '<', oldest)
    .where('id', 'not in', db.selectFrom('service_builds').select('build'))
    .execute();
}

/** The newest beyond the number that is kept; 0 while there are fewer. */
async function lastCursorToDelete(db: Database, isWindow: 0 | 1, kept: number): Promise<number> {
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

async function deleteCaptures(
  db: Database,
  isWindow: 0 | 1,
  lastCursor: number,
  oldest: number,
): Promise<void> {
  const batch = db
    .selectFrom('captures')
    .select('cursor')
    .where('is_window', '=', isWindow)
    .where((column) => column.or([column('cursor', '<=', lastCursor), column('received_at', '<', oldest)]))
    .orderBy('cursor')
    .limit(CHUNK);
  for (;;) {
    const deleted = await db
      .deleteFrom('captures')
      .where('cursor', 'in', batch)
      .returning('cursor')
      .execute();
    if (deleted.length < CHUNK) return;
  }
}
