import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startTraffic } from '../../../scripts/demo/traffic.ts';
import type { Server } from '../../../scripts/lib/processes.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit } from './support/browser.ts';
import { press, stopOf, tabTo, type, write } from './support/keyboard.ts';
import { ASSESSED_AT, DESK, openTrading, type Trading } from './support/trading.ts';

/** Somebody on call looks at two processes of a service, one with traffic, and does so by keyboard. */

vi.setConfig({ testTimeout: 120_000 });

const LOCATION = { file: DESK, line: ASSESSED_AT };

let trading: Trading;
let spare: Server;
let page: Page;

beforeAll(async () => {
  trading = await openTrading();
  // So little that one capture is too much.
  spare = await trading.startTrades({ DORMOUSE_TAGS: 'region=eu', DORMOUSE_MAX_CPU: '0.001' });
  ({ page } = await visit(trading.browser, trading.stage, '#/fleet/trades'));
  await signIn(page, trading.stage);
}, 120_000);

afterAll(() => trading.close());

afterEach(() => trading.removeProbes());

const processes = (): Locator => page.getByRole('listbox', { name: 'Processes of trades' });

/** Goes to a process by the arrows. */
async function goToRow(server: Server): Promise<void> {
  await press(processes(), 'Home');
  for (let moves = 0; (await rowOf(server).getAttribute('aria-selected')) !== 'true' && moves < 5; moves++)
    await page.keyboard.press('ArrowDown');
  expect(await rowOf(server).getAttribute('aria-selected')).toBe('true');
}

const rowOf = ({ pid }: Server): Locator =>
  processes()
    .getByRole('option')
    .filter({ hasText: new RegExp(`\\b${pid}\\b`) });

it('finds a process, and tells its build, its health and what probes may take of it', async () => {
  await processes().getByRole('option').nth(1).waitFor();
  await page.keyboard.press('/');
  await type(page, 'region=eu ready');
  await page.getByText('1 of 2', { exact: true }).waitFor();
  await press(processes(), 'ArrowDown');
  const detail = page.getByRole('complementary', { name: new RegExp(`^Process .* ${spare.pid}$`) });
  await detail.getByText('Nothing is armed').waitFor();
  expect(await detail.locator('dl').textContent()).toMatch(/Build [\da-f]{12}.*Node \d+.*region=eu/);
  expect(await detail.getByRole('row', { name: /^Main thread/ }).textContent()).toMatch(
    /idle, 0 ms.*0.001 %/,
  );
  expect(page.url()).toContain('process=');
  expect(await violations(page)).toEqual([]);
  await press(detail.getByRole('button', { name: 'Close' }));
  await detail.waitFor({ state: 'detached' });
  await write(page.getByLabel('Filter processes'), '');
});

it('tells what probes take of a process while they are armed, and puts in order by that', async () => {
  await trading.ask({
    kind: 'snapshot',
    location: LOCATION,
    limits: { hits: 100_000, hitsPerSecond: 1_000 },
  });
  const busy = rowOf(trading.trades);
  await expect
    .poll(() => busy.locator('.overhead').textContent())
    .toMatch(/^(?!0 %)(?:< )?[\d.]+ % overhead$/);
  await press(page.getByRole('button', { name: 'Overhead' }));
  const first = processes().getByRole('option').first();
  await expect.poll(() => first.textContent()).toContain(String(trading.trades.pid));
  await page.keyboard.press('Enter');
  await expect.poll(() => first.textContent()).toContain(String(spare.pid));
});

it('says why a probe does not hit', async () => {
  await trading.ask({ kind: 'snapshot', location: LOCATION, condition: 'order.amount < 0' });
  const underWay = page.getByRole('region', { name: 'Probes on their way' });
  await underWay.getByText(/^The line ran \d+ times?, and the condition held in none of them\.$/).waitFor();
  await goToRow(trading.trades);
  await page.getByText(/skipped: the condition did not hold/).waitFor();
  expect(await violations(page)).toEqual([]);
});

it('shows how far a canary has come, until all have the probe', async () => {
  await trading.ask({
    kind: 'histogram',
    location: LOCATION,
    value: 'order.amount',
    target: { canary: { quietMs: 2_000 } },
  });
  const underWay = page.getByRole('region', { name: 'Probes on their way' });
  await underWay.getByText(/^Tried out in 1 of 2 processes; the others follow in \d s/).waitFor();
  await underWay.getByRole('progressbar').waitFor();
  await expect.poll(() => rowOf(spare).locator('.armed').textContent()).toBe('1 armed');
  await expect.poll(() => rowOf(trading.trades).locator('.armed').textContent()).toBe('1 armed');
  await press(underWay.getByRole('link'));
  await page.getByRole('region', { name: /^Probe at order-desk/ }).waitFor();
  await press(page.getByRole('link', { name: 'Fleet' }));
  await processes().waitFor();
});

it('tells when a process rests because its probes took too much of it', async () => {
  await trading.ask({
    kind: 'snapshot',
    location: LOCATION,
    limits: { hits: 1_000, hitsPerSecond: 1_000 },
  });
  const traffic = await startTraffic(spare.url);
  await expect.poll(() => rowOf(spare).locator('.health').textContent()).toMatch(/^rests for \d+ s: /);
  await traffic.stop();
});

it('switches off the probes of a service, and of one process, each after a reason was given', async () => {
  const dialog = page.getByRole('dialog');
  const give = async (reason: string): Promise<void> => {
    expect(await dialog.getByRole('button', { name: 'Switch off' }).isDisabled()).toBe(true);
    await type(page, reason);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  };
  const ofTrades = page.getByRole('button', { name: 'Switch off all probes of trades' });
  await press(ofTrades);
  await dialog.waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect((await stopOf(page)).name).toBe('button Switch off all probes of trades');
  await page.keyboard.press('Enter');
  await give('The market opens.');
  await expect
    .poll(() => rowOf(trading.trades).locator('.health').textContent())
    .toBe('switched off: The market opens.');
  // The same button, which has kept the focus.
  await page.getByRole('button', { name: 'Switch on again: all probes of trades' }).waitFor();
  expect((await stopOf(page)).name).toBe('button Switch on again: all probes of trades');
  await page.keyboard.press('Enter');
  await expect.poll(() => rowOf(trading.trades).locator('.health').textContent()).toBe('ready');

  await goToRow(spare);
  const one = `all probes in process ${spare.pid} of trades`;
  await press(page.getByRole('button', { name: `Switch off ${one}` }));
  await give('It is slow.');
  await expect.poll(() => rowOf(spare).locator('.health').textContent()).toBe('switched off: It is slow.');
  await press(page.getByRole('button', { name: `Switch on again: ${one}` }));
  await tabTo(page.getByRole('button', { name: `Switch off ${one}` }));
});

it('tells which processes have gone', async () => {
  await go(page, '#/fleet/trades');
  await spare.stop();
  await expect.poll(() => rowOf(spare).locator('.health').textContent()).toMatch(/^gone, seen \d+ s ago$/);
  await page.getByText('2 of 3 processes connected').waitFor();
});
