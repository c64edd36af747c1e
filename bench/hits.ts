/**
 * `npm run bench -- hits`: what the runtime costs a process. Each kind of hit beside the same work through the V8
 * inspector and through Datadog's live debugger; the event loop under snapshots; memory, loading, arming; and a million
 * cycles of arming, hitting and disarming.
 *
 * `--node LINE`, repeatable: only those; the other figures stay. `--rounds N`: processes per variant, default 5.
 * `--quick`: Node 24, 1 round, 20,000 cycles.
 */
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeRequest } from '@dormouse/protocol';
import { installNode, NODE_VERSIONS } from '../scripts/lib/nodes.ts';
import { openStage } from '../scripts/lib/stage.ts';
import { alternate, spread, type Series, type Spread, type Variant } from './lib/alternate.ts';
import { armLatency } from './lib/arm-latency.ts';
import { startDatadog } from './lib/datadog.ts';
import {
  agentOf,
  buildHits,
  child,
  HIT_KINDS,
  LOCATION,
  locationOf,
  UNWOVEN,
  WITH_AGENT,
  WOVEN_HIT,
  type HitKind,
} from './lib/hits.ts';
import { hitsReport, type HitsMeasured } from './lib/hits-report.ts';
import { readOptions } from './lib/options.ts';
import { machine, readResults, saveResults } from './lib/results.ts';
import { manifestOf } from './lib/weaving.ts';

const { nodes, rounds, quick } = readOptions(5, 1);
const CYCLES = quick ? 20_000 : 1_000_000;
const BASELINE = 'unwoven';
const AGENT = 'with the agent';
const ARMINGS = quick ? 20 : 200;

buildHits();
const stage = await openStage();
const datadog = await startDatadog();
try {
  for (const line of nodes) keep(line, await measure(line));
  console.log(hitsReport(readAll()));
} finally {
  await datadog.stop();
  await stage.close();
}

/** At once: a run takes long, and may be broken off. */
function keep(line: string, measured: HitsMeasured): void {
  const results = { ...readAll(), [line]: measured };
  saveResults('hits', { machine: machine(), nodes: NODE_VERSIONS, results }, hitsReport(results));
}

function readAll(): Record<string, HitsMeasured> {
  return readResults<{ results: Record<string, HitsMeasured> }>('hits')?.results ?? {};
}

async function measure(line: string): Promise<HitsMeasured> {
  const node = installNode(line);
  const loops = differences(alternate(node, [...inLoops(line), ...datadog.loops], rounds));
  const bursts = differences(alternate(node, [...inBursts(line), ...datadog.bursts], rounds));
  const delays = alternate(node, underSnapshots(line), rounds);
  const idle = alternate(node, idling(line), rounds);
  await requireAgents(idle.get(AGENT)?.['pid'] ?? []);
  const cycles = alternate(node, [cycling()], 1).get('cycles') ?? {};
  await sleep(100);
  return {
    rounds,
    hits: { ...loops, ...bursts },
    ...(datadog.skipped !== undefined && { skipped: datadog.skipped }),
    delays: mapValues(delays, ({ p50 = [], p99 = [], max = [] }) => ({
      p50: spread(p50),
      p99: spread(p99),
      max: spread(max),
    })),
    agent: {
      memory: difference(idle, 'rss'),
      heap: difference(idle, 'heap'),
      start: difference(idle, 'started'),
      cpu: difference(idle, 'cpu'),
    },
    arming: await armLatency(node, stage, `arming-${line}`, ARMINGS),
    cycles: {
      count: CYCLES,
      us: cycles['us']?.[0] ?? Number.NaN,
      growth: cycles['growth']?.[0] ?? Number.NaN,
      before: cycles['before']?.[0] ?? Number.NaN,
      after: cycles['after']?.[0] ?? Number.NaN,
    },
  };
}

function unwoven(calls: string): Variant {
  return child(BASELINE, 'hit', [UNWOVEN, calls, 'plain']);
}

function inLoops(line: string): Variant[] {
  return [
    unwoven('loop'),
    ...HIT_KINDS.filter(({ calls }) => calls === 'loop').map((kind) => hitting(kind, line)),
    child('inspector: false condition', 'hit', [UNWOVEN, 'loop', 'condition']),
  ];
}

function inBursts(line: string): Variant[] {
  return [
    unwoven('bursts'),
    ...HIT_KINDS.filter(({ calls }) => calls === 'bursts').map((kind) => hitting(kind, line)),
    child('inspector: pause', 'hit', [UNWOVEN, 'bursts', 'pause']),
    child('inspector: pause and capture', 'hit', [UNWOVEN, 'bursts', 'capture']),
  ];
}

function hitting(kind: HitKind, line: string): Variant {
  return armed(kind.name, 'hit', [WOVEN_HIT, kind.calls, 'armed', kind.called ?? 'handle'], line, kind);
}

function underSnapshots(line: string): Variant[] {
  const snapshot = HIT_KINDS.find(({ name }) => name === 'snapshot');
  if (snapshot === undefined) throw new Error('There is no snapshot among the kinds of hits.');
  return [
    child('no probe', 'delay', [UNWOVEN, 'plain']),
    armed('1,000 snapshots a second', 'delay', [WOVEN_HIT, 'armed'], line, snapshot),
  ];
}

function idling(line: string): Variant[] {
  const idle = child(BASELINE, 'idle', [], ['--expose-gc']);
  return [idle, { name: AGENT, args: [...WITH_AGENT, ...idle.args], env: agentOf(stage, `idle-${line}`) }];
}

function cycling(): Variant {
  const args = [WOVEN_HIT, manifestOf(dirname(WOVEN_HIT)), String(LOCATION.line), String(CYCLES)];
  return child('cycles', 'cycles', args, ['--expose-gc']);
}

/** A process with the agent, that places one probe. */
function armed(name: string, script: string, args: readonly string[], line: string, kind: HitKind): Variant {
  const service = `${script}-${name}-${line}`.replaceAll(/[^a-z0-9]+/g, '-');
  const request: ProbeRequest = { ...kind.probe, service, location: locationOf(kind) };
  return {
    ...child(name, script, args, WITH_AGENT),
    env: { ...agentOf(stage, service), PROBES: JSON.stringify([request]) },
  };
}

/** Nanoseconds per hit of every variant, without what the call itself takes. */
function differences(series: ReadonlyMap<string, Series>): Record<string, Spread> {
  const own = series.get(BASELINE)?.['ns'] ?? [];
  const hits = [...series].filter(([name]) => name !== BASELINE);
  return Object.fromEntries(hits.map(([name, { ns = [] }]) => [name, less(ns, own)]));
}

/** What the agent adds, round by round. */
function difference(series: ReadonlyMap<string, Series>, figure: string): Spread {
  return less(series.get(AGENT)?.[figure] ?? [], series.get(BASELINE)?.[figure] ?? []);
}

function less(values: readonly number[], baseline: readonly number[]): Spread {
  return spread(values.map((value, round) => value - (baseline[round] ?? Number.NaN)));
}

function mapValues<T>(series: ReadonlyMap<string, Series>, map: (own: Series) => T): Record<string, T> {
  return Object.fromEntries([...series].map(([name, own]) => [name, map(own)]));
}

/**
 * A figure of an agent that never reached its collector would be too good. Connections that were closed while the children
 * ran are heard of first.
 */
async function requireAgents(pids: readonly number[]): Promise<void> {
  await sleep(100);
  const services = await stage.api.services();
  const known = new Set(services.flatMap(({ agents }) => agents.map(({ pid }) => pid)));
  for (const pid of pids)
    if (!known.has(pid)) throw new Error(`The agent of process ${pid} did not connect.`);
}
