import type { MintedToken } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { go, signIn, visit } from './support/browser.ts';
import { choose, press, write } from './support/keyboard.ts';
import { ASSESSED_AT, DESK, openTrading, type Trading } from './support/trading.ts';

/** What one copies from the address bar shows another person the same; and what others do is seen soon. */

vi.setConfig({ testTimeout: 120_000 });

const STAGING = 'default/default/staging';
const HERE = 'default/default/default';

let trading: Trading;
let page: Page;

beforeAll(async () => {
  trading = await openTrading();
  page = await arrive('#/source/trades');
}, 120_000);

afterAll(() => trading.close());

async function arrive(hash: string, token?: string): Promise<Page> {
  const visitor = await visit(trading.browser, trading.stage, hash);
  await signIn(visitor.page, trading.stage, token);
  return visitor.page;
}

const hashOf = (of: Page): string => new URL(of.url()).hash;

it('leads to a row of the tail, by the filter that found it', async () => {
  const log = await trading.ask({
    kind: 'log',
    location: { file: DESK, line: ASSESSED_AT },
    template: 'placed {order.id} of {order.account}',
    limits: { hits: 20 },
  });
  await trading.captured(log, 3);
  await go(page, '#/tail/trades');
  await write(page.getByRole('searchbox', { name: 'Filter rows' }), 'placed ord');
  await choose(page.getByLabel('Level'), 'info and above');
  const rows = page.getByRole('listbox');
  await rows.getByRole('option').first().waitFor();
  await press(rows, 'Home');
  const chosen = (of: Page) => of.getByRole('listbox').getByRole('option', { selected: true }).textContent();
  const row = await chosen(page);
  expect(row).toContain('placed ord_');

  const other = await arrive(hashOf(page));
  expect(await chosen(other)).toBe(row);
  await other.getByRole('complementary', { name: 'The chosen row' }).waitFor();
  expect(await other.getByRole('searchbox', { name: 'Filter rows' }).inputValue()).toBe('placed ord');
  expect(await other.getByLabel('Level').inputValue()).toBe('info');

  await press(page.getByRole('button', { name: 'Close' }));
  await expect.poll(() => hashOf(page)).not.toContain('capture=');
});

it('shows a debug session that another one has begun a moment ago', async () => {
  await go(page, '#/source/trades');
  await page.getByRole('region', { name: 'Debug sessions' }).waitFor();
  const { id } = (await trading.stage.api.call('POST', '/groups', {
    name: 'unscored trades',
    expiresInMs: 60_000,
  })) as { id: string };
  const session = page.getByRole('button', { name: /^unscored trades/ });
  await session.waitFor({ timeout: 10_000 });
  await trading.stage.api.call('DELETE', `/groups/${id}`);
  await session.waitFor({ state: 'detached', timeout: 10_000 });
});

describe('into an environment', () => {
  beforeAll(() => trading.stage.api.call('POST', '/places', { place: STAGING }));
  // Who sees several has to name one with every request.
  afterAll(() =>
    trading.stage.api.call('DELETE', `/places?${new URLSearchParams({ place: STAGING, confirm: STAGING })}`),
  );

  it('leads there, wherever one was last', async () => {
    const other = await arrive(`#/fleet?in=${STAGING}`);
    await other.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
    await go(page, `#/source/trades?file=${DESK}&line=${ASSESSED_AT}`);
    await expect.poll(() => hashOf(page)).toContain(`in=${HERE}&file=${DESK}`);
    await go(other, hashOf(page));
    await other.getByRole('textbox', { name: DESK }).waitFor();
    await other.getByRole('button', { name: `Environment: ${HERE}` }).waitFor();

    await other.goto(`${trading.stage.collector.url}/#/source`);
    await other.reload();
    await other.getByRole('button', { name: `Environment: ${HERE}` }).waitFor();
    expect(hashOf(other)).toContain(`in=${HERE}`);
  });

  it('says so to who may not see it, and offers the others', async () => {
    const { secret } = (await trading.stage.api.call('POST', '/tokens', {
      name: 'tester',
      place: STAGING,
      role: 'viewer',
      grants: [],
    })) as MintedToken;
    const tester = await arrive(`#/source/trades?in=${HERE}`, secret);
    await tester.getByRole('heading', { name: `You see no environment ${HERE}` }).waitFor();
    await write(tester.getByRole('combobox', { name: 'Environments' }), 'staging');
    await expect.poll(() => tester.getByRole('option').count()).toBe(1);
    await tester.keyboard.press('Enter');
    await tester.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
    expect(hashOf(tester)).toContain(`in=${STAGING}`);
  });
});
