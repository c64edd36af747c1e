import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type Postgres } from '../../../../scripts/lib/postgres.ts';
import { openStorages, type StorageOptions } from '../../src/storage/open.ts';
import { placesOf, verified } from './support/trail.ts';

/** Kills at random moments, on each storage; the long run has a hundred. */
const KILLS = Number(process.env['DORMOUSE_KILLS'] ?? 3);
/** Time in which the moment of a kill is, after the first acknowledgement, ms. */
const WITHIN_MS = 120;

const PROGRAM = fileURLToPath(new URL('support/append-until-killed.mjs', import.meta.url));

interface Said {
  readonly intended: string[];
  readonly acknowledged: string[];
}

/** Runs the program until it is killed. @returns what it had said by then */
async function runAndKill(options: StorageOptions, organisation: number): Promise<Said> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options), JSON.stringify(organisation)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let kill: Promise<unknown> | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('acknowledged'))
      kill ??= sleep(Math.random() * WITHIN_MS).then(() => child.kill('SIGKILL'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, 'it ended by itself').toBeNull();
  const said = (word: string): string[] =>
    Array.from(text.matchAll(new RegExp(`^${word} ([0-9a-f-]{36})$`, 'gm')), ([, id]) => id!);
  return { intended: said('intended'), acknowledged: said('acknowledged') };
}

/** The chain is whole, has everything that was acknowledged once, and at least a word of all that was intended. */
async function expectAllThere(options: StorageOptions, organisation: number, said: Said): Promise<void> {
  const storages = await openStorages(options);
  const { audit } = storages.directory;
  await audit.adopt(Date.now() + 1_000);
  expect(await verified(audit, organisation)).toMatchObject({ intact: true });
  const outcomes = new Map<string, string[]>();
  for await (const found of placesOf(audit, organisation, 500)) {
    if ('flaw' in found) throw new Error(found.flaw.message);
    const { requestId = '', outcome } = found;
    outcomes.set(requestId, [...(outcomes.get(requestId) ?? []), outcome]);
  }
  for (const id of said.acknowledged) expect(outcomes.get(id)).toEqual(['ok']);
  for (const id of said.intended) expect(outcomes.get(id)).toHaveLength(1);
  await storages.close();
}

/** @param together processes that write to one chain, each killed at a moment of its own */
async function killAgainAndAgain(
  options: StorageOptions,
  organisation: number,
  together: number,
): Promise<void> {
  const said: Said = { intended: [], acknowledged: [] };
  for (let kills = 0; kills < KILLS; kills += together) {
    const runs = await Promise.all(Array.from({ length: together }, () => runAndKill(options, organisation)));
    for (const { intended, acknowledged } of runs) {
      said.intended.push(...intended);
      said.acknowledged.push(...acknowledged);
    }
    await expectAllThere(options, organisation, said);
  }
  expect(said.acknowledged.length).toBeGreaterThan(KILLS);
}

describe('killed at any moment, a collector leaves a chain that is whole', () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test('on SQLite', { timeout: 30_000 + KILLS * 5_000 }, async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-audit-'));
    try {
      await killAgainAndAgain({ data }, 2, 1);
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  test('on PostgreSQL, where several write to it', { timeout: 30_000 + KILLS * 5_000 }, async () => {
    await killAgainAndAgain({ database: postgres.url }, 2, 4);
  });

  test('also when it is the database that dies', async () => {
    const options = { database: postgres.url };
    const storages = await openStorages(options);
    const { audit } = storages.directory;
    let crashed = false;
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let round = 0; !crashed; round++) {
        const requestId = `crash ${round}`;
        const entry = {
          at: 1,
          caller: { kind: 'token', id: 't', name: 't' },
          door: 'http',
          operation: 'x',
          targets: [],
          outcome: 'ok',
          requestId,
        } as const;
        await audit.append(3, [{ entry }]).then(
          () => acknowledged.push(requestId),
          () => undefined,
        );
      }
    })();
    await expect.poll(() => acknowledged.length).toBeGreaterThan(0);
    await sleep(20);
    await postgres.crash();
    crashed = true;
    await writing;
    expect(await verified(audit, 3)).toMatchObject({ intact: true });
    const records = await audit.list(3, {}, { order: 'oldest', limit: 100_000 });
    const written = new Set(records.map(({ requestId }) => requestId));
    expect(acknowledged.filter((id) => !written.has(id))).toEqual([]);
    await storages.close();
  });
});
