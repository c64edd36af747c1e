import type { GroupView, ProbeRequest, ProbeView, TemplateView } from '@dormouse/protocol';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publishSources } from '../../../scripts/demo/publish-sources.ts';
import { until } from '../../../scripts/lib/api.ts';
import { lineOf } from '../../../scripts/lib/example.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { ASKS } from '../src/views/source/place/asks.ts';
import { EMPTY, requestOf, type Draft } from '../src/views/source/place/draft.ts';
import { draftOf } from '../src/views/source/place/draft-of.ts';
import { violations } from './support/accessibility.ts';
import { openBrowser, signIn, visit } from './support/browser.ts';
import { choose, goTo, pick, press, stopOf, tabTo, write } from './support/keyboard.ts';
import { removeProbes } from './support/trading.ts';

/**
 * People at a real Chromium, who have no pointer, place probes of every kind where they read the code, at a real collector and a
 * woven service.
 */

const CARD = 'src/fraud/score-card.ts';
const LINE = lineOf(CARD, 'const present = [...presentIn(trade, earlier)]');

// A browser, a collector and a service on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let stage: Stage;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  browser = await openBrowser();
  await stage.startService('fraud');
  await publishSources(stage.api, 'fraud');
  ({ page } = await visit(browser, stage, '#/source/fraud'));
  await signIn(page, stage);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await stage.close();
});

afterEach(() => removeProbes(stage));

/** Follows a link to a line of the code, where no probe is, and asks for one by the keyboard. */
async function askAt(line: number): Promise<Locator> {
  await page.evaluate(`location.hash = '#/source/fraud'`);
  await page.evaluate(
    `location.hash = '#/source/fraud?${new URLSearchParams({ file: CARD, line: String(line) })}'`,
  );
  await page.getByText('const present = [...presentIn(trade, earlier)]').waitFor();
  await press(page.getByRole('textbox', { name: CARD }));
  const dialog = page.getByRole('dialog', { name: `Place a probe at score-card.ts:${line}` });
  await dialog.waitFor();
  return dialog;
}

const active = async (): Promise<readonly ProbeView[]> =>
  (await stage.api.probes()).filter(({ state }) => state === 'active');

const placed = (): Promise<ProbeView> => until('a probe', async () => (await active())[0]);

describe('the form for a probe', () => {
  it('makes requests of every kind that the collector takes', async () => {
    const [point] = await stage.api.points({ service: 'fraud', file: CARD, line: LINE });
    const drafts: Readonly<Partial<Record<string, Partial<Draft>>>> = {
      log: { template: 'scored {trade}' },
      check: { expect: 'trade !== null' },
      gauge: { value: '1' },
      histogram: { value: '1' },
      tictoc: { until: String(LINE + 1) },
      tag: { attributes: 'a = 1' },
    };
    for (const { kind } of ASKS.flat()) {
      const where = { ...point!, service: 'fraud' };
      const request: ProbeRequest = requestOf({ ...EMPTY, kind, ...drafts[kind] }, where);
      const probe = await stage.api.createProbe(request);
      expect(probe).toMatchObject({ kind, function: point!.function });
      const again = await stage.api.createProbe(requestOf(draftOf(probe), where));
      const { id, createdAt, expiresAt, agents } = again;
      expect(again).toEqual({ ...probe, id, createdAt, expiresAt, agents });
    }
  });

  it('says what is refused at its field, opens what is hidden, and places a span of lines for some processes', async () => {
    const dialog = await askAt(LINE);
    const summary = dialog.locator('summary').filter({ hasText: /^In the one process/ });
    const part = dialog.getByLabel('Part of them, %');
    await pick(dialog.getByRole('radio', { name: 'Tic–toc' }));
    await press(dialog.getByRole('button', { name: 'Place' }));
    await dialog.getByRole('alert').waitFor();
    await pick(dialog.getByRole('radio', { name: 'Span' }));
    await write(dialog.getByLabel('Name (optional)'), '<b>scoring</b>');
    await write(dialog.getByLabel('Until line'), String(LINE + 1));
    await press(summary);
    await write(part, '400');
    await press(summary);
    await press(dialog.getByRole('button', { name: 'Place' }));
    await dialog.getByRole('alert').waitFor();
    expect(await part.getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page)).toEqual([]);
    await write(part, '50');
    await choose(dialog.getByLabel('Try it in one first'), 'for 1 minute');
    await press(part);
    expect(await placed()).toMatchObject({
      kind: 'span',
      name: '<b>scoring</b>',
      until: { line: LINE + 1 },
      target: { share: 0.5, canary: { quietMs: 60_000 } },
    });
  });

  it('keeps Tab inside of it, both ways around, and gives the focus back where it came from', async () => {
    const dialog = await askAt(LINE);
    await pick(dialog.getByRole('radio', { name: 'Log', exact: true }));
    await page.keyboard.press('Shift+Tab');
    expect((await stopOf(page)).name).toBe('button Place');
    await page.keyboard.press('Tab');
    expect((await stopOf(page)).name).toBe('input Log');
    await press(dialog.getByRole('button', { name: 'Cancel' }), 'Escape');
    await dialog.waitFor({ state: 'detached' });
    expect((await stopOf(page)).name).toContain(CARD);
  });

  it('changes a probe by the keyboard: the new one takes the place of the former one', async () => {
    const former = await stage.api.createProbe({
      kind: 'snapshot',
      service: 'fraud',
      location: { file: CARD, function: 'ScoreCard.score' },
      condition: 'trade === null',
      on: 'throw',
    });
    await page.evaluate(
      `location.hash = '#/source/fraud?${new URLSearchParams({ file: CARD, line: String(LINE), probe: former.id })}'`,
    );
    await press(page.getByRole('button', { name: 'Change', exact: true }));
    const dialog = page.getByRole('dialog', { name: /^Change a probe at score-card\.ts/ });
    await expect.poll(() => dialog.getByLabel('When').inputValue()).toBe('throw');
    await press(dialog.getByLabel('Only if'), 'End');
    await page.keyboard.type(' || true');
    await page.keyboard.press('Enter');
    await until('the end', async () => (await stage.api.probe(former.id)).state === 'ended' || undefined);
    expect(await active()).toMatchObject([{ on: 'throw', condition: 'trade === null || true' }]);
  });

  it('follows a path into functions that are found by their names', async () => {
    const dialog = await askAt(LINE);
    await pick(dialog.getByRole('radio', { name: 'Path' }));
    const into = dialog.getByRole('combobox', { name: 'Follow into' });
    const without = dialog.getByRole('button', { name: /^Without .*presentIn/ });
    for (let times = 0; times < 2; times++) {
      await write(into, 'presentIn');
      await dialog.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await without.waitFor();
      if (times > 0) continue;
      await press(without);
      await without.waitFor({ state: 'detached' });
      expect((await stopOf(page)).name).toContain('Follow into');
    }
    expect(await violations(page)).toEqual([]);
    await press(dialog.getByRole('button', { name: 'Place' }));
    expect((await placed()).includes?.map((each) => each.function)).toEqual([
      expect.stringContaining('presentIn'),
    ]);
  });

  it('keeps a template, and places it at another line', async () => {
    const dialog = await askAt(LINE);
    await pick(dialog.getByRole('radio', { name: 'Count' }));
    await press(dialog.locator('summary').filter({ hasText: 'Keep it as a template' }));
    await write(dialog.getByRole('textbox', { name: 'Name', exact: true }), 'how-often');
    await page.keyboard.press('Enter');
    await dialog.getByText('Saved “how-often”, version 1.').waitFor();
    await page.keyboard.press('Escape');
    const saved = (await stage.api.call('GET', '/templates')) as { templates: TemplateView[] };
    expect(saved.templates).toMatchObject([{ name: 'how-often', request: { kind: 'counter' } }]);

    const other = await askAt(LINE + 1);
    await press(other.getByRole('button', { name: 'From a template…' }));
    expect(await violations(page)).toEqual([]);
    await press(other.getByRole('button', { name: 'Place', exact: true }));
    expect(await placed()).toMatchObject({ kind: 'counter', location: { line: LINE + 1 } });
  });

  it('fits into the window of a tablet', async () => {
    const { width, height } = page.viewportSize()!;
    await page.setViewportSize({ width: 768, height: 1_024 });
    const dialog = await askAt(LINE);
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(768);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(768);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width, height });
  });
});

it('begins a debug session by the keyboard, whose probes end with it', async () => {
  const sessions = page.getByRole('region', { name: 'Debug sessions' });
  const begin = sessions.getByRole('button', { name: /^Begin a debug session/ });
  await press(begin);
  await page.keyboard.press('Escape');
  await tabTo(begin);
  await page.keyboard.press('Enter');
  await page.keyboard.type('<img src=x> 4711');
  await page.keyboard.press('Enter');
  await sessions.getByRole('button', { name: /4711/, pressed: true }).waitFor();
  const dialog = await askAt(LINE);
  await press(dialog.getByRole('button', { name: 'Place' }));
  const { id, group } = await placed();
  await sessions.getByText(/^1 probe · /).waitFor();
  const { groups } = (await stage.api.call('GET', '/groups')) as { groups: GroupView[] };
  expect(groups).toMatchObject([{ id: group, name: '<img src=x> 4711' }]);
  await press(sessions.getByRole('button', { name: /^An hour more for/ }));
  await sessions.getByText(/ · 1 h$/).waitFor();
  expect(await violations(page)).toEqual([]);
  await press(sessions.getByRole('button', { name: /^End / }));
  await press(page.getByRole('dialog').getByRole('button', { name: 'End it' }));
  await until('the end', async () => (await stage.api.probe(id)).state === 'ended' || undefined);
  await sessions.getByRole('button', { name: /4711/ }).first().waitFor({ state: 'detached' });
  expect((await stopOf(page)).name).toContain('Begin a debug session');
});

it('leads through the files by the arrows, which fold and unfold folders', async () => {
  const files = page.getByRole('tree', { name: 'Files' });
  const item = (name: string): Locator => files.getByRole('treeitem', { name, exact: true });
  await tabTo(files.locator('[tabindex="0"]'));
  await page.keyboard.press('Home');
  await goTo(item('fraud'), 'ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await item('signals.ts').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await goTo(item('signals.ts'), 'ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'src/fraud/signals.ts' }).waitFor();
});

it('goes from theme to theme by key, and keeps the one that was chosen', async () => {
  const theme = page.getByRole('button', { name: /^Theme:/ });
  const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  await press(theme);
  const light = await ground();
  await page.keyboard.press('Enter');
  expect(await theme.getAttribute('aria-label')).toBe('Theme: dark');
  expect(await ground()).not.toBe(light);
  await page.reload();
  await theme.waitFor();
  expect(await theme.getAttribute('aria-label')).toBe('Theme: dark');
  await press(theme);
});

it('finds lines by their text, and goes to them by the arrows', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('[...presentIn(trade');
  const line = page.getByRole('button', { name: /presentIn\(trade.*score-card\.ts/ });
  await line.waitFor();
  expect(await violations(page)).toEqual([]);
  for (let moves = 0; moves < 5 && !(await line.evaluate((element) => element.matches(':focus'))); moves++)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain(`line=${LINE}`);
  await page.getByRole('searchbox').fill('');
});

it('shows what a deny list matches, and asks before what was not saved is lost', async () => {
  await page.evaluate(`location.hash = '#/governance?section=policies'`);
  await write(page.getByLabel('Deny list'), 'src/fraud/score*#presentIn\n#nothingHasThis');
  const preview = page.getByRole('group', { name: 'What it matches' });
  await press(preview.locator('summary').filter({ hasText: /1 file, 1 function, \d lines/ }));
  await preview.getByText(/score-card\.ts:\d+–\d+/).waitFor();
  await preview.getByText('no source has that now').waitFor();
  expect(await violations(page)).toEqual([]);

  await press(page.getByRole('link', { name: 'Source' }));
  const dialog = page.getByRole('dialog', { name: 'Leave it unsaved?' });
  await press(dialog.getByRole('button', { name: 'Cancel' }));
  expect(await page.getByLabel('Deny list').inputValue()).toContain('presentIn');
  await press(page.getByLabel('Policy of'), 'ArrowDown');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByLabel('Policy of').inputValue()).toBe('');
  await press(page.getByRole('link', { name: 'Source' }));
  await press(dialog.getByRole('button', { name: 'Leave', exact: true }));
  await page.getByRole('treeitem', { name: 'score-card.ts' }).waitFor();
});

it('chooses an environment among all that one may see', async () => {
  const place = 'default/default/staging';
  await stage.api.call('POST', '/places', { place });
  await page.reload();
  const button = page.getByRole('button', { name: /^Environment:/ });
  await press(button);
  const dialog = page.getByRole('dialog', { name: 'Choose an environment' });
  await dialog.getByRole('option').nth(1).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect((await stopOf(page)).name).toContain('Environment:');
  await press(button);
  await write(dialog.getByRole('combobox'), 'stag');
  await expect.poll(() => dialog.getByRole('option').count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Nothing has connected yet' }).waitFor();
  await press(page.getByRole('button', { name: 'Environment: default/default/staging' }));
  await write(dialog.getByRole('combobox'), 'default/default/default');
  await expect.poll(() => dialog.getByRole('option').count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.getByRole('treeitem', { name: 'score-card.ts' }).waitFor();
  await stage.api.call('DELETE', `/places?${new URLSearchParams({ place, confirm: place })}`);
});
