import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../../start-error.js';
import { databaseFile, IN_MEMORY, openFolder } from './folder.js';
import { SQLITE_MIGRATIONS } from './migrations.js';

export interface Restored {
  /** Where the database lies that was there before. */
  readonly kept?: string;
}

/**
 * Puts a backup where a collector will find it.
 * @param replace may there be a database? It is kept beside the restored one.
 * @throws {StartError} where the backup is none, or is damaged, or of a newer version; and where a collector runs there
 */
export function restoreSqlite(backup: string, folder: string, replace: boolean): Restored {
  if (folder === IN_MEMORY)
    throw new StartError('There is nothing to restore to in memory. Give a folder with --data.');
  const file = databaseFile(folder);
  const isTaken = existsSync(file);
  if (isTaken && !replace)
    throw new StartError(
      `There is a database in ${folder}. --replace keeps it under another name, and puts the backup in its place.`,
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = `${file}.restoring`;
  try {
    copyFileSync(backup, copy);
    checkBackup(backup, copy);
    const kept = isTaken ? putAside(folder, file) : undefined;
    chmodSync(copy, 0o600);
    renameSync(copy, file);
    return { ...(kept !== undefined && { kept }) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${backup} could not be restored: ${(error as Error).message}.`, { cause: error });
  } finally {
    for (const left of ['', '-wal', '-shm', '-journal']) rmSync(copy + left, { force: true });
  }
}

/** @throws {StartError} */
function checkBackup(backup: string, copy: string): void {
  const migrations = appliedMigrations(copy);
  if (migrations === undefined)
    throw new StartError(`${backup} is no backup of a collector, or it is damaged.`);
  const newer = migrations.filter((name) => !Object.hasOwn(SQLITE_MIGRATIONS, name));
  if (newer.length > 0)
    throw new StartError(
      `${backup} was made by a newer version of the collector (it knows ${newer.join(', ')}). Restore it with that one.`,
    );
}

/** Undefined where it is no whole database of ours. */
function appliedMigrations(copy: string): string[] | undefined {
  try {
    const database = new DatabaseSync(copy);
    try {
      const [check] = database.prepare('pragma integrity_check(1)').all();
      if (check?.['integrity_check'] !== 'ok') return undefined;
      return database
        .prepare('select name from kysely_migration')
        .all()
        .map(({ name }) => String(name));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** Only where no collector uses it: opening it says so. */
function putAside(folder: string, file: string): string {
  const database = openFolder(folder);
  database.exec(
    'pragma wal_checkpoint(truncate); pragma locking_mode = normal; pragma journal_mode = delete;',
  );
  database.close();
  const kept = `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(file, kept);
  return kept;
}
