import type { ProbeRequest } from '@dormouse/protocol';
import { until } from '../lib/api.ts';
import { lineOf } from '../lib/example.ts';
import { compareLatency, type Latency } from '../lib/latency.ts';
import type { Server } from '../lib/processes.ts';
import { instanceOf, openStage, type Stage } from '../lib/stage.ts';
import type { Narrator } from './narrator.ts';

const GATE = 'src/trades/risk/risk-gate.ts';

/** Answers that are not counted: until V8 has optimised what every request runs through. */
const WARM_UP = 1_500;
const COUNTED = 1_500;

/**
 * Sends the same requests to four trading services in turn: unwoven, unwoven once more (what differs there is
 * noise), woven and idle, woven with probes armed on the path of every order. Prints what each adds to a request.
 */
export async function measureOverhead(say: Narrator): Promise<void> {
  say.step('What does it cost? The same requests to unwoven, idle and probed services');
  // A stage of its own: its services and probes are gone when the visitor looks around.
  const stage = await openStage();
  try {
    await measure(stage, say);
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, say: Narrator): Promise<void> {
  const unwoven = await startPair(stage, false);
  const control = await startPair(stage, false);
  const idle = await startPair(stage, true);
  const probed = await startPair(stage, true);
  const instance = await instanceOf(stage.api, probed);
  for (const probe of probesOn(instance)) {
    const { id } = await stage.api.createProbe(probe);
    await until(`probe ${id} is armed`, async () =>
      (await stage.api.probe(id)).agents.find(({ state }) => state === 'armed'),
    );
  }
  const urls = [unwoven, control, idle, probed].map(({ url }) => url);
  const [baseline, again, asleep, awake] = await compareLatency(urls, {
    count: COUNTED,
    warmUp: WARM_UP,
    seed: 11,
  });
  if (!baseline || !again || !asleep || !awake) throw new Error('A service was not measured.');
  say.text(row('unwoven', baseline, baseline));
  say.text(row('unwoven, again', again, baseline));
  say.text(row('woven, idle', asleep, baseline));
  say.text(row('woven, probing', awake, baseline));
  say.text('probing: a snapshot of each large order, and a log and a condition on each order');
}

/** A trading service with a fraud service of its own, so that no variant feels another's load. */
async function startPair(stage: Stage, woven: boolean): Promise<Server> {
  const options = woven ? {} : ({ build: 'unwoven', runtime: false } as const);
  const fraud = await stage.startService('fraud', options);
  return stage.startService('trades', { ...options, env: { FRAUD_URL: fraud.url } });
}

function probesOn(instance: string): ProbeRequest[] {
  const location = { file: GATE, line: lineOf(GATE, 'order.highValue === true') };
  const common = { service: 'trades', location, target: { instance } };
  const limits = { hits: 100_000, hitsPerSecond: 1_000 };
  return [
    { ...common, limits, kind: 'snapshot', condition: 'amount > 10000' },
    { ...common, limits, kind: 'log', template: '{order.symbol} {amount}' },
    { ...common, limits, kind: 'snapshot', condition: 'amount < 0' },
  ];
}

function row(name: string, { median, p99 }: Latency, baseline: Latency): string {
  const added = median - baseline.median;
  const microseconds = (value: number): string => `${value.toFixed(0)} µs`.padStart(8);
  return (
    `${name.padEnd(15)} median ${microseconds(median)}   p99 ${microseconds(p99)}` +
    `   added at the median ${added < 0 ? '−' : '+'}${microseconds(Math.abs(added)).trim()}`
  );
}
