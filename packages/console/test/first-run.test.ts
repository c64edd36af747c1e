import type { LinkView } from '@dormouse/protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { publishSources } from '../../../scripts/demo/publish-sources.ts';
import { visit } from './support/browser.ts';
import { goTo, pick, tabTo, type, write } from './support/keyboard.ts';
import { GATE, openTrading, sendBlockTrades, type Trading } from './support/trading.ts';

/** Somebody who has never seen Dormouse, and has no pointer, knows this much: some large trades skip the fraud check, and nothing says why. */

vi.setConfig({ testTimeout: 120_000 });

let trading: Trading;

beforeAll(async () => {
  trading = await openTrading({ rate: 0 });
  await publishSources(trading.stage.api, 'trades');
}, 120_000);

afterAll(() => trading.close());

it('finds the example’s bug by what the page itself says, from the demo’s link on', async () => {
  const { path } = (await trading.stage.api.call('POST', '/console-links', {})) as LinkView;
  const link = `${path}&returnTo=${encodeURIComponent('/#/source/trades')}`;
  const { page } = await visit(trading.browser, trading.stage, link.slice(1));

  await page.getByRole('heading', { name: 'Ask trades what it does, while it does it' }).waitFor();
  await page.getByText('press / and type a function’s name').waitFor();
  await page.keyboard.press('/');
  await type(page, 'fraud');
  const found = page.getByRole('button', { name: /RiskGate\.assess/ });
  await found.waitFor();
  await goTo(found, 'ArrowDown');
  await page.keyboard.press('Enter');

  // What is read there decides who is asked about: highValue has to be true.
  const decision = page.getByText('if (order.highValue === true) {');
  await decision.waitFor();
  await page.getByText('Enter or a click beside a line places a probe').waitFor();
  await tabTo(page.getByRole('textbox', { name: GATE }));
  while ((await page.locator('.cm-activeLine').innerText()).trim() !== (await decision.innerText()).trim())
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await pick(page.getByRole('dialog').getByRole('radio', { name: 'Check' }));
  await page.getByText('Whether something always holds; what violates it is the proof.').waitFor();
  // The field shows how one asks for it.
  await page.getByText("typeof highValue === 'boolean'").waitFor();
  await write(page.getByLabel('Must always hold'), "typeof order.highValue === 'boolean'");
  await page.keyboard.press('Enter');

  await page.getByText(/Armed in 1 process/).waitFor();
  await sendBlockTrades(trading.trades);
  await page.getByText(/^Violated \d+ times?$/).waitFor();
  await tabTo(page.getByRole('tree', { name: 'Variables' }).locator('[tabindex="0"]'));
  await goTo(page.getByRole('treeitem', { name: /^order ?:/ }), 'ArrowDown');
  await page.keyboard.press('ArrowRight');
  const flag = page.getByRole('treeitem', { name: /^highValue ?:/ });
  await expect.poll(() => flag.textContent()).toMatch(/"true"\s*$/);
});
