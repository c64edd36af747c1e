import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeView, RetentionView } from '@dormouse/protocol';
import { startPostgres, type Postgres } from '../../scripts/lib/postgres.ts';
import type { Server } from '../../scripts/lib/processes.ts';
import { MANIFEST_A } from '../../packages/collector/test/support/manifest.ts';
import { captureOf, type Shape } from './capture-of.ts';
import { LoadAgent } from './load-agent.ts';
import { AGENT_TOKEN, ask, cpuMs, memoryOf, startCollector } from './start.ts';

export const AGENTS = 50;
export const BATCH = 100;
export const BATCHES_AT_ONCE = 2;
const PROBES = 10;

export interface Ingest {
  readonly captures: number;
  readonly perSecond: number;
  /** Of the collector's process, µs of CPU for each capture. */
  readonly cpuUs: number;
  /** Of one capture on the wire, compressed as the runtime compresses it. */
  readonly bytes: number;
  /** Of the collector, MiB. */
  readonly memory: number;
  /** Acknowledged and not in the database. */
  readonly lost: number;
}

/** Agents send as fast as they are acknowledged, to a collector that runs. What it has acknowledged is counted afterwards. */
export async function measureIngest(
  { url, pid }: Pick<Server, 'url' | 'pid'>,
  shape: Shape,
  captures: number,
): Promise<Ingest> {
  const { ingest, before } = await send({ url, pid }, shape, captures);
  return { ...ingest, lost: ingest.captures - ((await countStored(url)) - before) };
}

/**
 * The same, and then the collector is killed, and the database with it: counted is what the next one finds.
 * @param crash kills a database that is a process of its own
 */
export async function measureDurableIngest(
  where: readonly string[],
  shape: Shape,
  captures: number,
  crash: () => Promise<void>,
): Promise<Ingest> {
  const collector = await startCollector(where);
  const { ingest, before } = await send(collector, shape, captures);
  await collector.stop(process.env['DORMOUSE_PROFILE'] === undefined ? 'SIGKILL' : 'SIGTERM');
  await crash();
  const again = await startCollector(where);
  const after = await countStored(again.url);
  await again.stop();
  return { ...ingest, lost: ingest.captures - (after - before) };
}

async function send({ url, pid }: Pick<Server, 'url' | 'pid'>, shape: Shape, wanted: number) {
  const first = await LoadAgent.connect(url, AGENT_TOKEN, `first-${shape}`, MANIFEST_A, []);
  // The manifest has to be there before a probe can be placed.
  while (
    (await ask<{ services: { builds: object[] }[] }>(url, 'GET', '/services')).services[0]?.builds.length !==
    1
  )
    await sleep(10);
  const probes = await Promise.all(Array.from({ length: PROBES }, () => place(url, shape)));
  const before = await countStored(url);
  // Packed before anybody connects: whoever is busy for long counts as gone.
  const loads = Array.from({ length: AGENTS }, (_, n) => {
    const instance = nameOf(shape, n);
    const captures = Array.from({ length: Math.ceil(wanted / AGENTS) }, (__, at) =>
      captureOf(shape, instance, probes[n % PROBES]!.id, at),
    );
    return { instance, batches: LoadAgent.batches(captures, BATCH) };
  });
  const agents = await Promise.all(
    loads.map(({ instance, batches }) => LoadAgent.connect(url, AGENT_TOKEN, instance, MANIFEST_A, batches)),
  );
  const cpu = cpuMs(pid);
  const begin = performance.now();
  await Promise.all(agents.map((agent) => agent.send(BATCHES_AT_ONCE)));
  const seconds = (performance.now() - begin) / 1_000;
  const spent = cpuMs(pid) - cpu;
  const memory = memoryOf(pid).now;
  for (const agent of [first, ...agents]) agent.close();

  const captures = AGENTS * Math.ceil(wanted / AGENTS);
  const bytes = loads.flatMap(({ batches }) => batches).reduce((sum, batch) => sum + batch.byteLength, 0);
  const ingest = {
    captures,
    perSecond: captures / seconds,
    cpuUs: (1_000 * spent) / captures,
    bytes: bytes / captures,
    memory,
  };
  return { ingest, before };
}

const nameOf = (shape: Shape, n: number): string => `${shape}-${String(n).padStart(3, '0')}`;

const place = (url: string, shape: Shape): Promise<ProbeView> =>
  ask(url, 'POST', '/probes', {
    kind: shape,
    service: 'trades',
    location: { file: 'src/risk.ts', line: 13 },
    target: { instances: Array.from({ length: AGENTS }, (_, n) => nameOf(shape, n)) },
    limits: { hits: 1_000_000 },
    ...(shape === 'log' && { template: 'x' }),
  });

const countStored = async (url: string): Promise<number> =>
  (await ask<RetentionView>(url, 'GET', '/retention')).captures.count;

export type Ingests = Readonly<Record<`${'SQLite' | 'PostgreSQL'}, ${Shape}`, Ingest>>;

export async function measureIngests(captures: number): Promise<Ingests> {
  const both = async (where: readonly string[], crash = async () => {}) => ({
    log: await measureDurableIngest(where, 'log', captures, crash),
    snapshot: await measureDurableIngest(where, 'snapshot', captures / 2, crash),
  });
  const sqlite = await onSqlite((where) => both(where));
  const postgres = await onPostgres((where, server) => both(where, server.crash));
  return {
    'SQLite, log': sqlite.log,
    'SQLite, snapshot': sqlite.snapshot,
    'PostgreSQL, log': postgres.log,
    'PostgreSQL, snapshot': postgres.snapshot,
  };
}

/** Gives a measurement a folder for SQLite. */
export async function onSqlite<Result>(
  measure: (where: readonly string[], folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-bench-'));
  try {
    return await measure(['--data', folder], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PostgreSQL's own defaults, and room for what a measurement writes between two checkpoints. */
const AS_PEOPLE_RUN_IT = {
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_wal_size: '4GB',
};

/** Gives a measurement a PostgreSQL that writes as people have it write: what is committed survives the machine, too. */
export async function onPostgres<Result>(
  measure: (where: readonly string[], server: Postgres) => Promise<Result>,
): Promise<Result> {
  const server = await startPostgres(AS_PEOPLE_RUN_IT);
  try {
    return await measure(['--database', server.url], server);
  } finally {
    await server.stop();
  }
}
