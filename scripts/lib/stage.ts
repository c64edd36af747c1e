import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectApi, until, type Api } from './api.ts';
import { BUILDS, EXAMPLE, type Build } from './example.ts';
import { ROOT } from './paths.ts';
import { startServer, type Server } from './processes.ts';

/** A collector with a data directory of its own, and the means to start the example's services beside it. */
export interface Stage {
  readonly collector: Server;
  readonly api: Api;
  readonly adminToken: string;
  readonly agentToken: string;
  /** Starts one of the example's services; with `runtime`, returns once its agent is connected. */
  startService(name: 'trades' | 'fraud', options?: ServiceOptions): Promise<Server>;
  /** Kills the collector without warning and starts it again on the same port and data. */
  restartCollector(): Promise<void>;
  /** Stops everything that was started and removes the data. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Default `woven`. */
  readonly build?: Build;
  /** Whether the process loads the Dormouse runtime; default true. */
  readonly runtime?: boolean;
  /** Whether it has OpenTelemetry; default false. */
  readonly traced?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the Node that runs this script. */
  readonly node?: string;
}

/**
 * For tests that wait for hits: a machine that is busy with others delays a service's event loop, and all probes of it would
 * rest.
 */
export const NEVER_RESTING = { DORMOUSE_MAX_CPU: '100', DORMOUSE_MAX_DELAY: '0' } as const;

const COLLECTOR = join(ROOT, 'packages/collector/dist/main.js');

/**
 * @param storageFlags the collector's flags for where it keeps everything, given a folder that goes with the stage; default: in
 * that folder
 */
export async function openStage(
  storageFlags: (folder: string) => Promise<readonly string[]> = async (folder) => ['--data', folder],
): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'dormouse-data-'));
  const storage = await storageFlags(data);
  const servers: Server[] = [];
  let collector = await startCollector(storage, 0);
  const adminToken = String(collector.announced['adminToken']);
  const agentToken = String(collector.announced['agentToken']);
  const api = connectApi(collector.url, adminToken);

  return {
    get collector() {
      return collector;
    },
    api,
    adminToken,
    agentToken,

    async startService(name, { build = 'woven', runtime = true, traced = false, env = {}, node } = {}) {
      const server = await startServer({
        args: [
          ...(runtime ? ['--import', '@dormouse/runtime/register'] : []),
          ...(traced ? ['--import', './tracing.mjs'] : []),
          join(BUILDS[build], name, 'main.js'),
        ],
        cwd: EXAMPLE,
        env: {
          LOG_LEVEL: 'error',
          ...(runtime
            ? { DORMOUSE_URL: collector.url, DORMOUSE_TOKEN: agentToken, DORMOUSE_SERVICE: name }
            : {}),
          ...env,
        },
        ...(node === undefined ? {} : { node }),
      });
      servers.push(server);
      if (runtime) await until(`the agent of ${name} connects`, () => connected(api, server.pid));
      return server;
    },

    async restartCollector() {
      const port = Number(new URL(collector.url).port);
      await collector.stop('SIGKILL');
      collector = await startCollector(storage, port);
    },

    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await collector.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function startCollector(storage: readonly string[], port: number): Promise<Server> {
  return startServer({ args: [COLLECTOR, '--json', '--port', String(port), ...storage] });
}

/** The instance id of the connected agent with that process id. */
async function connected(api: Api, pid: number): Promise<string | undefined> {
  for (const { agents, builds } of await api.services()) {
    const agent = agents.find((candidate) => candidate.pid === pid && candidate.connected);
    if (agent && builds.some(({ buildId }) => buildId === agent.buildId)) return agent.instance;
  }
  return undefined;
}

/** The instance id of a started service's agent. Throws if it is not connected. */
export async function instanceOf(api: Api, server: Server): Promise<string> {
  const instance = await connected(api, server.pid);
  if (instance === undefined) throw new Error(`No agent is connected for process ${server.pid}.`);
  return instance;
}
