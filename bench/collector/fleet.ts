import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeView } from '@dormouse/protocol';
import { MANIFEST_A } from '../../packages/collector/test/support/manifest.ts';
import type { AgentsAnswer, AgentsOrder } from './agents-process.ts';
import { measureIngest, type Ingest } from './ingest.ts';
import { AGENT_TOKEN, ask, cpuMs, memoryOf, now, quantile, startCollector } from './start.ts';

const PROCESSES = 4;
const ROUNDS = 5;
/** How often the collector is asked what it knows of a probe, ms. */
const POLL_MS = 50;
/** Until the collector has nothing more to do with those that came, ms. */
const SETTLE_MS = 10_000;

export interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

export interface FleetFigures {
  readonly agents: number;
  readonly processes: number;
  /** From the first handshake to the last agent that was told its probes, s. */
  readonly connectS: number;
  /** Of the collector, MiB: before the agents, with them, and the most at any time of all that follows. */
  readonly memory: { readonly before: number; readonly connected: number; readonly most: number };
  /** Of the collector while nothing happens, share of one processor. */
  readonly idleCpu: number;
  /** From the request for a probe to its arrival in an agent, ms, over all agents and rounds. */
  readonly reached: Times;
  /** To the moment when the collector says that so many agents have it armed, ms; of the rounds the usual one, and for `most` the worst. */
  readonly armed: Times;
  /** Of one agent, for one probe: what it was sent, and what it said. */
  readonly bytes: { readonly received: number; readonly sent: number };
  /** Of the collector, µs for each agent and probe. */
  readonly cpuUs: number;
  /** Connections that ended. */
  readonly lost: number;
  /** While all are connected. */
  readonly ingest: Ingest;
}

/** So many connected processes on one collector with SQLite: what they cost, and how fast a probe reaches them. */
export async function measureFleet(agents: number, captures: number): Promise<FleetFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-fleet-'));
  const collector = await startCollector(['--data', folder]);
  const { url, pid } = collector;
  const crowds: ChildProcess[] = [];
  try {
    await ask(url, 'PUT', '/manifests?service=trades', MANIFEST_A);
    const before = memoryOf(pid).now;
    const begin = performance.now();
    for (let n = 0; n < PROCESSES; n++) {
      crowds.push(
        startCrowd({
          url,
          token: AGENT_TOKEN,
          service: 'trades',
          buildId: MANIFEST_A.buildId,
          agents: agents / PROCESSES,
          name: `c${n}`,
        }),
      );
    }
    await Promise.all(crowds.map((crowd) => answerOf(crowd)));
    const connectS = (performance.now() - begin) / 1_000;
    await sleep(SETTLE_MS);
    const connected = memoryOf(pid).now;

    const idle = cpuMs(pid);
    await sleep(SETTLE_MS);
    const idleCpu = (cpuMs(pid) - idle) / SETTLE_MS;

    const rounds: Awaited<ReturnType<typeof measureProbe>>[] = [];
    for (let n = 0; n < ROUNDS; n++) rounds.push(await measureProbe(url, pid, crowds, agents));
    const reached = rounds.flatMap((round) => round.reached);
    const ingest = await measureIngest({ url, pid }, 'log', captures);
    const standing = await Promise.all(crowds.map((crowd) => lookAt(crowd, '')));
    const usual = (of: (round: (typeof rounds)[number]) => number): number => quantile(rounds.map(of), 0.5);
    return {
      agents,
      processes: PROCESSES,
      connectS,
      memory: { before, connected, most: memoryOf(pid).most },
      idleCpu,
      reached: { p50: quantile(reached, 0.5), p99: quantile(reached, 0.99), most: Math.max(...reached) },
      armed: {
        p50: usual(({ armed }) => armed.p50),
        p99: usual(({ armed }) => armed.p99),
        most: Math.max(...rounds.map(({ armed }) => armed.most)),
      },
      bytes: { received: usual(({ received }) => received), sent: usual(({ sent }) => sent) },
      cpuUs: usual(({ cpuUs }) => cpuUs),
      lost: standing.reduce((sum, { lost }) => sum + lost, 0),
      ingest,
    };
  } finally {
    for (const crowd of crowds) crowd.disconnect();
    await collector.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startCrowd(order: AgentsOrder): ChildProcess {
  return fork(join(import.meta.dirname, 'agents-process.ts'), [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

async function answerOf(crowd: ChildProcess): Promise<AgentsAnswer> {
  const [answer] = (await once(crowd, 'message')) as [AgentsAnswer];
  return answer;
}

/** @param probe whose arrival is asked for */
async function lookAt(
  crowd: ChildProcess,
  probe: string,
): Promise<Extract<AgentsAnswer, { heard: unknown }>> {
  const answer = answerOf(crowd);
  crowd.send(probe);
  return (await answer) as Extract<AgentsAnswer, { heard: unknown }>;
}

/** Places a probe in all of them, waits until the collector knows that it is armed everywhere, and removes it. */
async function measureProbe(url: string, pid: number, crowds: readonly ChildProcess[], agents: number) {
  const former = await Promise.all(crowds.map((crowd) => lookAt(crowd, '')));
  const cpu = cpuMs(pid);
  const begin = now();
  const { id } = await ask<ProbeView>(url, 'POST', '/probes', {
    kind: 'snapshot',
    service: 'trades',
    location: { file: 'src/risk.ts', line: 13 },
  });
  const counts: { readonly at: number; readonly armed: number }[] = [];
  while ((counts.at(-1)?.armed ?? 0) < agents) {
    await sleep(POLL_MS);
    const probe = await ask<ProbeView>(url, 'GET', `/probes/${id}`);
    counts.push({ at: now() - begin, armed: probe.agents.filter(({ state }) => state === 'armed').length });
  }
  const cpuUs = (1_000 * (cpuMs(pid) - cpu)) / agents;
  const after = await Promise.all(crowds.map((crowd) => lookAt(crowd, id)));
  await ask(url, 'DELETE', `/probes/${id}`);
  await sleep(1_000);

  const grown = (of: 'received' | 'sent'): number =>
    after.reduce((sum, answer, n) => sum + answer[of] - former[n]![of], 0) / agents;
  const armedBy = (share: number): number => counts.find(({ armed }) => armed >= share * agents)!.at;
  return {
    reached: after.flatMap(({ heard }) => heard.map((at) => at - begin)),
    armed: { p50: armedBy(0.5), p99: armedBy(0.99), most: armedBy(1) },
    received: grown('received'),
    sent: grown('sent'),
    cpuUs,
  };
}
