import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { until } from '../../../scripts/lib/api.ts';
import { exampleRequests, lineOf } from '../../../scripts/lib/example.ts';
import type { Server } from '../../../scripts/lib/processes.ts';
import { NEVER_RESTING, openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { violations } from './support/accessibility.ts';
import { go, openBrowser, signIn, visit } from './support/browser.ts';
import { removeProbes } from './support/trading.ts';

/** People at a real Chromium follow requests through two real, woven and traced services. */

const DESK = 'src/trades/orders/order-desk.ts';
const GATE = 'src/trades/risk/risk-gate.ts';
const GATE_LINE = lineOf(GATE, 'order.highValue === true');
const ASSESSED_AT = lineOf(DESK, 'const record = orders.add(');
const MARKUP = '<img src=x onerror=alert(1)>';

// A browser, a collector and two services on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let stage: Stage;
let trades: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const env = NEVER_RESTING;
  [stage, browser] = await Promise.all([openStage(), openBrowser()]);
  const fraud = await stage.startService('fraud', { traced: true, env });
  trades = await stage.startService('trades', { traced: true, env: { ...env, FRAUD_URL: fraud.url } });
  ({ page } = await visit(browser, stage, '#/fleet/trades'));
  await signIn(page, stage);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await stage.close();
});

afterEach(() => removeProbes(stage));

/** Places a probe, and waits until every process has it. */
async function ask(request: Omit<ProbeRequest, 'service'>, service = 'trades'): Promise<ProbeView> {
  const { id } = await stage.api.createProbe({ service, ...request });
  return until('the probe is armed', async () => {
    const probe = await stage.api.probe(id);
    return probe.agents.some(({ state }) => state === 'armed') ? probe : undefined;
  });
}

const captured = (probe: ProbeView, count = 1): Promise<readonly CaptureView[]> =>
  until(`${count} captures`, async () => {
    const captures = await stage.api.captures({ probe: probe.id });
    return captures.length >= count ? captures : undefined;
  });

/** Orders of the example's clients; each can be sent once. */
const orders = (await exampleRequests(23, 600)).filter(({ path, body }) => path === '/orders' && body);

async function send(count: number): Promise<void> {
  for (const { method, path, headers, body } of orders.splice(0, count))
    await fetch(new URL(path, trades.url), { method, headers, body: body ?? null });
}

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
    const [score] = await captured(scored);
    await until('the rest of its trace', async () =>
      (await stage.api.captures({ probe: placed.id, limit: 100 })).find(
        ({ traceId }) => traceId === score!.traceId,
      ),
    );

    await go(page, `#/evidence/fraud?probe=${scored.id}&capture=${score!.id}`);
    await page.getByRole('link', { name: 'Everything of its trace' }).press('Enter');
    await rows().nth(2).waitFor();
    await page.getByText(/^2 spans and 1 other capture of 2 services/).waitFor();
    expect(await page.getByRole('treegrid').locator('img').count()).toBe(0);
    expect(await violations(page)).toEqual([]);

    const span = rows()
      .filter({ hasText: `place ${MARKUP}` })
      .first();
    await span.focus();
    await page.keyboard.press('Enter');
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
    await go(page, '#/evidence/trades?by=trace');
    await page.getByRole('heading', { name: /^The latest requests/ }).waitFor();
    await page
      .getByRole('link', { name: /captures?$/ })
      .first()
      .press('Enter');
    await rows().nth(1).waitFor();
    await page.getByRole('searchbox', { name: 'Id of a trace' }).fill('4bf9');
    await page.keyboard.press('Enter');
    await page.getByText('The id of a trace has 32 digits').waitFor();
    await page.getByRole('searchbox', { name: 'Id of a trace' }).fill('0'.repeat(31) + '1');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing of this trace was captured.').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('captures', () => {
  it('are compared: what differs is marked, and the rest is folded', async () => {
    const snapshot = await ask({ kind: 'snapshot', location: { file: DESK, line: ASSESSED_AT } });
    await send(12);
    await captured(snapshot, 2);
    await go(page, `#/evidence/trades?probe=${snapshot.id}`);
    await page.getByRole('button', { name: 'Compare with another capture' }).press('Enter');
    const id = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'order.id', exact: true }) });
    await expect.poll(() => id.locator('mark').count()).toBe(2);
    await page.getByRole('button', { name: 'Show all, with what differs marked' }).press('Enter');
    await expect.poll(() => page.locator('.changed[role=treeitem]').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
  });

  it('are searched for within a time, shared by a link, and saved as a file', async () => {
    const log = await ask({
      kind: 'log',
      location: { file: DESK, line: ASSESSED_AT },
      template: 'needle in {order.symbol}',
    });
    await send(6);
    await captured(log);
    await go(page, '#/evidence/trades?by=search');
    await page.getByRole('searchbox', { name: 'Search captures' }).fill('needle in');
    await page.getByRole('combobox', { name: 'When' }).selectOption('in the last hour');
    await page.keyboard.press('Enter');
    await page.getByText(/^\d+ captures? found/).waitFor();
    expect(await page.evaluate('location.hash')).toMatch(/text=needle\+in&from=\d+/);
    await page.getByRole('list', { name: 'Captures that were found' }).getByRole('button').first().click();
    await page.getByRole('link', { name: 'Its probe' }).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('article').getByRole('button', { name: 'Copy a link' }).click();
    await page.getByRole('button', { name: 'Link copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(`probe=${log.id}&capture=`);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export the captures as a file' }).click();
    const lines = await textOf(await downloading);
    expect(lines).toContain('"format":"dormouse-captures"');
    expect(lines).toContain('needle in');
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
    await captured(timed);
    await go(page, `#/evidence/trades?probe=${timed.id}`);
    await page.getByRole('rowheader', { name: 'awaiting' }).first().waitFor();
    await page.getByRole('img', { name: /^Histogram: \d+ numbers/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    const scrub = page.getByRole('slider', { name: 'Distribution, second by second' });
    await scrub.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => scrub.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d: median/);
    const one = page.getByRole('button', { name: /, returned$/ }).first();
    await one.press('Enter');
    await page.getByText('Show all').waitFor();
    expect(await page.getByRole('img', { name: /^Median of each/ }).count()).toBe(0);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: /CSV/ }).click();
    expect(await textOf(await downloading)).toMatch(/^"time","Distribution: median"/);
  });
});

async function textOf(download: { createReadStream(): Promise<NodeJS.ReadableStream> }): Promise<string> {
  let text = '';
  for await (const chunk of (await download.createReadStream()).setEncoding('utf8')) text += String(chunk);
  return text;
}
