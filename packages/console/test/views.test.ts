import type { ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../../scripts/lib/api.ts';
import { VIEWS, type View } from '../src/state/views.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit, type Visitor } from './support/browser.ts';
import { beyondTheEdge, moving, shiftsOf, watchShifts } from './support/layout.ts';
import { ASSESSED_AT, DESK, openTrading, sendNote, type Trading } from './support/trading.ts';

/** What every view promises: each of the route's views, so that a new one is held to it as well. */

vi.setConfig({ testTimeout: 120_000 });

/** What would run, or fetch, if it ever became markup. */
const HOSTILE = '<img src="//stranger.invalid/x" onerror="alert(1)"><script>alert(2)</script>';

/** Of what is live something may move a little: half of what Web Vitals call good. */
const LEAST_SHIFT = 0.05;

const LOCATION = { file: DESK, line: ASSESSED_AT };

let trading: Trading;
let visitor: Visitor;
let page: Page;
let snapshot: ProbeView;
let log: ProbeView;

beforeAll(async () => {
  trading = await openTrading();
  await trading.startTrades({ DORMOUSE_TAGS: `note=${HOSTILE}`, DORMOUSE_VERSION: HOSTILE });
  const condition = `order.note === ${JSON.stringify(HOSTILE)}`;
  snapshot = await trading.ask({
    kind: 'snapshot',
    location: LOCATION,
    condition,
    watches: ['order.note'],
    owner: HOSTILE,
  });
  log = await trading.ask({ kind: 'log', location: LOCATION, condition, template: 'note: {order.note}' });
  await until('both are armed', async () => {
    const probes = await trading.stage.api.probes();
    return probes.every(({ agents }) => agents.every(({ state }) => state === 'armed')) || undefined;
  });
  await trading.stage.api.call('POST', '/tokens', { name: HOSTILE, place: 'default/default/default' });
  await sendNote(trading.trades, HOSTILE);
  await Promise.all([trading.captured(snapshot), trading.captured(log)]);
  visitor = await visit(trading.browser, trading.stage);
  ({ page } = visitor);
  await signIn(page, trading.stage);
}, 120_000);

afterAll(() => trading.close());

/** Each view with as much in it as there can be. */
function placeIn(view: View): string {
  const open: Readonly<Record<View, Record<string, string>>> = {
    source: { file: DESK, line: String(ASSESSED_AT), probe: log.id },
    evidence: { probe: snapshot.id },
    tail: {},
    fleet: {},
    governance: { section: 'tokens' },
  };
  return `#/${view}/trades?${new URLSearchParams(open[view])}`;
}

async function settle(on: Page): Promise<void> {
  await on.locator('main h1').waitFor({ state: 'attached' });
  await on.getByText('Live', { exact: true }).waitFor();
  await on.waitForTimeout(400);
}

describe.each(VIEWS)('the view %s', (view) => {
  it('is there at once and stays where it is, in both themes, on a tablet, and for those who want no motion', async () => {
    const on = await visitor.tab('');
    await watchShifts(on);
    await on.goto('about:blank');
    await on.goto(`${trading.stage.collector.url}/${placeIn(view)}`);
    await settle(on);
    expect((await shiftsOf(on)).filter(({ value }) => value >= LEAST_SHIFT)).toEqual([]);
    expect(await violations(on)).toEqual([]);
    expect(await moving(on)).toEqual([]);
    await on.setViewportSize({ width: 768, height: 1_024 });
    expect(await beyondTheEdge(on)).toEqual([]);
    await on.close();
  });

  it('shows captured markup as text', async () => {
    await go(page, placeIn(view));
    await settle(page);
    await page.getByText(HOSTILE).filter({ visible: true }).first().waitFor();
    expect(await page.locator('img[src*=stranger], main script').count()).toBe(0);
  });
});

it('survives a restart of the collector in every view, says so, goes on, and loses nothing', async () => {
  const tabs = new Map<View, Page>();
  for (const view of VIEWS) {
    const on = await visitor.tab(placeIn(view));
    await settle(on);
    tabs.set(view, on);
  }
  const orders = await trading.ask({
    kind: 'log',
    location: LOCATION,
    template: 'placed {order.id}',
    limits: { hits: 1_000, hitsPerSecond: 5 },
  });
  await trading.captured(orders, 10);
  const restarted = trading.stage.restartCollector();
  await Promise.all([...tabs.values()].map((on) => on.getByText('Collector lost, reconnecting…').waitFor()));
  await restarted;
  await Promise.all([...tabs.values()].map((on) => on.getByText('Live', { exact: true }).waitFor()));

  const tail = tabs.get('tail')!;
  await tail.getByLabel('Probe').selectOption(orders.id);
  const shown = async (): Promise<number> =>
    Number((await tail.locator('.count').textContent())?.replaceAll(/\D/g, ''));
  const atRestart = await shown();
  await expect.poll(shown).toBeGreaterThan(atRestart + 5);
  await trading.stage.api.removeProbe(orders.id);
  const stored = async (): Promise<number> =>
    ((await trading.stage.api.captures({ probe: orders.id, limit: 1_000 })) as unknown[]).length;
  await expect.poll(async () => (await shown()) - (await stored()), { timeout: 60_000 }).toBe(0);
  expect(await tail.getByRole('option', { name: /placed/ }).count()).toBeGreaterThan(5);
  await Promise.all([...tabs.values()].map((on) => on.close()));
});
