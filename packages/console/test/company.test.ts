import type { MintedToken } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { violations } from './support/accessibility.ts';
import { go, signIn, visit } from './support/browser.ts';
import { ASSESSED_AT, DESK, openTrading, type Trading } from './support/trading.ts';

/** Several people look at the same service, each in a browser of their own. */

vi.setConfig({ testTimeout: 120_000 });

const LOCATION = { file: DESK, line: ASSESSED_AT };
const SOURCE = `#/source/trades?${new URLSearchParams({ file: DESK, line: String(ASSESSED_AT) })}`;

let trading: Trading;
let page: Page;

beforeAll(async () => {
  trading = await openTrading();
  page = await arrive();
}, 120_000);

afterAll(() => trading.close());

afterEach(() => trading.removeProbes());

async function arrive(token?: string): Promise<Page> {
  const visitor = await visit(trading.browser, trading.stage, SOURCE);
  await signIn(visitor.page, trading.stage, token);
  return visitor.page;
}

it('shows each what the other one places, and when it ends', async () => {
  const other = await arrive();
  await go(other, '#/evidence/trades');
  await page.getByRole('textbox', { name: DESK }).press('Enter');
  await page.getByRole('button', { name: 'Place', exact: true }).press('Enter');
  const probes = other.getByRole('listbox', { name: 'Probes' }).getByRole('option');
  await expect.poll(() => probes.count()).toBe(1);

  const log = await trading.ask({ kind: 'log', location: LOCATION, template: '{order.id}' });
  await go(page, `${SOURCE}&probe=${log.id}`);
  await go(other, `#/evidence/trades?probe=${log.id}`);
  await other.getByRole('button', { name: 'Stop' }).press('Enter');
  await page.getByText('Ended: removed').waitFor();
});

it('lets one sign out the other, who goes on where the session ended', async () => {
  const other = await arrive();
  await go(page, '#/governance/trades?section=you');
  await page.getByRole('button', { name: 'Sign out there' }).first().press('Enter');
  await other.getByText('Your session has ended.').waitFor();
  expect(await violations(other)).toEqual([]);
  await signIn(other, trading.stage);
  await other.getByRole('textbox', { name: DESK }).waitFor();
});

it('shows who may not read values their types, and says why nothing else is possible', async () => {
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
  const order = auditor.getByRole('treeitem', { name: /^order ?:/ });
  await order.press('ArrowRight');
  await auditor.getByRole('treeitem', { name: /^id ?:/ }).waitFor();
  expect(await auditor.getByRole('treeitem', { name: /^id ?:/ }).textContent()).not.toMatch(/"/);
  await auditor.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect.poll(() => auditor.getByRole('alert').textContent()).toMatch(/may not|probes:write|role/);
  await go(auditor, '#/fleet/trades');
  await auditor.getByRole('button', { name: 'Switch off all probes of trades' }).press('Enter');
  await auditor.keyboard.type('I want to');
  await auditor.keyboard.press('Enter');
  await auditor.getByRole('dialog').getByRole('alert').waitFor();
  expect(await violations(auditor)).toEqual([]);
});
