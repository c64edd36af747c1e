import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Client } from 'pg';
import { openStorages } from '../../packages/collector/dist/storage/open.js';
import { sampleProbe } from '../../packages/collector/test/storage/support/samples.ts';
import { startPostgres } from '../../scripts/lib/postgres.ts';
import { captureOf } from './capture-of.ts';
import { onSqlite } from './ingest.ts';
import { ask, quantile, startCollector } from './start.ts';

const READS = 200;
/** Whose captures are read. */
export const PROBES = 20;
/** Captures that are stored as a collector does it; the others are copies of their rows. */
const ORIGINALS = 100_000;
const AT_ONCE = 2_000;

export interface Reading {
  readonly stored: number;
  /** Of a request for the latest 50 of a probe, ms. */
  readonly latest: { readonly p50: number; readonly p99: number };
  /** For a value that none has. */
  readonly search: { readonly ms: number; readonly examined: number };
}

export type Readings = Readonly<Partial<Record<'SQLite' | 'PostgreSQL', Reading>>>;

/** @param on the databases that are read */
export async function measureReadings(
  stored: number,
  on: readonly string[] = Object.keys(READ),
): Promise<Readings> {
  const copies = Math.max(1, stored / ORIGINALS);
  const readings: Record<string, Reading> = {};
  for (const [database, read] of Object.entries(READ)) {
    if (on.includes(database)) readings[database] = await read(copies);
  }
  return readings;
}

const READ: Record<keyof Readings, (copies: number) => Promise<Reading>> = {
  SQLite: (copies) =>
    onSqlite(async (where, data) => {
      await fill({ data });
      const database = new DatabaseSync(join(data, 'collector.db'));
      for (const statement of copying(copies)) database.exec(statement);
      database.close();
      return measureReading(where, copies * ORIGINALS);
    }),

  async PostgreSQL(copies) {
    const postgres = await startPostgres();
    try {
      await fill({ database: postgres.url });
      const client = new Client(postgres.url);
      await client.connect();
      for (const statement of copying(copies)) await client.query(statement);
      await client.query('vacuum analyze captures');
      await client.end();
      return await measureReading(['--database', postgres.url], copies * ORIGINALS);
    } finally {
      await postgres.stop();
    }
  },
};

async function measureReading(where: readonly string[], stored: number): Promise<Reading> {
  const collector = await startCollector(where);
  const { url } = collector;
  const latest: number[] = [];
  for (let n = 0; n < READS; n++) {
    const begin = performance.now();
    await ask(url, 'GET', `/captures?probe=filled${n % PROBES}&order=newest&limit=50`);
    latest.push(performance.now() - begin);
  }
  const begin = performance.now();
  const condition = encodeURIComponent("order.id = 'none'");
  const page = await ask<{ scope: { examined: number } }>(
    url,
    'GET',
    `/captures?probe=filled7&order=newest&where=${condition}`,
  );
  const search = { ms: performance.now() - begin, examined: page.scope.examined };
  await collector.stop();
  return {
    stored,
    latest: { p50: quantile(latest, 0.5), p99: quantile(latest, 0.99) },
    search,
  };
}

async function fill(options: Parameters<typeof openStorages>[0]): Promise<void> {
  const storages = await openStorages(options);
  const [{ id } = { id: 1 }] = await storages.directory.places.list();
  const storage = storages.environment(id);
  await storage.services.remember('trades');
  for (let n = 0; n < PROBES; n++) await storage.probes.insert(sampleProbe(`filled${n}`));
  for (let stored = 0; stored < ORIGINALS; stored += AT_ONCE) {
    await storage.captures.store(
      Array.from({ length: AT_ONCE }, (_, n) => ({
        ...captureOf('log', 'ffffffffffffffff', `filled${n % PROBES}`, stored + n),
        service: 'trades',
        instance: 'ffffffffffffffff',
        location: { file: 'src/risk.ts', line: 13, column: 3 },
        function: 'assess',
        receivedAt: Date.now(),
      })),
    );
  }
  await storages.close();
}

/** Statements that make of the captures that are there so many times as many, behind them in the order of arrival. */
function copying(times: number): string[] {
  const copies = Array.from({ length: times - 1 }, (_, index) => index + 1);
  return copies.flatMap((copy) => {
    const cursors = copy * ORIGINALS;
    return [
      `insert into captures (environment, cursor, id, day, probe, service, received_at, is_window, body)
       select environment, cursor + ${cursors}, id || '-${copy}', day, probe, service, received_at, is_window, body
       from captures where cursor <= ${ORIGINALS + PROBES}`,
      `update sequence set value = value + ${ORIGINALS}`,
    ];
  });
}
