import { setImmediate } from 'node:timers/promises';
import type { Retention } from '../contract/retention.js';
import { takeCursors } from './cursors.js';
import { DAY_MS } from './days.js';
import type { Database, Engine } from './engine.js';
import { deleteImport } from './imports.js';
import { countBlock, cursorBeyond, cursorsOf, nextBlock, type Form } from './volumes.js';

/** An import that takes longer was interrupted. */
const UNFINISHED_MS = 3_600_000;

export async function deleteOld(
  engine: Engine,
  { captures, windows, bytes, days }: Retention,
): Promise<void> {
  const { db } = engine;
  const oldest = Date.now() - days * DAY_MS;
  const rest = await engine.expireCaptures(oldest);
  const beyondCount = await cursorBeyond(db, 0, 'captures', captures);
  const beyondBytes = await cursorBeyond(db, 0, 'bytes', bytes);
  await deleteCaptures(db, 0, Math.max(beyondCount, beyondBytes), rest);
  await deleteCaptures(db, 1, await cursorBeyond(db, 1, 'captures', windows), rest);
  await deleteProbes(db, oldest);
  await db.deleteFrom('probe_groups').where('over_at', '<', oldest).execute();
  await db.deleteFrom('agents').where('last_seen', '<', oldest).execute();
  await deleteBuilds(db, oldest);
  await deleteImports(db, oldest);
}

/**
 * Those up to a cursor, and those that arrived before a moment, until one is met that stays; block by block, so that nothing
 * else waits long. What a clock that was ahead has dated into the future stays as well, and tells nothing of those behind it.
 */
async function deleteCaptures(db: Database, form: Form, lastCursor: number, before: number): Promise<void> {
  let block = await nextBlock(db, form, -1);
  while (block !== undefined) {
    const oldest = await deleteFromBlock(db, form, block, lastCursor, before);
    if (oldest !== undefined && oldest <= Date.now()) return;
    block = await nextBlock(db, form, block);
    // A database in this process takes no time from the loop by itself.
    await setImmediate();
  }
}

/** @returns when the first arrived that is left in it */
function deleteFromBlock(
  db: Database,
  form: Form,
  block: number,
  lastCursor: number,
  before: number,
): Promise<number | undefined> {
  const [first, last] = cursorsOf(block);
  return db.transaction().execute(async (transaction) => {
    // Nobody adds to the block meanwhile.
    await takeCursors(transaction, 0);
    await transaction
      .deleteFrom('captures')
      .where('cursor', '>=', first)
      .where('cursor', '<=', last)
      .where('is_window', '=', form)
      .where((is) => is.or([is('cursor', '<=', lastCursor), is('received_at', '<', before)]))
      .execute();
    return countBlock(transaction, form, block);
  });
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

/** Those that are too old, and those that nobody finishes any more. */
async function deleteImports(db: Database, begunBefore: number): Promise<void> {
  const old = await db
    .selectFrom('imports')
    .select('id')
    .where((is) =>
      is.or([
        is('begun_at', '<', begunBefore),
        is.and([is('view', 'is', null), is('begun_at', '<', Date.now() - UNFINISHED_MS)]),
      ]),
    )
    .execute();
  for (const { id } of old) await deleteImport(db, id);
}
