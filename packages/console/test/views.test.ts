import type { ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../../scripts/lib/api.ts';
import { VIEWS, type View } from '../src/state/views.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit, type Visitor } from './support/browser.ts';
import { isSeen, walk } from './support/keyboard.ts';
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

/** What stands where for those who listen: landmarks, headings, and what is told when it changes. */
const HEADER = /- banner:[^]*- navigation "Views":[^]*- status: Live[^]*- main:/;
const HEARD: Readonly<Record<View, RegExp>> = {
  source: heard(
    /- heading "Source of trades" \[level=1\]/,
    /- region "Files and functions":/,
    /- tree "Files":/,
    /- treeitem "order-desk.ts 2 active probes" \[level=4\] \[selected\]/,
    /- heading "Debug sessions" \[level=2\]/,
    /- textbox "src\/trades\/orders\/order-desk\.ts\. Enter places a probe on the line\."/,
    /- region "Probe at order-desk\.ts:\d+":/,
    /- status: Armed in 2 processes, /,
    /- listbox "Captures, newest first":/,
  ),
  evidence: heard(
    /- heading "Evidence from trades" \[level=1\]/,
    /- region "Probes":/,
    /- listbox "Probes":/,
    /- group "Active":/,
    /option "snapshot order-desk\.ts:\d+ \d+ hits/,
    /- region "Probe at order-desk\.ts:\d+":/,
    /- heading "order-desk\.ts:\d+ OrderDesk\.place" \[level=2\]:/,
    /- article "Capture of /,
    /- heading "Variables" \[level=3\]/,
    /- tree "Variables":/,
    /- heading "Stack" \[level=3\]/,
  ),
  tail: heard(
    /- heading "Live tail of trades" \[level=1\]/,
    /- region "Live tail":/,
    /- searchbox "Filter rows"/,
    /- listbox "What happened, oldest first"/,
  ),
  fleet: heard(
    /- heading "Fleet, with the processes of trades" \[level=1\]/,
    /- table "Services":/,
    /- button "Switch off all probes of trades": Switch off/,
    /- heading "trades" \[level=2\]/,
    /- status: 2 of 2/,
    /- listbox "Processes of trades":/,
    /option ".* ready 2 armed [^"]* overhead \d+ captures /,
  ),
  governance: heard(
    /- heading "Governance" \[level=1\]/,
    /- navigation "Governance":/,
    /- region "Tokens":/,
    /- heading "Tokens" \[level=2\]/,
    /- table "Tokens":/,
  ),
};

/** The header comes first; then what chooses, and after it what was chosen. */
const ORDER: Readonly<Record<View, RegExp>> = {
  source:
    /^select[^]*a Source[^]*Sign out[^]*Search files[^]*order-desk\.ts 2[^]*Begin a debug[^]*textbox src[^]*button Stop/,
  evidence:
    /^select[^]*a Source[^]*Sign out[^]*button Probes[^]*Search probes[^]*option snapshot[^]*button Stop[^]*treeitem/,
  tail: /^select[^]*a Source[^]*Sign out[^]*Filter rows[^]*select Level[^]*button Pause[^]*listbox/,
  fleet: /^select[^]*a Source[^]*Sign out[^]*Switch off all[^]*Filter processes[^]*Health[^]*listbox/,
  governance: /^select[^]*a Source[^]*Sign out[^]*a You[^]*a Audit trail[^]*New token[^]*Rotate/,
};

function heard(...parts: readonly RegExp[]): RegExp {
  return new RegExp([HEADER, ...parts].map(({ source }) => source).join('[^]*'));
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
    expect(await on.locator('body').ariaSnapshot()).toMatch(HEARD[view]);
    await on.setViewportSize({ width: 768, height: 1_024 });
    expect(await beyondTheEdge(on)).toEqual([]);
    await on.close();
  });

  it('is gone through by Tab, whose every stop is seen in both themes, from the top of the page to its end', async () => {
    await go(page, placeIn(view));
    await settle(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const stops = await walk(page);
      expect(stops.filter((stop) => !isSeen(stop))).toEqual([]);
      expect(stops.map(({ name }) => name).join('\n')).toMatch(ORDER[view]);
    }
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
