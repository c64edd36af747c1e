import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { openStorages } from '../../packages/collector/dist/storage/open.js';
import { DAY_MS, DAYS } from '../../packages/collector/dist/storage/sql/days.js';
import { BLOCK } from '../../packages/collector/dist/storage/sql/volumes.js';
import { sampleProbe } from '../../packages/collector/test/storage/support/samples.ts';
import { captureOf } from './capture-of.ts';
import { onPostgres, onSqlite } from './ingest.ts';
import { ask, quantile, startCollector } from './start.ts';

const READS = 500;
/** Whose captures are read. */
export const PROBES = 20;
/** Captures that are stored as a collector does it; the others are copies of their rows. */
const ORIGINALS = 100_000;
const AT_ONCE = 2_000;
/** Days over which the captures arrived: what is kept by default, but for the last hours. */
export const ARRIVED_OVER_DAYS = 6;

export interface Reading {
  readonly stored: number;
  /** Of a request for the latest 50 of a probe, ms: the first after the collector has started, and those that follow. */
  readonly latest: { readonly first: number; readonly p50: number; readonly p99: number };
  /** For a value that none has. */
  readonly search: { readonly ms: number; readonly examined: number };
}

export type Readings = Readonly<Partial<Record<'SQLite' | 'PostgreSQL', Reading>>>;

/** @param on the databases that are read */
export async function measureReadings(
  stored: number,
  on: readonly string[] = Object.keys(READ),
): Promise<Readings> {
  const readings: Record<string, Reading> = {};
  for (const [database, read] of Object.entries(READ)) {
    if (on.includes(database)) readings[database] = await read(Math.max(1, stored / ORIGINALS));
  }
  return readings;
}

const READ: Record<keyof Readings, (times: number) => Promise<Reading>> = {
  SQLite: (times) =>
    onSqlite(async (where, data) => {
      await fill({ data });
      const database = new DatabaseSync(join(data, 'collector.db'));
      await multiply(times, SQLITE_IN_BULK, (statement) => database.exec(statement));
      database.close();
      return measureReading(where, times * ORIGINALS);
    }),

  PostgreSQL: (times) =>
    onPostgres(async (where, { url }) => {
      await fill({ database: url });
      const client = new Client(url);
      await client.connect();
      await multiply(times, POSTGRES_IN_BULK, (statement) => client.query(statement));
      await client.end();
      return measureReading(where, times * ORIGINALS);
    }),
};

async function measureReading(where: readonly string[], stored: number): Promise<Reading> {
  const collector = await startCollector(where);
  const { url } = collector;
  const latest: number[] = [];
  for (let n = 0; n <= READS; n++) {
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
  const [first = NaN, ...others] = latest;
  return {
    stored,
    latest: { first, p50: quantile(others, 0.5), p99: quantile(others, 0.99) },
    search,
  };
}

async function fill(options: Parameters<typeof openStorages>[0]): Promise<void> {
  const began = Date.now() - ARRIVED_OVER_DAYS * DAY_MS;
  const storages = await openStorages(options);
  const [{ id } = { id: 1 }] = await storages.directory.places.list();
  const storage = storages.environment(id);
  await storage.services.remember('trades');
  for (let n = 0; n < PROBES; n++) await storage.probes.insert(sampleProbe(`filled${n}`));
  for (let stored = 0; stored < ORIGINALS; stored += AT_ONCE) {
    await storage.captures.store(
      Array.from({ length: AT_ONCE }, (_, n) => ({
        ...captureOf('log', 'ffffffffffffffff', `filled${n % PROBES}`, stored + n),
        at: began,
        service: 'trades',
        instance: 'ffffffffffffffff',
        location: { file: 'src/risk.ts', line: 13, column: 3 },
        function: 'assess',
        receivedAt: began,
      })),
    );
  }
  await storages.close();
}

/** Rows that are copied, and indexes that are not there meanwhile: ten million rows would else take an hour. */
const ORIGINALS_OF = ['captures', 'capture_volumes'];
const INDEXED = ['cursor', 'probe', 'service'].map((column) => ({
  index: `captures_by_${column}`,
  columns: ['environment', ...new Set([column, 'cursor'])].join(', '),
}));
const ASIDE = ORIGINALS_OF.map((table) => `create temp table original_${table} as select * from ${table}`);
const WITHOUT_INDEXES = INDEXED.map(({ index }) => `drop index ${index}`);
const WITH_INDEXES = INDEXED.map(({ index, columns }) => `create index ${index} on captures (${columns})`);

/** How a database is told to take very much at once: before, and after. */
interface InBulk {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const SQLITE_IN_BULK: InBulk = {
  before: [
    'pragma journal_mode = delete',
    'pragma journal_mode = off',
    'pragma synchronous = off',
    'pragma cache_size = -500000',
    ...WITHOUT_INDEXES,
  ],
  after: WITH_INDEXES,
};

const POSTGRES_IN_BULK: InBulk = {
  before: [
    `set maintenance_work_mem = '512MB'`,
    ...WITHOUT_INDEXES,
    'alter table captures drop constraint captures_key',
  ],
  after: [
    ...WITH_INDEXES,
    'alter table captures add constraint captures_key primary key (environment, id, day)',
    'vacuum analyze captures',
    // What came in six days is on the disk: each request is audited, and its commit would wait for that.
    'checkpoint',
  ],
};

/** Makes of the captures that are there so many times as many, behind them in the order of arrival and later by up to some days. */
async function multiply(
  times: number,
  { before, after }: InBulk,
  run: (statement: string) => unknown,
): Promise<void> {
  for (const statement of [...ASIDE, ...before]) await run(statement);
  for (let copy = 1; copy < times; copy++) {
    for (const statement of copying(copy, Math.floor((copy / times) * ARRIVED_OVER_DAYS * DAY_MS)))
      await run(statement);
  }
  for (const statement of after) await run(statement);
}

/** @param later how much later than the originals the copies arrived, ms */
const copying = (copy: number, later: number): string[] => [
  `insert into captures (environment, cursor, id, day, probe, service, received_at, is_window, body)
   select environment, cursor + ${copy * ORIGINALS}, '${copy}-' || id, (day + ${Math.floor(later / DAY_MS)}) % ${DAYS},
     probe, service, received_at + ${later}, is_window, body
   from original_captures`,
  `insert into capture_volumes (environment, is_window, block, captures, bytes)
   select environment, is_window, block + ${(copy * ORIGINALS) / BLOCK}, captures, bytes from original_capture_volumes where true
   on conflict (environment, is_window, block) do update
   set captures = capture_volumes.captures + excluded.captures, bytes = capture_volumes.bytes + excluded.bytes`,
  `update sequence set value = value + ${ORIGINALS}`,
];
