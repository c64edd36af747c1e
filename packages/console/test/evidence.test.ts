import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../../scripts/lib/api.ts';
import { exampleRequests } from '../../../scripts/lib/example.ts';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit } from './support/browser.ts';
import { choose, goTo, pick, press, tabTo, write } from './support/keyboard.ts';
import { ASSESSED_AT, DESK, GATE, GATE_LINE, openTrading, type Trading, warmUp } from './support/trading.ts';

/** People at a real Chromium follow requests through two real, woven and traced services; they have no pointer. */

const MARKUP = '<img src=x onerror=alert(1)>';

// A browser, a collector and two services on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let trading: Trading;
let page: Page;

beforeAll(async () => {
  trading = await openTrading({ rate: 0, traced: true });
  await warmUp(trading);
  ({ page } = await visit(trading.browser, trading.stage, '#/fleet/trades'));
  await signIn(page, trading.stage);
}, 120_000);

afterAll(() => trading.close());

afterEach(() => trading.removeProbes());

/** Places a probe, and waits until every process has it. */
async function ask(request: Omit<ProbeRequest, 'service'>, service = 'trades'): Promise<ProbeView> {
  const { api } = trading.stage;
  const { id } = await api.createProbe({ service, ...request });
  return until('the probe is armed', async () => {
    const probe = await api.probe(id);
    return probe.agents.some(({ state }) => state === 'armed') ? probe : undefined;
  });
}

/** Orders of the example's clients; each can be sent once. */
const orders = (await exampleRequests(23, 600)).filter(({ path, body }) => path === '/orders' && body);

async function send(count: number): Promise<void> {
  for (const { method, path, headers, body } of orders.splice(0, count))
    await fetch(new URL(path, trading.trades.url), { method, headers, body: body ?? null });
}

/** A probe that has captured orders. */
async function asked(request: Omit<ProbeRequest, 'service' | 'location'>, count = 1): Promise<ProbeView> {
  const probe = await ask({ ...request, location: { file: DESK, line: ASSESSED_AT } });
  await send(6 * count);
  await trading.captured(probe, count);
  return probe;
}

const way = (name: string): Locator =>
  page.getByRole('group', { name: 'By' }).getByRole('button', { name, exact: true });

describe('a trace', () => {
  const rows = (): Locator => page.getByRole('treegrid').getByRole('row');

  it('shows what all probes found in one request, in both services, and leads to each by keyboard alone', async () => {
    const placed = await ask({
      kind: 'span',
      location: { file: DESK, function: 'OrderDesk.place' },
      name: `place ${MARKUP}`,
      attributes: { side: 'draft.side', markup: `'${MARKUP}'` },
    });
    await ask({
      kind: 'log',
      location: { file: GATE, line: GATE_LINE },
      template: `assesses {order.id} ${MARKUP}`,
    });
    const scored = await ask(
      { kind: 'span', location: { file: 'src/fraud/score-card.ts', function: 'ScoreCard.score' } },
      'fraud',
    );
    await send(40);
    const [score] = await trading.captured(scored);
    await until('the rest of its trace', async () =>
      (await trading.stage.api.captures({ probe: placed.id, limit: 100 })).find(
        ({ traceId }) => traceId === score!.traceId,
      ),
    );

    await go(page, `#/evidence/fraud?probe=${scored.id}&capture=${score!.id}`);
    await press(page.getByRole('link', { name: 'Everything of its trace' }));
    await rows().nth(2).waitFor();
    await page.getByText(/^2 spans and 1 other capture of 2 services/).waitFor();
    expect(await page.getByRole('treegrid').locator('img').count()).toBe(0);
    expect(await violations(page)).toEqual([]);

    const chosen = page.locator('[role=row][tabindex="0"]');
    await tabTo(chosen);
    const span = rows()
      .filter({ hasText: `place ${MARKUP}` })
      .first();
    await page.keyboard.press('Home');
    await goTo(span, 'ArrowDown');
    await expect.poll(() => page.getByRole('article').textContent()).toContain(`markup ${MARKUP}`);
    await page.keyboard.press('Home');
    const unfolded = await rows().count();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => rows().count()).toBeLessThan(unfolded);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => rows().count()).toBe(unfolded);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => rows().nth(2).getAttribute('aria-selected')).toBe('true');
  });

  it('is found by its id, and says when there is none', async () => {
    await go(page, '#/evidence/trades');
    await press(way('Trace'));
    await page.getByRole('heading', { name: /^The latest requests/ }).waitFor();
    await press(page.getByRole('link', { name: /captures?$/ }).first());
    await rows().nth(1).waitFor();
    const field = page.getByRole('searchbox', { name: 'Id of a trace' });
    await write(field, '4bf9');
    await page.keyboard.press('Enter');
    await page.getByText('The id of a trace has 32 digits').waitFor();
    await write(field, '0'.repeat(31) + '1');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing of this trace was captured.').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('captures', () => {
  it('of a probe that is chosen from the list are gone through, unfolded and compared by keyboard', async () => {
    const snapshot = await asked({ kind: 'snapshot' }, 3);
    await go(page, '#/evidence/trades');
    const probes = page.getByRole('listbox', { name: 'Probes' });
    await tabTo(probes.locator('[tabindex="0"]'));
    await goTo(probes.locator(`[data-id="${snapshot.id}"]`), 'ArrowDown');
    await page.keyboard.press('Enter');

    const captures = page.getByRole('listbox', { name: 'Captures, newest first' }).getByRole('option');
    await tabTo(captures.first());
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => captures.nth(1).getAttribute('aria-selected')).toBe('true');
    const members = page.getByRole('tree', { name: 'Variables' }).getByRole('treeitem');
    await tabTo(members.first());
    await goTo(page.getByRole('treeitem', { name: /^order ?:/ }), 'ArrowDown');
    const folded = await members.count();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => members.count()).toBeGreaterThan(folded + 5);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => members.count()).toBe(folded);

    await press(page.getByRole('button', { name: 'Compare with another capture' }));
    const id = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'order.id', exact: true }) });
    await expect.poll(() => id.locator('mark').count()).toBe(2);
    const before = await id.textContent();
    await press(page.getByRole('combobox', { name: 'The other capture' }), 'ArrowDown');
    await expect.poll(() => id.textContent()).not.toBe(before);
    await press(page.getByRole('button', { name: 'Show all, with what differs marked' }), 'Space');
    await expect.poll(() => page.locator('.changed[role=treeitem]').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
  });

  it('are searched for within a time, shared by a link, and saved as a file', async () => {
    const log = await asked({ kind: 'log', template: 'needle in {order.symbol}' });
    await go(page, '#/evidence/trades');
    await press(way('Search'));
    await choose(page.getByRole('combobox', { name: 'When' }), 'in the last hour');
    await write(page.getByRole('searchbox', { name: 'Search captures' }), 'needle in');
    await page.keyboard.press('Enter');
    await page.getByText(/^\d+ captures? found/).waitFor();
    expect(await page.evaluate('location.hash')).toMatch(/text=needle\+in&from=\d+/);
    await press(page.getByRole('list', { name: 'Captures that were found' }).getByRole('button').first());
    await page.getByRole('link', { name: 'Its probe' }).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(page.getByRole('article').getByRole('button', { name: 'Copy a link' }));
    await page.getByRole('status').getByText('Link copied').waitFor({ state: 'attached' });
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(`probe=${log.id}&capture=`);

    const downloading = page.waitForEvent('download');
    await press(page.getByRole('button', { name: 'Export the captures as a file' }));
    const lines = await textOf(await downloading);
    expect(lines).toContain('"format":"dormouse-captures"');
    expect(lines).toContain('needle in');
  });

  it('are found by their values', async () => {
    const snapshot = await asked({ kind: 'snapshot' });
    const [first] = await trading.captured(snapshot);
    await go(page, '#/evidence/trades?by=search');
    await pick(page.getByRole('radio', { name: 'condition' }));
    await write(page.getByRole('searchbox', { name: 'Search captures' }), `order.id = "${idOf(first!)}"`);
    await page.keyboard.press('Enter');
    await page.getByText(/^1 capture found/).waitFor();
    await press(page.getByRole('list', { name: 'Captures that were found' }).getByRole('button'));
    await page.getByRole('article').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('metrics', () => {
  it('of a call tell what it ran and what it waited, each series alone, and are saved as a table', async () => {
    const timed = await ask({
      kind: 'duration',
      location: { file: GATE, function: 'RiskGate.assess' },
      by: 'account.segment',
    });
    await send(40);
    await trading.captured(timed);
    await go(page, `#/evidence/trades?probe=${timed.id}`);
    await page.getByRole('rowheader', { name: 'awaiting' }).first().waitFor();
    await page.getByRole('img', { name: /^Histogram: \d+ numbers/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    const scrub = page.getByRole('slider', { name: 'Distribution, second by second' });
    await press(scrub, 'ArrowLeft');
    await expect.poll(() => scrub.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d: median/);
    await press(page.getByRole('button', { name: /, returned$/ }).first());
    await page.getByText('Show all').waitFor();
    expect(await page.getByRole('img', { name: /^Median of each/ }).count()).toBe(0);
    await press(page.getByRole('button', { name: '5 min' }), 'Space');
    await expect.poll(() => scrub.getAttribute('max')).toBe('299');

    const downloading = page.waitForEvent('download');
    await press(page.getByRole('button', { name: /CSV/ }));
    expect(await textOf(await downloading)).toMatch(/^"time","Distribution: median"/);
  });

  it('of numbers are drawn as a distribution, with figures of each key', async () => {
    const histogram = await asked({ kind: 'histogram', value: 'order.amount', by: 'account.segment' });
    await go(page, `#/evidence/trades?probe=${histogram.id}`);
    await page.getByRole('img', { name: /^Distribution: median/ }).waitFor();
    await page.getByRole('rowheader', { name: 'retail' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

it('of what happens is a tail that is filtered, paused and gone through by keyboard, with markup as text', async () => {
  await ask({
    kind: 'log',
    location: { file: DESK, line: ASSESSED_AT },
    template: '<img src=x> <b>{order.id}</b>',
    limits: { hits: 100, hitsPerSecond: 100 },
  });
  await go(page, '#/tail/trades');
  const list = page.getByRole('listbox', { name: /What happened/ });
  const rows = list.getByRole('option');
  const filter = page.getByLabel('Filter rows');
  await filter.waitFor();
  await send(12);
  await expect.poll(() => rows.last().textContent()).toContain('<img src=x> <b>');
  expect(await page.locator('.rows img, .rows b').count()).toBe(0);
  await write(filter, 'nothing has this');
  await expect.poll(() => rows.count()).toBe(0);
  await write(filter, 'order-desk');
  await expect.poll(() => rows.count()).toBeGreaterThan(0);

  await press(page.getByRole('button', { name: 'Pause' }));
  const count = page.getByText(/^\d+ rows/);
  const paused = await count.textContent();
  await send(12);
  expect(await count.textContent()).toBe(paused);
  await page.keyboard.press('Enter');
  await expect.poll(() => count.textContent()).not.toBe(paused);

  await press(list, 'Home');
  await page.getByRole('article').waitFor();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => rows.nth(1).getAttribute('aria-selected')).toBe('true');
  expect(await violations(page)).toEqual([]);
  await press(page.getByRole('button', { name: 'Close' }));
  await page.getByRole('article').waitFor({ state: 'detached' });
});

async function textOf(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  let text = '';
  for await (const chunk of (await download.createReadStream()).setEncoding('utf8')) text += String(chunk);
  return text;
}

/** Of the order that a snapshot shows. */
function idOf({ locals = [] }: CaptureView): string {
  const order = locals.find(({ key }) => key === 'order')?.value;
  const id = order?.type === 'object' ? order.properties.find(({ key }) => key === 'id')?.value : undefined;
  if (id?.type !== 'string') throw new Error('The snapshot shows no order.');
  return id.value;
}
