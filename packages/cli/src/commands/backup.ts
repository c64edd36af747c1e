import { existsSync } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Download } from '../client/client.js';
import { defineCommand } from '../command/command.js';
import type { Screen } from '../command/terminal.js';
import { OperationFailed, UsageError } from '../failure.js';
import { bytes as formatBytes } from '../render/bytes.js';
import { escapeUnsafe } from '../render/text.js';

/** How an SQLite file begins. */
const SQLITE = 'SQLite format 3\0';

export const command = defineCommand({
  positionals: [{ name: 'FILE', summary: 'where the backup is written' }],
  options: { force: { type: 'boolean', summary: 'Write over a file that is there' } },
  notes: `Examples
  dormouse backup collector-$(date +%F).db
  dormouse restore collector-2026-11-21.db --data /var/lib/dormouse

Copies the collector's embedded database as it stands, while it goes on. It needs a token that may do everything
everywhere, because everything is in it: captured values, and hashes of tokens. It is written for you only; keep it so.
A collector with --database has its PostgreSQL backed up as other databases are: with pg_dump, or continuously.`,
  async run({ client, values, positionals: [name = ''], terminal, answer }) {
    const file = resolve(name);
    if (existsSync(file) && values.force !== true)
      throw new UsageError(`${file} is there already. --force writes over it.`);
    const download = await client.backup();
    const screen = values.json === true ? undefined : terminal.err;
    const part = `${file}.part`;
    try {
      await write(download, part, screen);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    } finally {
      screen?.erase();
    }
    const { bytes } = download;
    answer({ file, bytes }, () => `Backed up ${formatBytes(bytes)} into ${escapeUnsafe(file)}.`);
  },
});

/** @throws {OperationFailed} where less arrives than was promised, or something else */
async function write({ bytes, chunks }: Download, part: string, screen: Screen | undefined): Promise<void> {
  await rm(part, { force: true });
  const handle = await open(part, 'wx', 0o600);
  let written = 0;
  let head = '';
  try {
    for await (const chunk of chunks) {
      if (head.length < SQLITE.length) head += Buffer.from(chunk).toString('latin1', 0, SQLITE.length);
      await handle.writeFile(chunk);
      written += chunk.length;
      if (screen?.isTerminal) screen.draw(`${formatBytes(written)} of ${formatBytes(bytes)}`);
    }
    await handle.sync();
  } catch (error) {
    throw incomplete(written, bytes, error);
  } finally {
    await handle.close();
  }
  if (written !== bytes || !head.startsWith(SQLITE)) throw incomplete(written, bytes);
  await chmod(part, 0o600);
}

const incomplete = (written: number, bytes: number, cause?: unknown): OperationFailed =>
  new OperationFailed(
    'INCOMPLETE',
    `Only ${formatBytes(written)} of ${formatBytes(bytes)} arrived whole${cause instanceof Error ? ` (${cause.message})` : ''}. Nothing was kept; try again.`,
  );
