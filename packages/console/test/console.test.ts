import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CaptureView, ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishSources } from '../../../scripts/demo/publish-sources.ts';
import { EXAMPLE, lineOf } from '../../../scripts/lib/example.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { openStage } from '../../../scripts/lib/stage.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit } from './support/browser.ts';
import {
  ASSESSED_AT,
  DESK,
  GATE,
  GATE_LINE,
  openTrading,
  sendBlockTrades,
  type Trading,
} from './support/trading.ts';

/** People at a real Chromium look into a real, woven service with real traffic. */

const PLACED_FROM = lineOf(DESK, 'async place(') + 1;

// A browser, a collector and two services on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let trading: Trading;
let page: Page;

beforeAll(async () => {
  trading = await openTrading();
  ({ page } = await visit(trading.browser, trading.stage, '#/fleet/trades'));
}, 120_000);

afterAll(() => trading.close());

afterEach(() => trading.removeProbes());

/** Writes a file into a folder of the page's origin, and lets that be the one that is picked next. Runs in the page. */
async function pickOwnFolder({ path, text }: { path: readonly string[]; text: string }): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const picked = await root.getDirectoryHandle('trades-here', { create: true });
  let folder = picked;
  for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
  const file = await folder.getFileHandle(path.at(-1)!, { create: true });
  const writable = await file.createWritable();
  await writable.write(text);
  await writable.close();
  Object.assign(globalThis, { showDirectoryPicker: async () => picked });
}

const inSource = (file: string, line: number, probe?: ProbeView): string =>
  `#/source/trades?${new URLSearchParams({ file, line: String(line), ...(probe && { probe: probe.id }) })}`;

it('refuses a wrong token and says why, takes the right one without keeping it, and goes where the link led', async () => {
  await page.getByLabel('Token').fill('dma_nonsense');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('The token is not whole');
  expect(await violations(page)).toEqual([]);
  await signIn(page, trading.stage);
  await page.getByRole('heading', { name: 'trades', exact: true }).waitFor();
  const kept = await page.evaluate(
    'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
  );
  expect(kept).not.toContain('dma_');
});

describe('the source view', () => {
  it('leads by keyboard alone from a variable’s name to its value', async () => {
    await go(page, '#/source/trades');
    await page.getByRole('treeitem', { name: 'order-desk.ts' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('OrderDesk.place');
    await expect.poll(() => page.getByRole('button', { name: /OrderDesk/ }).count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const code = page.getByRole('textbox', { name: /order-desk\.ts/ });
    await code.waitFor();
    await code.focus();
    await expect.poll(() => isOn(page, PLACED_FROM - 1)).toBe(true);
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
    await go(page, inSource(GATE, GATE_LINE));
    await page.getByText('the build did not publish its sources').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await page.setInputFiles('input[type=file]', EXAMPLE);
    await page.getByText('if (order.highValue === true) {').waitFor();
    expect(sent.join('')).toBe('');
    expect(await violations(page)).toEqual([]);
  });

  it('shows code from a folder that was picked, and says where it is another one than was built', async () => {
    const { page: own } = await visit(trading.browser, trading.stage, inSource(GATE, GATE_LINE));
    await signIn(own, trading.stage);
    // A real folder of the browser's own stands for the one that is picked in a dialog of the machine.
    const text = `${readFileSync(join(EXAMPLE, GATE), 'utf8')}// changed since`;
    await own.evaluate(pickOwnFolder, { path: GATE.split('/'), text });
    await own.getByRole('button', { name: 'Open a local folder' }).press('Enter');
    await own.getByText('if (order.highValue === true) {').waitFor();
    await own.getByRole('button', { name: 'Text from trades-here' }).waitFor();
    await own.getByText('not as it was built: lines may be elsewhere').waitFor();
    await own.context().close();
  });

  it('proves the example’s bug: a check tells how often a flag is no boolean, and shows the trade', async () => {
    const check = await trading.ask({
      kind: 'check',
      location: { file: GATE, line: GATE_LINE },
      expect: "typeof order.highValue === 'boolean'",
    });
    await go(page, inSource(GATE, GATE_LINE, check));
    await sendBlockTrades(trading.trades);
    await page.getByText(/^Violated \d+ times?$/).waitFor();
    const order = page.getByRole('tree', { name: 'Variables' }).getByRole('treeitem', { name: /^order ?:/ });
    await order.click();
    await page.getByRole('treeitem', { name: /^highValue ?: ?"true"$/ }).waitFor();
    await page.getByRole('button', { name: /^OrderDesk\.place order-desk/ }).click();
    await page.getByRole('textbox', { name: DESK }).waitFor();
    expect(await page.locator('.pointed').count()).toBe(1);
  });

  it('replays a path over the code, step by step', async () => {
    const path = await trading.ask({ kind: 'path', location: { file: DESK, function: 'OrderDesk.place' } });
    await trading.captured(path);
    await go(page, inSource(DESK, PLACED_FROM, path));
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
  await publishSources(trading.stage.api, 'fraud');
  await go(page, '#/source/fraud?file=src%2Ffraud%2Fscore-card.ts');
  await page.getByText('const present = [...presentIn(trade, earlier)]').waitFor();
  await expect.poll(() => page.locator('.dimmed').count()).toBeGreaterThan(10);
  expect(await violations(page)).toEqual([]);
});

describe('evidence', () => {
  it('draws a distribution and lists its figures', async () => {
    const histogram = await trading.ask({
      kind: 'histogram',
      location: { file: DESK, line: ASSESSED_AT },
      value: 'order.amount',
      by: 'account.segment',
    });
    await trading.captured(histogram);
    await go(page, `#/evidence/trades?probe=${histogram.id}`);
    await page.getByRole('img', { name: /^Distribution: median/ }).waitFor();
    await page.getByRole('rowheader', { name: 'retail' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('compares two captures of a probe that is chosen by keyboard', async () => {
    const snapshot = await trading.ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
    await trading.captured(snapshot, 2);
    await go(page, '#/evidence/trades');
    await page.locator(`[role=option][data-id="${snapshot.id}"]`).press('Enter');
    await page.getByRole('button', { name: 'Compare with another capture' }).press('Enter');
    await page.getByRole('rowheader', { name: 'order.id', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('finds captures by their values', async () => {
    const snapshot = await trading.ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
    const [first] = await trading.captured(snapshot);
    await go(page, '#/evidence/trades?by=search');
    await page.getByRole('radio', { name: 'condition' }).check();
    await page.getByRole('searchbox', { name: 'Search captures' }).fill(`order.id = "${idOf(first!)}"`);
    await page.keyboard.press('Enter');
    await page.getByText(/^1 capture found/).waitFor();
    await page.getByRole('list', { name: 'Captures that were found' }).getByRole('button').click();
    await page.getByRole('article').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('keeps markup in captured strings text, and follows what happens', async () => {
    await trading.ask({
      kind: 'log',
      location: { file: DESK, line: ASSESSED_AT },
      template: '<img src=x> <b>{order.id}</b>',
    });
    await go(page, '#/tail/trades');
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

it('shows what to do where nothing has connected yet', async () => {
  const empty = await openStage();
  try {
    const newcomer = await visit(trading.browser, empty);
    await signIn(newcomer.page, empty);
    await newcomer.page.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
    expect(await violations(newcomer.page)).toEqual([]);
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
