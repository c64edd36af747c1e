import { chmod, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite, { type DatabaseSync } from 'node:sqlite';
import { CollectorError } from '../../collector-error.js';
import type { Backup } from '../contract/backup.js';
import { IN_MEMORY } from './folder.js';

/** Pages that are copied at once, while the database waits: about a millisecond. */
const PAGES_AT_ONCE = 128;

/**
 * Makes copies of a database while it is written to, one at a time: what is written meanwhile is in them.
 * @param folder in which they are made
 */
export function sqliteBackups(database: DatabaseSync, folder: string): () => Promise<Backup> {
  const file = join(folder === IN_MEMORY ? tmpdir() : folder, `collector.db.backup-${process.pid}`);
  let isUnderWay = false;
  return async () => {
    if (isUnderWay)
      throw new CollectorError('CONFLICT', 'Another backup is being made. Try again when it is done.');
    // Node has it from 22.16 on.
    if (sqlite.backup === undefined)
      throw new CollectorError('UNSUPPORTED', 'Backups need a collector on Node 22.16 or newer.');
    isUnderWay = true;
    const remove = async (): Promise<void> => {
      await rm(file, { force: true });
      isUnderWay = false;
    };
    try {
      await rm(file, { force: true });
      await sqlite.backup(database, file, { rate: PAGES_AT_ONCE });
      await chmod(file, 0o600);
      return { file, bytes: (await stat(file)).size, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  };
}
