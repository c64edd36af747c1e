/**
 * `npm run screenshots`: every main view of the console, light and dark, as it looks into the example with its traffic.
 * Writes `docs/console/<view>-<theme>.jpg`, which the README shows.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import { chromium, type Page } from 'playwright-core';
import { publishSources } from './demo/publish-sources.ts';
import { startTraffic } from './demo/traffic.ts';
import { findChromium } from './lib/chromium.ts';
import { buildExample, lineOf } from './lib/example.ts';
import { ROOT } from './lib/paths.ts';
import { openStage } from './lib/stage.ts';

const FOLDER = join(ROOT, 'docs/console');
const DESK = 'src/trades/orders/order-desk.ts';
const GATE = 'src/trades/risk/risk-gate.ts';

/** So long the probes gather evidence before it is shown, ms. */
const GATHERING_MS = 12_000;
/** A canary that is tried out for as long as anybody looks, ms. */
const LONG_MS = 120_000;
/** More than there are meanwhile. */
const LONG_HITS = 10_000;
/** A view has drawn itself by then, ms. */
const DRAWN_MS = 1_200;

/** Text is sharp, and all of them together are about a megabyte. */
const QUALITY = 66;
const SIZE = { width: 1_280, height: 800 };

mkdirSync(FOLDER, { recursive: true });
await buildExample();
const stage = await openStage();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const fraud = await stage.startService('fraud', { traced: true });
  const env = { FRAUD_URL: fraud.url };
  const trades = await stage.startService('trades', { traced: true, env });
  await stage.startService('trades', { traced: true, env: { ...env, DORMOUSE_TAGS: 'region=eu' } });
  const traffic = await startTraffic(trades.url);
  for (const service of ['trades', 'fraud']) await publishSources(stage.api, service);
  const probes = await placeProbes();
  await sleep(GATHERING_MS);
  for (const theme of ['light', 'dark'] as const) await photograph(theme, probes);
  await traffic.stop();
} finally {
  await browser.close();
  await stage.close();
}

type Probes = Readonly<Record<'check' | 'path' | 'histogram' | 'score', ProbeView>>;

async function placeProbes(): Promise<Probes> {
  const assessed = { file: DESK, line: lineOf(DESK, 'const record = orders.add(') };
  const decided = { file: GATE, line: lineOf(GATE, 'order.highValue === true') };
  const place = (request: Omit<ProbeRequest, 'service'>, service = 'trades'): Promise<ProbeView> =>
    stage.api.createProbe({ service, ...request });
  await place({
    kind: 'log',
    location: assessed,
    template: '{order.account} {order.side} {order.quantity} {order.symbol} for {order.amount}',
  });
  await place({
    kind: 'snapshot',
    location: decided,
    condition: 'amount > 10000',
    limits: { hits: LONG_HITS },
  });
  await place({
    kind: 'span',
    location: { file: DESK, function: 'OrderDesk.place' },
    attributes: { amount: '$return.order.amount', score: '$return.fraudScore' },
    limits: { hits: LONG_HITS },
  });
  await place({
    kind: 'snapshot',
    location: decided,
    condition: 'amount < 0',
    target: { canary: { quietMs: LONG_MS } },
  });
  return {
    histogram: await place({
      kind: 'histogram',
      location: assessed,
      value: 'order.amount',
      by: 'account.segment',
    }),
    path: await place({
      kind: 'path',
      location: { file: GATE, function: 'RiskGate.assess' },
      condition: '$duration > 1',
    }),
    score: await place(
      {
        kind: 'span',
        location: { file: 'src/fraud/score-card.ts', function: 'ScoreCard.score' },
        attributes: { score: '$return.score' },
        limits: { hits: LONG_HITS },
      },
      'fraud',
    ),
    check: await place({ kind: 'check', location: decided, expect: "typeof order.highValue === 'boolean'" }),
  };
}

async function photograph(theme: 'light' | 'dark', { check, path, histogram, score }: Probes): Promise<void> {
  const context = await browser.newContext({ colorScheme: theme, viewport: SIZE });
  const page = await context.newPage();
  const { path: link } = (await stage.api.call('POST', '/console-links', {})) as LinkView;
  await page.goto(stage.collector.url + link);
  const show = async (view: string, hash: string, act?: (page: Page) => Promise<void>): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await sleep(DRAWN_MS);
    await act?.(page);
    await page.screenshot({ path: join(FOLDER, `${view}-${theme}.jpg`), quality: QUALITY });
  };
  const inSource = ({ id, location: { file, line } }: ProbeView): string =>
    `#/source/trades?${new URLSearchParams({ file, line: String(line), probe: id })}`;

  await show('source', inSource(check), openOrder);
  await show('replay', inSource(path), stepOn);
  await show('place', inSource(check), openForm);
  await page.keyboard.press('Escape');
  await show('evidence', `#/evidence/trades?probe=${histogram.id}`);
  await show('trace', await traceOf(score), openSpan);
  await show('tail', '#/tail/trades', () => sleep(DRAWN_MS));
  await show('fleet', '#/fleet/trades', openProcess);
  await show('governance', '#/governance/trades?section=policies');
  await context.close();
}

/** A request that both services have handled. */
async function traceOf({ id }: ProbeView): Promise<string> {
  const [scored] = await stage.api.captures({ probe: id });
  if (scored?.traceId === undefined) throw new Error('No request was scored.');
  const { traceId, receivedAt } = scored;
  return `#/evidence/trades?${new URLSearchParams({ by: 'trace', trace: traceId, at: String(receivedAt) })}`;
}

async function openSpan(page: Page): Promise<void> {
  await page.getByRole('row', { name: 'OrderDesk.place' }).click();
  await sleep(DRAWN_MS);
}

async function openOrder(page: Page): Promise<void> {
  await page.getByRole('treeitem', { name: /^order ?:/ }).click();
}

async function openProcess(page: Page): Promise<void> {
  await page.getByRole('listbox').press('Home');
  await sleep(DRAWN_MS);
}

async function stepOn(page: Page): Promise<void> {
  for (let step = 0; step < 5; step++) await page.getByRole('button', { name: 'Step on' }).click();
  await sleep(DRAWN_MS);
}

async function openForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Another probe on this line' }).click();
  await page.getByLabel('Only if').click();
  await page.keyboard.type('amount > 10000 && order.h');
  await sleep(DRAWN_MS);
}
