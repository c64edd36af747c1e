import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../start-error.js';

/** Instead of a folder: everything is forgotten at the end. */
export const IN_MEMORY = ':memory:';

/** A predecessor that was just told to stop gets this long to let go of the files, ms. */
const LOCK_WAIT_MS = 3_000;

/**
 * Captures are written to five trees at once: with SQLite's own 2 MB of cache, and a checkpoint every 4 MB, it writes the same
 * pages again and again (15 µs of CPU for a capture of 1.3 KB, and 12 with these). And of such captures only two fit on a page of
 * 4 KB, which is then a third empty: with pages of 8 KB they take 8 µs. Databases that are there keep theirs.
 */
const CACHE_KIB = 65_536;
const PAGE_BYTES = 8_192;
const CHECKPOINT_PAGES = 5_000;

export const databaseFile = (folder: string): string => join(folder, 'collector.db');

/**
 * Opens the database in a folder, which are both for this user only, and for one collector at a time.
 * @throws {StartError} when another collector holds it, or it cannot be read.
 */
export function openFolder(folder: string): DatabaseSync {
  try {
    if (folder === IN_MEMORY) return new DatabaseSync(IN_MEMORY);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = databaseFile(folder);
    const sqlite = new DatabaseSync(file);
    // NORMAL survives the death of the process at any moment; a power cut may cost the last moments.
    sqlite.exec(`
      pragma busy_timeout = ${LOCK_WAIT_MS};
      pragma locking_mode = exclusive;
      pragma page_size = ${PAGE_BYTES};
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma cache_size = -${CACHE_KIB};
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
    `);
    sqlite.exec('begin exclusive; commit;');
    chmodSync(file, 0o600);
    return sqlite;
  } catch (error) {
    throw new StartError(openFailure(folder, error), { cause: error });
  }
}

function openFailure(folder: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes('locked')
    ? `Another collector uses ${folder}. Stop it, or give this one a folder of its own with --data.`
    : `The data folder ${folder} cannot be used: ${message}. Choose another with --data.`;
}
