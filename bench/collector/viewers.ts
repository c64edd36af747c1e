import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeView } from '@dormouse/protocol';
import { MANIFEST_A } from '../../packages/collector/test/support/manifest.ts';
import { captureOf } from './capture-of.ts';
import { onSqlite } from './ingest.ts';
import { LoadAgent } from './load-agent.ts';
import { AGENT_TOKEN, ask, cpuMs, memoryOf, now, quantile, startCollector } from './start.ts';
import type { ViewersAnswer, ViewersOrder } from './viewers-process.ts';

const PROCESSES = 2;
const SECONDS = 20;
/** Captures of the service that all of them follow. */
export const PER_SECOND = 10;
/** More viewers, that read nothing. */
export const SLOW = 4;
/** After the last capture, until what is under way has arrived, ms. */
const SETTLE_MS = 3_000;

export interface ViewersFigures {
  readonly viewers: number;
  readonly captures: number;
  /** Events that came to a viewer, of those that should have. */
  readonly events: number;
  readonly expected: number;
  /** From the moment at which a process sends a capture to its arrival at a viewer, ms. */
  readonly delay: { readonly p50: number; readonly p99: number };
  /** Of the collector, MiB. */
  readonly memory: { readonly before: number; readonly most: number };
  /** Of the collector, µs for each event of each viewer. */
  readonly cpuUs: number;
  /** Of the collector, share of one processor. */
  readonly cpu: number;
  /** Of one event on the wire. */
  readonly bytes: number;
  /** Connections that ended. */
  readonly lost: number;
}

/** So many people and programs follow what a service captures, and some of them read nothing. */
export const measureViewers = (viewers: number): Promise<ViewersFigures> =>
  onSqlite(async (where) => {
    const collector = await startCollector(where);
    const { url, pid } = collector;
    await ask(url, 'PUT', '/manifests?service=trades', MANIFEST_A);
    const agent = await LoadAgent.connect(url, AGENT_TOKEN, 'f'.repeat(16), MANIFEST_A, []);
    const probe = await ask<ProbeView>(url, 'POST', '/probes', {
      kind: 'log',
      service: 'trades',
      location: { file: 'src/risk.ts', line: 13 },
      template: 'x',
      limits: { hits: 1_000_000 },
    });
    const before = memoryOf(pid).now;
    const crowds = Array.from({ length: PROCESSES }, () =>
      startCrowd({ url, viewers: viewers / PROCESSES, slow: SLOW / PROCESSES }),
    );
    await Promise.all(crowds.map((crowd) => once(crowd, 'message')));

    const cpu = cpuMs(pid);
    const begin = performance.now();
    const captures = SECONDS * PER_SECOND;
    for (let n = 0; n < captures; n++) {
      await sleep(Math.max(0, begin + (n * 1_000) / PER_SECOND - performance.now()));
      agent.sendOne({ ...captureOf('log', 'f'.repeat(16), probe.id, n), message: String(now()) });
    }
    await sleep(SETTLE_MS);
    const spent = cpuMs(pid) - cpu;
    const seconds = (performance.now() - begin) / 1_000;
    const answers = await Promise.all(crowds.map(answerOf));
    const memory = memoryOf(pid).most;
    for (const crowd of crowds) crowd.disconnect();
    agent.close();
    await collector.stop();

    const delays = answers.flatMap((answer) => answer.delays);
    const sum = (of: (answer: ViewersAnswer) => number): number =>
      answers.reduce((total, answer) => total + of(answer), 0);
    return {
      viewers,
      captures,
      events: delays.length,
      expected: viewers * captures,
      delay: { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) },
      memory: { before, most: memory },
      cpuUs: (1_000 * spent) / delays.length,
      cpu: spent / 1_000 / seconds,
      bytes: sum(({ bytes }) => bytes) / delays.length,
      lost: sum(({ lost }) => lost),
    };
  });

const startCrowd = (order: ViewersOrder): ChildProcess =>
  fork(join(import.meta.dirname, 'viewers-process.ts'), [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });

async function answerOf(crowd: ChildProcess): Promise<ViewersAnswer> {
  const answer = once(crowd, 'message');
  crowd.send('tell');
  return ((await answer) as [ViewersAnswer])[0];
}
