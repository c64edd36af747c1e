import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import type { Browser } from 'playwright-core';
import type { TradesRequest } from '../../../../examples/trades/src/traffic/requests.ts';
import { startTraffic } from '../../../../scripts/demo/traffic.ts';
import { until } from '../../../../scripts/lib/api.ts';
import { exampleRequests, lineOf } from '../../../../scripts/lib/example.ts';
import type { Server } from '../../../../scripts/lib/processes.ts';
import { NEVER_RESTING, openStage, type ServiceOptions, type Stage } from '../../../../scripts/lib/stage.ts';
import { openBrowser } from './browser.ts';

export const DESK = 'src/trades/orders/order-desk.ts';
export const GATE = 'src/trades/risk/risk-gate.ts';
/** Every order that was assessed comes by here. */
export const ASSESSED_AT: number = lineOf(DESK, 'const record = orders.add(');
/** The line of the example's bug. */
export const GATE_LINE: number = lineOf(GATE, 'order.highValue === true');

/** A collector, the woven example with its traffic, and a browser to look at it. */
export interface Trading {
  readonly stage: Stage;
  readonly browser: Browser;
  readonly trades: Server;
  /** Another process of the trading service; nobody sends it anything. */
  startTrades(env?: ServiceOptions['env']): Promise<Server>;
  /** Places a probe in the trading service. */
  ask(request: Omit<ProbeRequest, 'service'>): Promise<ProbeView>;
  /** Waits for captures of a probe; at least one. */
  captured(probe: ProbeView, atLeast?: number): Promise<readonly CaptureView[]>;
  removeProbes(): Promise<void>;
  close(): Promise<void>;
}

/** Captures after which they take no longer than later ones. */
const WARMING = 10;

/** Requests a second: enough to wait for none of them, and little work. */
const RATE = 20;

interface TradingOptions {
  /** Of its clients, requests a second; 0 for none. Default: 20. */
  readonly rate?: number;
  /** Whether both services have OpenTelemetry. Default: false. */
  readonly traced?: boolean;
}

export async function openTrading({ rate = RATE, traced = false }: TradingOptions = {}): Promise<Trading> {
  const [browser, stage] = await Promise.all([openBrowser(), openStage()]);
  const fraud = await stage.startService('fraud', { traced, env: NEVER_RESTING });
  const startTrades: Trading['startTrades'] = (env = {}) =>
    stage.startService('trades', { traced, env: { FRAUD_URL: fraud.url, ...NEVER_RESTING, ...env } });
  const trades = await startTrades();
  const traffic = rate === 0 ? undefined : await startTraffic(trades.url, rate);
  return {
    stage,
    browser,
    trades,
    startTrades,

    ask: (request) => stage.api.createProbe({ service: 'trades', ...request }),

    captured: (probe, atLeast = 1) =>
      until(
        `${atLeast} captures`,
        async () => {
          const captures = await stage.api.captures({ probe: probe.id });
          return captures.length >= atLeast ? captures : undefined;
        },
        30_000,
      ),

    removeProbes: () => removeProbes(stage),

    async close() {
      await browser.close();
      await traffic?.stop();
      await stage.close();
    },
  };
}

/** Removes all that are active. */
export async function removeProbes({ api }: Stage): Promise<void> {
  for (const { id, state } of await api.probes()) if (state === 'active') await api.removeProbe(id);
}

/**
 * The first captures of a process take the longest, and on a busy machine longer than they may: values would be missing.
 * Leaves a probe that has ended, and orders.
 */
export async function warmUp({ stage, trades, ask }: Trading): Promise<void> {
  const probe = await ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
  await until('the probe is armed', async () => {
    const { agents } = await stage.api.probe(probe.id);
    return agents.some(({ state }) => state === 'armed') || undefined;
  });
  const orders = (await exampleRequests(29, 100)).filter(({ kind }) => kind === 'marketOrder');
  for (const order of orders.slice(0, WARMING)) await sendOrder(trades, order, {});
  await stage.api.removeProbe(probe.id);
}

/** Sends large orders of the one partner whose field becomes the flag, as text. */
export async function sendBlockTrades({ url }: Server): Promise<void> {
  for (const { method, path, headers, body } of await exampleRequests(11, 800)) {
    if (body?.includes('5118=true') !== true) continue;
    await fetch(new URL(path, url), { method, headers, body: body ?? null });
  }
}

/** Sends an order with a note on it, which nothing looks at on its way. */
export async function sendNote(trades: Server, note: string): Promise<void> {
  const requests = await exampleRequests(13, 50);
  const order = requests.find(({ kind }) => kind === 'marketOrder');
  if (order === undefined) throw new Error('There is no order among the requests.');
  const { status } = await sendOrder(trades, order, { note });
  if (status !== 201) throw new Error(`The order was answered with ${status}.`);
}

/** Sends an order that was not sent before, with other fields. */
function sendOrder(
  { url }: Server,
  { method, path, headers, body = '{}' }: TradesRequest,
  fields: object,
): Promise<Response> {
  const order = { ...(JSON.parse(body) as object), clientOrderId: crypto.randomUUID(), ...fields };
  return fetch(new URL(path, url), { method, headers, body: JSON.stringify(order) });
}
