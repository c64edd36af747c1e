import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MintedToken, ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishSources } from '../../../scripts/demo/publish-sources.ts';
import { EXAMPLE, lineOf } from '../../../scripts/lib/example.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit } from './support/browser.ts';
import { goTo, press, stopOf, tabTo, type, write } from './support/keyboard.ts';
import {
  ASSESSED_AT,
  DESK,
  GATE,
  GATE_LINE,
  openTrading,
  sendBlockTrades,
  warmUp,
  type Trading,
} from './support/trading.ts';

/** People at a real Chromium, who have no pointer, look into a real, woven service with real traffic. */

const PLACED_FROM = lineOf(DESK, 'async place(') + 1;
const LOCATION = { file: DESK, line: ASSESSED_AT };

// A browser, a collector and two services on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let trading: Trading;
let page: Page;

beforeAll(async () => {
  trading = await openTrading();
  await warmUp(trading);
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
  await page.getByLabel('Token', { exact: true }).waitFor();
  await type(page, 'dma_nonsense');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('The token is not whole');
  expect(await violations(page)).toEqual([]);
  await write(page.getByLabel('Token', { exact: true }), trading.stage.adminToken);
  await press(page.getByRole('button', { name: 'Sign in' }));
  await page.getByRole('heading', { name: 'trades', exact: true }).waitFor();
  const kept = await page.evaluate(
    'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
  );
  expect(kept).not.toContain('dma_');
});

describe('the source view', () => {
  it('leads by keyboard alone from a variable’s name to its value', async () => {
    await press(page.getByRole('link', { name: 'Source' }));
    await page.getByRole('treeitem', { name: 'order-desk.ts' }).waitFor();
    await page.keyboard.press('/');
    await type(page, 'OrderDesk.place');
    await expect.poll(() => page.getByRole('button', { name: /OrderDesk/ }).count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const code = page.getByRole('textbox', { name: /order-desk\.ts/ });
    await tabTo(code);
    await expect.poll(() => isOn(page, PLACED_FROM - 1)).toBe(true);
    for (let line = PLACED_FROM - 1; line < ASSESSED_AT; line++) await page.keyboard.press('ArrowDown');
    for (let moved = 0; moved < 20 && !(await isOn(page, ASSESSED_AT)); moved++)
      await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');

    await page.getByRole('dialog', { name: `Place a probe at order-desk.ts:${ASSESSED_AT}` }).waitFor();
    await tabTo(page.getByLabel('Only if'));
    await page.keyboard.type('order.amount > 0 && channle === 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('No variable `channle`');
    for (const _ of ' === 1') await page.keyboard.press('Backspace');
    for (const _ of 'channle') await page.keyboard.press('Backspace');
    await page.keyboard.type('channel !== "none"');
    await page.keyboard.press('Enter');

    const variables = page.getByRole('tree', { name: 'Variables' });
    // What was asked for may come in between, and is shown anew.
    const members = async (): Promise<number> => {
      await press(variables.locator('[tabindex="0"]'), 'Home');
      await goTo(variables.getByRole('treeitem', { name: /^order ?:/ }), 'ArrowDown');
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
    const variables = page.getByRole('tree', { name: 'Variables' });
    await tabTo(variables.locator('[tabindex="0"]'));
    await goTo(variables.getByRole('treeitem', { name: /^order ?:/ }), 'ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('treeitem', { name: /^highValue ?: ?"true"$/ }).waitFor();
    await press(page.getByRole('button', { name: /^OrderDesk\.place order-desk/ }));
    await page.getByRole('textbox', { name: DESK }).waitFor();
    expect(await page.locator('.pointed').count()).toBe(1);
  });

  it('replays a path over the code, step by step', async () => {
    const path = await trading.ask({
      kind: 'path',
      location: { file: DESK, function: 'OrderDesk.place' },
      limits: { hits: 1 },
    });
    await trading.captured(path);
    await go(page, inSource(DESK, PLACED_FROM, path));
    const steps = page.getByRole('listbox', { name: 'Steps' }).getByRole('option');
    await steps.first().waitFor();
    await press(page.getByRole('button', { name: 'Step on' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => steps.nth(2).getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => page.locator('.trodden').count()).toBe(2);
    expect(await page.locator('.pointed').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await press(steps.nth(2), 'ArrowDown');
    await expect.poll(() => steps.nth(3).getAttribute('aria-selected')).toBe('true');
    await press(page.getByRole('slider', { name: 'Step' }), 'Home');
    await expect.poll(() => steps.first().getAttribute('aria-selected')).toBe('true');
    await press(page.getByRole('button', { name: 'Play' }), 'Space');
    await expect.poll(() => steps.nth(2).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });
});

it('shows the code that a build has published, with the lines that can be probed', async () => {
  await publishSources(trading.stage.api, 'fraud');
  await press(page.getByRole('combobox', { name: 'Service' }), 'ArrowUp');
  const card = page.getByRole('treeitem', { name: 'score-card.ts' });
  await tabTo(page.getByRole('tree', { name: 'Files' }).locator('[tabindex="0"]'));
  await page.keyboard.press('Home');
  await goTo(card, 'ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('const present = [...presentIn(trade, earlier)]').waitFor();
  await expect.poll(() => page.locator('.dimmed').count()).toBeGreaterThan(10);
  expect(await violations(page)).toEqual([]);
});

describe('several people', () => {
  const SOURCE = inSource(DESK, ASSESSED_AT);

  async function arrive(token?: string): Promise<Page> {
    const visitor = await visit(trading.browser, trading.stage, SOURCE);
    await signIn(visitor.page, trading.stage, token);
    return visitor.page;
  }

  it('see each what the other one places, and when it ends, and may sign each other out', async () => {
    const other = await arrive();
    await go(other, '#/evidence/trades');
    await go(page, SOURCE);
    await press(page.getByRole('textbox', { name: DESK }));
    await press(page.getByRole('button', { name: 'Place', exact: true }));
    const active = other.getByRole('group', { name: 'Active' }).getByRole('option');
    await expect.poll(() => active.count()).toBe(1);

    const log = await trading.ask({ kind: 'log', location: LOCATION, template: '{order.id}' });
    await go(page, `${SOURCE}&probe=${log.id}`);
    await go(other, `#/evidence/trades?probe=${log.id}`);
    await press(other.getByRole('button', { name: 'Stop' }));
    await page.getByText('Ended: removed').waitFor();
    // What had the focus has gone.
    await expect.poll(async () => (await stopOf(other)).name).toBe(`button order-desk.ts:${ASSESSED_AT}`);

    await go(other, SOURCE);
    await go(page, '#/governance/trades?section=you');
    await press(page.getByRole('button', { name: 'Sign out there' }).first());
    await other.getByText('Your session has ended.').waitFor();
    expect(await violations(other)).toEqual([]);
    await signIn(other, trading.stage);
    await other.getByRole('textbox', { name: DESK }).waitFor();
  });

  it('who may not read values see their types, and why nothing else is possible', async () => {
    const { secret } = (await trading.stage.api.call('POST', '/tokens', {
      name: 'auditor',
      place: 'default/default/default',
      role: 'viewer',
      grants: [],
    })) as MintedToken;
    const limits = { hits: 10_000, hitsPerSecond: 1 };
    const probe = await trading.ask({ kind: 'snapshot', location: LOCATION, limits });
    await trading.captured(probe);
    const auditor = await arrive(secret);
    await go(auditor, `#/evidence/trades?probe=${probe.id}`);
    await tabTo(auditor.getByRole('tree', { name: 'Variables' }).locator('[tabindex="0"]'));
    await goTo(auditor.getByRole('treeitem', { name: /^order ?:/ }), 'ArrowDown');
    await auditor.keyboard.press('ArrowRight');
    await auditor.getByRole('treeitem', { name: /^id ?:/ }).waitFor();
    expect(await auditor.getByRole('treeitem', { name: /^id ?:/ }).textContent()).not.toMatch(/"/);
    await press(auditor.getByRole('button', { name: 'Stop' }));
    await expect.poll(() => auditor.getByRole('alert').textContent()).toMatch(/may not|probes:write|role/);
    await go(auditor, '#/fleet/trades');
    await press(auditor.getByRole('button', { name: 'Switch off all probes of trades' }));
    await type(auditor, 'I want to');
    await auditor.keyboard.press('Enter');
    await auditor.getByRole('dialog').getByRole('alert').waitFor();
    expect(await violations(auditor)).toEqual([]);
  });

  it('who are the first in an environment are told what to do there', async () => {
    const place = 'default/default/empty';
    const { api } = trading.stage;
    await api.call('POST', '/places', { place });
    const { secret } = (await api.call('POST', '/tokens', {
      name: 'first',
      place,
      role: 'admin',
    })) as MintedToken;
    const newcomer = await visit(trading.browser, trading.stage);
    await signIn(newcomer.page, trading.stage, secret);
    await newcomer.page.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
    expect(await violations(newcomer.page)).toEqual([]);
    await tabTo(newcomer.page.getByRole('button', { name: 'Copy' }).first());
    await api.call('DELETE', `/places?${new URLSearchParams({ place, confirm: place })}`);
  });
});

it('signs out, and stays out', async () => {
  await press(page.getByRole('button', { name: 'Sign out admin token' }));
  await page.getByLabel('Token', { exact: true }).waitFor();
  await page.reload();
  await page.getByLabel('Token', { exact: true }).waitFor();
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

/** Whether the cursor of the code stands on a line of the source. */
async function isOn(page: Page, line: number): Promise<boolean> {
  const active = await page.locator('.cm-activeLine').boundingBox();
  const number = await page.locator('.number', { hasText: new RegExp(`^${line}$`) }).boundingBox();
  return active !== null && number !== null && Math.abs(active.y - number.y) < 6;
}
