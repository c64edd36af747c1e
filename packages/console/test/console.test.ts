import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishSources } from '../../../scripts/demo/publish-sources.ts';
import { startTraffic } from '../../../scripts/demo/traffic.ts';
import { until } from '../../../scripts/lib/api.ts';
import { EXAMPLE, exampleRequests, lineOf } from '../../../scripts/lib/example.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import type { Server } from '../../../scripts/lib/processes.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { violations } from './support/accessibility.ts';
import { openBrowser, signIn, visit, type Visitor } from './support/browser.ts';

/** People at a real Chromium look into a real, woven service with real traffic. */

const DESK = 'src/trades/orders/order-desk.ts';
const GATE = 'src/trades/risk/risk-gate.ts';
const ASSESSED_AT = lineOf(DESK, 'const record = orders.add(');
const GATE_LINE = lineOf(GATE, 'order.highValue === true');
const PLACED_FROM = lineOf(DESK, 'async place(') + 1;

// A browser, a collector and two services on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let stage: Stage;
let trades: Server;
let traffic: { stop(): Promise<string> };
let browser: Browser;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  browser = await openBrowser();
  const fraud = await stage.startService('fraud');
  trades = await stage.startService('trades', { env: { FRAUD_URL: fraud.url } });
  traffic = await startTraffic(trades.url);
  visitor = await visit(browser, stage, '#/fleet/trades');
  ({ page } = visitor);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await traffic.stop();
  await stage.close();
});

afterEach(async () => {
  expect(visitor.complaints.splice(0)).toEqual([]);
  for (const { id, state } of await stage.api.probes())
    if (state === 'active') await stage.api.removeProbe(id);
});

/** Follows a link to somewhere in the console. */
const open = (hash: string): Promise<unknown> => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

const ask = (request: Omit<ProbeRequest, 'service'>): Promise<ProbeView> =>
  stage.api.createProbe({ service: 'trades', ...request });

const captured = (probe: ProbeView): Promise<readonly CaptureView[]> =>
  until('a capture', async () => {
    const captures = await stage.api.captures({ probe: probe.id });
    return captures.length > 0 ? captures : undefined;
  });

const inSource = (file: string, line: number, probe?: ProbeView): string =>
  `#/source/trades?${new URLSearchParams({ file, line: String(line), ...(probe && { probe: probe.id }) })}`;

it('refuses a wrong token and says why, takes the right one without keeping it, and goes where the link led', async () => {
  await page.getByLabel('Token').fill('dma_nonsense');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('The token is not whole');
  expect(await violations(page)).toEqual([]);
  await signIn(page, stage);
  await page.getByRole('heading', { name: 'trades', exact: true }).waitFor();
  const kept = await page.evaluate(
    'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
  );
  expect(kept).not.toContain('dma_');
});

describe('the source view', () => {
  it('leads by keyboard alone from a variable’s name to its value', async () => {
    await open('#/source/trades');
    await page.getByRole('treeitem', { name: 'order-desk.ts' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('OrderDesk.place');
    await expect.poll(() => page.getByRole('button', { name: /OrderDesk/ }).count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const code = page.getByRole('textbox', { name: /order-desk\.ts/ });
    await code.waitFor();
    await code.focus();
    for (let line = PLACED_FROM - 1; line < ASSESSED_AT; line++) await page.keyboard.press('ArrowDown');
    for (let moved = 0; moved < 20 && !(await isOn(page, ASSESSED_AT)); moved++)
      await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');

    await page.getByRole('dialog', { name: `Place a probe at order-desk.ts:${ASSESSED_AT}` }).waitFor();
    await page.getByLabel('Only if').focus();
    await page.keyboard.type('order.amount > 0 && channle === 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('No variable `channle`');
    for (const _ of ' === 1') await page.keyboard.press('Backspace');
    for (const _ of 'channle') await page.keyboard.press('Backspace');
    await page.keyboard.type('channel !== "none"');
    await page.keyboard.press('Enter');

    const variables = page.getByRole('tree', { name: 'Variables' });
    // A newer capture may take the place of the one that was shown.
    const members = async (): Promise<number> => {
      await variables.getByRole('treeitem', { name: /^order ?:/ }).focus();
      await page.keyboard.press('ArrowRight');
      return variables.getByRole('treeitem', { level: 2 }).count();
    };
    await expect.poll(members).toBeGreaterThan(5);
    expect(await violations(page)).toEqual([]);
  });

  it('shows code from a folder that was opened here, without sending it anywhere', async () => {
    await open(inSource(GATE, GATE_LINE));
    await page.getByText('the build did not publish its sources').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.setInputFiles('input[type=file]', EXAMPLE);
    await page.getByText('if (order.highValue === true) {').waitFor();
    expect(sent.join('')).toBe('');
    expect(await violations(page)).toEqual([]);
  });

  it('proves the example’s bug: a check tells how often a flag is no boolean, and shows the trade', async () => {
    const check = await ask({
      kind: 'check',
      location: { file: GATE, line: GATE_LINE },
      expect: "typeof order.highValue === 'boolean'",
    });
    await open(inSource(GATE, GATE_LINE, check));
    await sendBlockTrades();
    await page.getByText(/^Violated \d+ times?$/).waitFor();
    const order = page.getByRole('tree', { name: 'Variables' }).getByRole('treeitem', { name: /^order ?:/ });
    await order.click();
    await page.getByRole('treeitem', { name: /^highValue ?: ?"true"$/ }).waitFor();
    await page.getByRole('button', { name: /^OrderDesk\.place order-desk/ }).click();
    await page.getByRole('textbox', { name: DESK }).waitFor();
    expect(await page.locator('.pointed').count()).toBe(1);
  });

  it('replays a path over the code, step by step', async () => {
    const path = await ask({ kind: 'path', location: { file: DESK, function: 'OrderDesk.place' } });
    await captured(path);
    await open(inSource(DESK, PLACED_FROM, path));
    const steps = page.getByRole('listbox', { name: 'Steps' }).getByRole('option');
    await steps.first().waitFor();
    await page.getByRole('button', { name: 'Step on' }).click();
    await page.getByRole('button', { name: 'Step on' }).click();
    await expect.poll(() => steps.nth(2).getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => page.locator('.trodden').count()).toBe(2);
    expect(await page.locator('.pointed').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });
});

it('shows the code that a build has published, with the lines that can be probed', async () => {
  await publishSources(stage.api, 'fraud');
  await open('#/source/fraud?file=src%2Ffraud%2Fscore-card.ts');
  await page.getByText('const present = [...presentIn(trade, earlier)]').waitFor();
  await expect.poll(() => page.locator('.dimmed').count()).toBeGreaterThan(10);
  expect(await violations(page)).toEqual([]);
});

describe('evidence', () => {
  it('draws a distribution and lists its figures', async () => {
    const histogram = await ask({
      kind: 'histogram',
      location: { file: DESK, line: ASSESSED_AT },
      value: 'order.amount',
      by: 'account.segment',
    });
    await captured(histogram);
    await open(`#/evidence/trades?probe=${histogram.id}`);
    await page.getByRole('img', { name: /^Distribution: median/ }).waitFor();
    await page.getByRole('rowheader', { name: 'retail' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('compares two captures side by side', async () => {
    const snapshot = await ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
    await until('two captures', async () => (await captured(snapshot)).length > 1 || undefined);
    await open(`#/evidence/trades?probe=${snapshot.id}`);
    await page.getByRole('button', { name: 'Compare with another capture' }).click();
    await page.getByRole('rowheader', { name: 'order.id', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('finds captures by their values', async () => {
    const snapshot = await ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
    const [first] = await captured(snapshot);
    await open('#/evidence/trades?by=search');
    await page.getByRole('radio', { name: 'condition' }).check();
    await page.getByRole('searchbox', { name: 'Search captures' }).fill(`order.id = "${idOf(first!)}"`);
    await page.keyboard.press('Enter');
    await page.getByText(/^1 capture found/).waitFor();
    await page.getByRole('list', { name: 'Captures that were found' }).getByRole('button').click();
    await page.getByRole('article').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('keeps markup in captured strings text, and follows what happens', async () => {
    await ask({
      kind: 'log',
      location: { file: DESK, line: ASSESSED_AT },
      template: '<img src=x> <b>{order.id}</b>',
    });
    await open('#/tail/trades');
    const rows = page.getByRole('listbox', { name: /What happened/ }).getByRole('option');
    await expect.poll(() => rows.last().textContent()).toContain('<img src=x> <b>');
    expect(await page.locator('.rows img, .rows b').count()).toBe(0);
    await page.getByLabel('Filter rows').fill('nothing has this');
    await expect.poll(() => rows.count()).toBe(0);
    await page.getByLabel('Filter rows').fill('order-desk');
    await rows.first().click();
    await page.getByRole('article').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('the fleet', () => {
  it('switches off all probes of a service after a reason was given, and on again', async () => {
    await ask({ kind: 'counter', location: { file: DESK, line: ASSESSED_AT } });
    await open('#/fleet/trades');
    await page.getByRole('button', { name: 'Switch off all probes of trades' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Switch off all probes of trades?' });
    expect(await dialog.getByRole('button', { name: 'Switch off' }).isDisabled()).toBe(true);
    await page.keyboard.type('The market opens.');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('switched off: The market opens.').waitFor();
    await page.getByRole('button', { name: 'Switch on again: all probes of trades' }).press('Enter');
    await page.getByText('ready').first().waitFor();
  });
});

it('survives a restart of the collector, and says that it is reconnecting', async () => {
  const log = await ask({
    kind: 'log',
    location: { file: DESK, line: ASSESSED_AT },
    template: 'placed {order.id}',
  });
  await open(`#/evidence/trades?probe=${log.id}`);
  await page.getByText('Live', { exact: true }).waitFor();
  const restarted = stage.restartCollector();
  await page.getByText('Collector lost, reconnecting…').waitFor();
  await restarted;
  await page.getByText('Live', { exact: true }).waitFor();
  const captures = page.getByRole('listbox', { name: 'Captures, newest first' }).getByRole('option');
  const before = await captures.first().getAttribute('data-id');
  await expect.poll(() => captures.first().getAttribute('data-id')).not.toBe(before);
});

it('shows what to do where nothing has connected yet', async () => {
  const empty = await openStage();
  try {
    const newcomer = await visit(browser, empty);
    await signIn(newcomer.page, empty);
    await newcomer.page.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
    expect(await violations(newcomer.page)).toEqual([]);
    expect(newcomer.complaints).toEqual([]);
  } finally {
    await empty.close();
  }
});

it('signs out, and stays out', async () => {
  await page.getByRole('button', { name: /Sign out/ }).click();
  await page.getByLabel('Token').waitFor();
  await page.reload();
  await page.getByLabel('Token').waitFor();
});

it('loads at most 250 KB, compressed, before code is seen', () => {
  const assets = join(ROOT, 'packages/collector/dist/console/assets');
  const first = globSync('{index,Workspace}-*.{js,css}', { cwd: assets }).map((file) =>
    readFileSync(join(assets, file)),
  );
  const bytes = first.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(first.length).toBe(4);
  expect(bytes).toBeLessThan(250 * 1_024);
});

/** Large orders of the one partner whose field becomes the flag, as text. */
async function sendBlockTrades(): Promise<void> {
  for (const { method, path, headers, body } of await exampleRequests(11, 800)) {
    if (body?.includes('5118=true') !== true) continue;
    await fetch(new URL(path, trades.url), { method, headers, body: body ?? null });
  }
}

/** Of the order that a snapshot shows. */
function idOf({ locals = [] }: CaptureView): string {
  const order = locals.find(({ key }) => key === 'order')?.value;
  const id = order?.type === 'object' ? order.properties.find(({ key }) => key === 'id')?.value : undefined;
  if (id?.type !== 'string') throw new Error('The snapshot shows no order.');
  return id.value;
}

/** Whether the cursor of the code stands on a line of the source. */
async function isOn(page: Page, line: number): Promise<boolean> {
  const active = await page.locator('.cm-activeLine').boundingBox();
  const number = await page.locator('.number', { hasText: new RegExp(`^${line}$`) }).boundingBox();
  return active !== null && number !== null && Math.abs(active.y - number.y) < 6;
}
