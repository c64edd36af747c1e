import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '@dormouse/protocol';
import { connectApi, type Api } from '../../scripts/lib/api.ts';
import { BUILDS, EXAMPLE } from '../../scripts/lib/example.ts';
import { HOST_NODE, ROOT } from '../../scripts/lib/paths.ts';
import { startPostgres } from '../../scripts/lib/postgres.ts';
import { startServer, type Server } from '../../scripts/lib/processes.ts';
import { openProxy, type Proxy } from './proxy.ts';

export const SERVICES = 2;

const TOKENS = {
  DORMOUSE_ADMIN_TOKEN: 'an-admin-token-chosen-by-the-operator',
  DORMOUSE_AGENT_TOKEN: 'an-agent-token-chosen-by-the-operator',
};

/** Woven programs, the network, and collectors on their storage, one of which is struck now and then. */
export interface World {
  readonly services: readonly Server[];
  /** Of a collector that is up. */
  readonly api: Api;
  /** Something breaks, and is whole again when it resolves. */
  strike(): Promise<void>;
  close(): Promise<void>;
}

interface Collectors {
  /** The port of one that is up. */
  readonly port: () => number | undefined;
  strike(proxy: Proxy): Promise<void>;
  close(): Promise<void>;
}

/** What may break, by what it is called. */
export const FAULTS = {
  'the collector is killed, on SQLite': async () => killedCollector(onSqlite()),
  'the collector is killed, on PostgreSQL': async () => killedCollector(await onPostgres()),
  'PostgreSQL is killed': killedPostgres,
  'the network is cut': cutNetwork,
  'one of two collectors is killed': killedReplica,
} satisfies Record<string, () => Promise<Collectors>>;

export async function openWorld(fault: keyof typeof FAULTS): Promise<World> {
  const collectors = await FAULTS[fault]();
  const proxy = await openProxy(collectors.port);
  const services = await Promise.all(
    Array.from({ length: SERVICES }, () =>
      startServer({
        args: ['--import', '@dormouse/runtime/register', join(BUILDS.woven, 'trades/main.js')],
        cwd: EXAMPLE,
        env: {
          LOG_LEVEL: 'error',
          DORMOUSE_URL: proxy.url,
          DORMOUSE_TOKEN: TOKENS.DORMOUSE_AGENT_TOKEN,
          DORMOUSE_SERVICE: 'trades',
        },
        node: HOST_NODE,
      }),
    ),
  );
  return {
    services,
    get api() {
      return connectApi(`http://127.0.0.1:${collectors.port()}`, TOKENS.DORMOUSE_ADMIN_TOKEN);
    },
    strike: () => collectors.strike(proxy),
    async close() {
      await Promise.all(services.map((service) => service.stop()));
      await proxy.close();
      await collectors.close();
    },
  };
}

/** Where collectors keep everything. */
interface Store {
  /** Of a collector's command line. */
  readonly flags: readonly string[];
  delete(): Promise<void>;
}

function onSqlite(): Store {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-faults-'));
  return { flags: ['--data', data], delete: async () => rmSync(data, { recursive: true, force: true }) };
}

async function onPostgres(): Promise<Store> {
  const postgres = await startPostgres();
  return { flags: ['--database', postgres.url], delete: () => postgres.stop() };
}

async function killedCollector(store: Store): Promise<Collectors> {
  let collector = await startCollector(store);
  const port = portOf(collector);
  return {
    port: () => port,
    async strike() {
      await collector.stop('SIGKILL');
      collector = await startCollector(store, port);
    },
    async close() {
      await collector.stop();
      await store.delete();
    },
  };
}

async function killedPostgres(): Promise<Collectors> {
  const postgres = await startPostgres();
  const collector = await startCollector({ flags: ['--database', postgres.url] });
  return {
    port: () => portOf(collector),
    strike: () => postgres.crash(),
    async close() {
      await collector.stop();
      await postgres.stop();
    },
  };
}

const STALL_MS = 1_500;
/** In a hundred rounds a few strikes last, once in so many. */
const LASTING_EVERY = 20;
/** Longer than a connection may be silent for both of its ends, and than a transaction may be for the others. */
const LASTING_MS = LIMITS.heartbeatMs + 8_000;

const isLasting = (strikes: number): boolean => strikes % LASTING_EVERY === 0;

async function cutNetwork(): Promise<Collectors> {
  const store = onSqlite();
  const collector = await startCollector(store);
  let strikes = 0;
  return {
    port: () => portOf(collector),
    async strike(proxy) {
      const ways = [
        () => proxy.drop(),
        () => proxy.halfClose('collector'),
        () => proxy.stall(STALL_MS * Math.random()),
        () => proxy.halfClose('agent'),
        async () => {
          const stalled = proxy.stall(STALL_MS * Math.random());
          proxy.drop();
          await stalled;
        },
      ];
      // What was held up arrives after all has been sent again.
      if (isLasting(++strikes)) await proxy.stall(LASTING_MS);
      else await ways[strikes % ways.length]!();
    },
    async close() {
      await collector.stop();
      await store.delete();
    },
  };
}

async function killedReplica(): Promise<Collectors> {
  const store = await onPostgres();
  let up = [await startCollector(store), await startCollector(store)];
  let strikes = 0;
  let connections = 0;
  return {
    port: () => portOf(up[connections++ % up.length]!),
    async strike() {
      const [victim, survivor] = up as [Server, Server];
      up = [survivor];
      if (isLasting(++strikes)) {
        await freeze(victim);
        up = [survivor, victim];
      } else {
        await victim.stop('SIGKILL');
        up = [survivor, await startCollector(store)];
      }
    },
    async close() {
      await Promise.all(up.map((collector) => collector.stop()));
      await store.delete();
    },
  };
}

/** What it holds in the database it goes on holding; then it wakes up, and knows of nothing. */
async function freeze({ pid }: Server): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await sleep(LASTING_MS);
  process.kill(pid, 'SIGCONT');
}

/** On a machine that has other things to do, too. */
const START_WITHIN_MS = 300_000;

const startCollector = ({ flags }: Pick<Store, 'flags'>, port = 0): Promise<Server> =>
  startServer({
    args: [
      join(ROOT, 'packages/collector/dist/main.js'),
      '--json',
      `--port=${port}`,
      '--log-level=error',
      '--requests-per-minute=1000000',
      ...flags,
    ],
    env: TOKENS,
    patienceMs: START_WITHIN_MS,
  });

const portOf = ({ url }: Server): number => Number(new URL(url).port);
