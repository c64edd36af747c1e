import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  'the collector is killed': killedCollector,
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

async function killedCollector(): Promise<Collectors> {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-faults-'));
  let collector = await startCollector(['--data', data]);
  const port = portOf(collector);
  return {
    port: () => port,
    async strike() {
      await collector.stop('SIGKILL');
      collector = await startCollector(['--data', data], port);
    },
    async close() {
      await collector.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function killedPostgres(): Promise<Collectors> {
  const postgres = await startPostgres();
  const collector = await startCollector(['--database', postgres.url]);
  return {
    port: () => portOf(collector),
    strike: () => postgres.crash(),
    async close() {
      await collector.stop();
      await postgres.stop();
    },
  };
}

/** Most disturbances are short; a stall that outlasts the heartbeat is for long runs. */
const STALL_MS = 1_500;

async function cutNetwork(): Promise<Collectors> {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-faults-'));
  const collector = await startCollector(['--data', data]);
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
      await ways[strikes++ % ways.length]!();
    },
    async close() {
      await collector.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function killedReplica(): Promise<Collectors> {
  const postgres = await startPostgres();
  const start = (): Promise<Server> => startCollector(['--database', postgres.url]);
  let up = [await start(), await start()];
  let connections = 0;
  return {
    port: () => portOf(up[connections++ % up.length]!),
    async strike() {
      const [victim, survivor] = up as [Server, Server];
      up = [survivor];
      await victim.stop('SIGKILL');
      up = [survivor, await start()];
    },
    async close() {
      await Promise.all(up.map((collector) => collector.stop()));
      await postgres.stop();
    },
  };
}

const startCollector = (where: readonly string[], port = 0): Promise<Server> =>
  startServer({
    args: [
      join(ROOT, 'packages/collector/dist/main.js'),
      '--json',
      `--port=${port}`,
      '--log-level=error',
      '--requests-per-minute=1000000',
      ...where,
    ],
    env: TOKENS,
  });

const portOf = ({ url }: Server): number => Number(new URL(url).port);
