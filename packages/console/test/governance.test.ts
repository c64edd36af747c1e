import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { AuditPage, BindingView, UserView } from '@dormouse/protocol';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectApi } from '../../../scripts/lib/api.ts';
import { CLI } from '../../../scripts/lib/example.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { violations } from './support/accessibility.ts';
import { openBrowser, signIn, visit, type Visitor } from './support/browser.ts';
import { choose, goTo, press, tabTo, type, write } from './support/keyboard.ts';

/** People at a real Chromium, who have no pointer, say who may do what, and what is never shown, at a real collector. */

// A browser and a collector on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const HERE = 'default/default/default';
const PASSWORD = 'four words that nobody guesses';

let stage: Stage;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  browser = await openBrowser();
  ({ page } = await visit(browser, stage, '#/governance?section=people'));
  await signIn(page, stage);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await stage.close();
});

/** Follows a link to a part of governance. */
async function open(section: string, heading: string): Promise<void> {
  await page.evaluate(`location.hash = '#/governance?section=${section}'`);
  await page.getByRole('heading', { name: heading, level: 2 }).waitFor();
}

const rowOf = (name: string, on: Page = page): Locator => on.getByRole('row').filter({ hasText: name });

const users = async (): Promise<readonly UserView[]> =>
  ((await stage.api.call('GET', '/users')) as { users: UserView[] }).users;

async function membershipsOf(email: string): Promise<readonly BindingView[]> {
  return (await users()).find((user) => user.email === email)?.memberships ?? [];
}

describe('people', () => {
  const EMAIL = 'grace@example.com';
  let grace: Visitor;

  it('are invited by keyboard alone, with a link that is shown once and lets them in', async () => {
    await open('people', 'People');
    await press(page.getByRole('button', { name: 'Invite somebody' }));
    await type(page, EMAIL);
    await page.keyboard.press('Tab');
    await page.keyboard.type('<b>Grace</b>');
    const raised = page.getByLabel('May ask for, for a time');
    await choose(raised, 'admin');
    expect(await violations(page)).toEqual([]);
    await press(page.getByRole('button', { name: 'Invite', exact: true }));
    const handover = page.getByRole('group', { name: 'A link for <b>Grace</b>' });
    const link = await handover.locator('code').textContent();
    await press(handover.getByRole('button', { name: 'Done' }));
    await rowOf('invited, no password yet').getByText('<b>Grace</b>').waitFor();

    grace = await visit(browser, stage, new URL(link!).hash);
    await write(grace.page.getByLabel('New password'), PASSWORD);
    await grace.page.keyboard.press('Enter');
    await press(grace.page.getByRole('button', { name: 'I have a password' }));
    await write(grace.page.getByLabel('E-mail'), EMAIL);
    await write(grace.page.getByLabel('Password'), PASSWORD);
    await grace.page.keyboard.press('Enter');
    await press(grace.page.getByRole('link', { name: 'Governance' }));
    await grace.page.getByRole('heading', { name: '<b>Grace</b>', level: 2 }).waitFor();
  });

  it('are offered what they may do, and more of it for a time, with a reason', async () => {
    const parts = grace.page.getByRole('navigation', { name: 'Governance' }).getByRole('link');
    expect(await parts.allTextContents()).toEqual(
      ['You', 'Places', 'Policies'].map((name) => expect.stringContaining(name)),
    );
    await press(grace.page.getByRole('link', { name: 'Policies' }));
    await grace.page.getByText('It takes an admin to change it.').waitFor();
    expect(await grace.page.getByRole('button', { name: /Switch .* off|Save/ }).count()).toBe(0);

    await press(grace.page.getByRole('link', { name: 'You' }));
    await press(grace.page.getByRole('button', { name: 'Ask for more rights' }));
    await write(grace.page.getByLabel('Reason'), 'Incident 4711');
    await grace.page.keyboard.press('Enter');
    await rowOf('Incident 4711', grace.page).waitFor();
    expect(await violations(grace.page)).toEqual([]);
    await press(grace.page.getByRole('link', { name: 'Policies' }));
    await grace.page.getByRole('button', { name: 'Save the policy' }).waitFor();
    await press(grace.page.getByRole('link', { name: 'Tokens' }));
    await rowOf('admin token', grace.page).waitFor({ state: 'detached' });
    expect(await grace.page.getByRole('button', { name: /Revoke|New token/ }).count()).toBe(0);
    await press(grace.page.getByRole('link', { name: 'You' }));
    await press(grace.page.getByRole('button', { name: 'End now' }));
    await grace.page.getByText('Nobody has more rights than usual now.').waitFor();
  });

  it('have tokens of their own, whose secret is shown once', async () => {
    await press(grace.page.getByRole('button', { name: 'New token' }));
    await type(grace.page, 'laptop');
    await grace.page.keyboard.press('Enter');
    const handover = grace.page.getByRole('group', { name: 'Your token “laptop”' });
    const own = connectApi(stage.collector.url, (await handover.locator('code').textContent())!);
    expect(await own.call('GET', '/profile')).toMatchObject({ kind: 'token', environments: [HERE] });
    await press(handover.getByRole('button', { name: 'Done' }));
    await press(grace.page.getByRole('button', { name: 'Revoke laptop' }));
    await press(grace.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
    await grace.page.getByText('You have none.').waitFor();
    await expect(own.call('GET', '/profile')).rejects.toMatchObject({ status: 401 });
  });

  it('change their password, if they know the one that they have', async () => {
    await press(grace.page.getByRole('button', { name: 'Change the password' }));
    await type(grace.page, 'not the present one');
    await grace.page.keyboard.press('Tab');
    await grace.page.keyboard.type('four other words that nobody guesses');
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await violations(grace.page)).toEqual([]);
    await write(grace.page.getByLabel('Present password'), PASSWORD);
    await grace.page.keyboard.press('Enter');
    await grace.page.getByText('Changed. You are signed out everywhere else.').waitFor();
  });

  it('get another role for some services, and are signed out when they are deactivated', async () => {
    await press(page.getByRole('button', { name: 'Change <b>Grace</b>', exact: true }));
    await press(page.getByRole('button', { name: /^Change what .* may do in default/ }));
    const dialog = page.getByRole('dialog');
    await choose(dialog.getByLabel('Role'), 'Viewer');
    await write(dialog.getByLabel('Only these services'), 'pay-*, fraud');
    await page.keyboard.press('Enter');
    await rowOf('only pay-*, fraud').first().waitFor();
    await expect
      .poll(() => membershipsOf(EMAIL))
      .toMatchObject([
        { role: 'viewer', grants: [], services: ['pay-*', 'fraud'], elevation: { role: 'admin' } },
      ]);
    expect(await violations(page)).toEqual([]);

    await press(page.getByRole('button', { name: 'Deactivate' }));
    await press(page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }));
    await rowOf('deactivated').first().waitFor();
    await grace.page.getByText('Your session has ended.').waitFor();
  });
});

it('makes a token whose secret is shown once, rotates it and revokes it', async () => {
  await open('tokens', 'Tokens');
  await press(page.getByRole('button', { name: 'New token' }));
  await choose(page.getByLabel('For', { exact: true }), 'The processes of services');
  await expect.poll(() => page.getByLabel('Where').locator('option').allTextContents()).toEqual([HERE]);
  await choose(page.getByLabel('For', { exact: true }), 'An AI agent');
  await write(page.getByLabel('Name'), 'ci');
  await page.keyboard.press('Enter');
  await rowOf('ci').getByText('for an AI agent').waitFor();
  const secret = page.getByRole('group', { name: 'The token “ci”' }).locator('code');
  const first = await secret.textContent();
  expect(await violations(page)).toEqual([]);
  await press(page.getByRole('button', { name: 'Rotate ci' }));
  await choose(page.getByLabel('The secret that it has stays good for'), 'not at all');
  await press(page.getByRole('dialog').getByRole('button', { name: 'Rotate' }));
  await expect.poll(() => secret.textContent()).not.toBe(first);
  const before = connectApi(stage.collector.url, first!);
  const after = connectApi(stage.collector.url, (await secret.textContent())!);
  await expect(before.call('GET', '/profile')).rejects.toMatchObject({ status: 401 });
  await after.call('GET', '/profile');
  await press(page.getByRole('button', { name: 'Revoke ci' }));
  await press(page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
  await rowOf('ci').getByText('ci', { exact: true }).waitFor({ state: 'detached' });
  await expect(after.call('GET', '/profile')).rejects.toMatchObject({ status: 401 });
});

describe('policies', () => {
  it('show at once what a process would redact, and nothing of it leaves the browser until it is saved', async () => {
    await open('policies', 'Policies');
    const preview = page.getByRole('group', { name: 'What a process would send' });
    await preview.getByText('redacted: email').waitFor();
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    await write(page.getByLabel('Try it'), 'card 4111 1111 1111 1111 <img src=x> CUST-12345678');
    await expect
      .poll(() => preview.locator('pre').textContent())
      .toContain('card [redacted:card] <img src=x> CUST-1');
    await press(page.getByRole('button', { name: 'Add a pattern' }));
    await write(page.getByLabel('Name of pattern 1'), 'customer');
    await write(page.getByLabel('Pattern 1', { exact: true }), 'CUST-(?=1)');
    await preview.getByRole('alert').waitFor();
    await write(page.getByLabel('Pattern 1', { exact: true }), 'CUST-\\d{8}');
    await expect
      .poll(() => preview.locator('mark').allTextContents())
      .toEqual(['[redacted:card]', '[redacted:customer]']);
    await write(page.getByLabel('Try it'), '{ "orders": [{ "iban": 1, "total": 4 }] }');
    await write(page.getByLabel('Names that are secret'), 'total');
    await tabTo(preview.locator('[role=treeitem][tabindex="0"]'));
    await goTo(preview.getByRole('treeitem', { name: /orders/ }), 'ArrowDown');
    await page.keyboard.press('Enter');
    await goTo(preview.getByRole('treeitem', { name: /^0/ }), 'ArrowDown');
    await page.keyboard.press('Enter');
    await preview.getByRole('treeitem', { name: /total ?: ?redacted: name/ }).waitFor();
    expect(sent.join('')).toBe('');
    expect(await violations(page)).toEqual([]);

    await write(page.getByLabel('Deny list'), 'src/vault/**\n#decrypt');
    await write(page.getByLabel('Captures per second', { exact: true }), '5');
    await page.keyboard.press('Enter');
    await page.getByText('Not saved yet').waitFor({ state: 'detached' });
    expect(await stage.api.call('GET', '/policy')).toMatchObject({
      deny: ['src/vault/**', '#decrypt'],
      redaction: { names: ['total'], patterns: [{ name: 'customer', pattern: 'CUST-\\d{8}' }] },
      limits: { hitsPerSecond: 5 },
    });
  });

  it('are not overwritten where somebody else has changed them meanwhile', async () => {
    await write(page.getByLabel('Deny list'), 'src/mine/**');
    await stage.api.call('PUT', '/policy', { deny: ['src/theirs/**'] });
    await press(page.getByRole('button', { name: 'Save the policy' }));
    await page.getByRole('alert').waitFor();
    await page.getByText('Somebody has changed it meanwhile.').waitFor();
    await press(page.getByRole('button', { name: 'Load it again' }));
    await expect.poll(() => page.getByLabel('Deny list').inputValue()).toBe('src/theirs/**');
    await stage.api.call('PUT', '/policy', { deny: ['src/later/**'] });
    await expect.poll(() => page.getByLabel('Deny list').inputValue()).toBe('src/later/**');
  });

  it('switch everything off after a reason was given, and on again', async () => {
    await press(page.getByRole('button', { name: 'Switch off all probes of everything' }));
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Switch off' }).isDisabled()).toBe(true);
    await type(page, 'The market opens.');
    await page.keyboard.press('Enter');
    await rowOf('The market opens.').getByText('everything').waitFor();
    await press(page.getByRole('button', { name: 'Switch on again: everything' }));
    await page.getByText('Nothing is.').waitFor();
  });
});

it('makes, renames and deletes an environment, after its path was given again', async () => {
  await open('places', 'Places');
  await press(page.getByRole('button', { name: 'New environment in default/default' }));
  await type(page, 'stage');
  await page.keyboard.press('Enter');
  await press(page.getByRole('button', { name: 'Rename default/default/stage' }));
  await write(page.getByRole('textbox', { name: 'Name' }), 'staging');
  await page.keyboard.press('Enter');
  await press(page.getByRole('button', { name: 'Delete default/default/staging' }));
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  expect(await confirm.isDisabled()).toBe(true);
  await write(dialog.getByLabel('Its path again'), 'default/default/staging');
  expect(await violations(page)).toEqual([]);
  await press(confirm);
  await rowOf('staging').first().waitFor({ state: 'detached' });
});

describe('the audit trail', () => {
  it('is filtered and paged, and says what was asked for', async () => {
    const many = Array.from({ length: 101 }, () => stage.api.call('PUT', '/kill-switch', { on: false }));
    await Promise.all(many);
    await open('audit', 'Audit trail');
    const rows = page
      .getByRole('table', { name: /^Records/ })
      .getByRole('button', { name: /^More of record/ });
    await expect.poll(() => rows.count()).toBe(100);
    await press(page.getByRole('button', { name: 'Earlier records' }));
    await expect.poll(() => rows.count()).toBeGreaterThan(100);
    await write(page.getByLabel('Who'), 'admin token');
    await write(page.getByLabel('Operation'), 'putPolicy');
    await page.keyboard.press('Enter');
    const all = (await stage.api.call('GET', '/audit?operation=putPolicy')) as AuditPage;
    await expect.poll(() => rows.count()).toBe(all.records.length);
    expect(page.url()).toContain('operation=putPolicy');
    await press(rows.first());
    await page.getByText('src/later/**').waitFor();
    await page.getByText('CONFLICT').waitFor();
    expect(await violations(page)).toEqual([]);
    await press(page.getByLabel('Done to'), 'Tab');
    await page.keyboard.type('01012099');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('1200AM');
    await page.keyboard.press('Enter');
    await page.getByText('No record matches.').waitFor();
    await press(page.getByRole('button', { name: 'Show all' }));
    await expect.poll(() => rows.count()).toBe(100);
  });

  it('is verified, and taken away as a file that can be verified without the collector', async () => {
    await press(page.getByRole('button', { name: 'Verify the chain' }));
    await page.getByText('The chain is intact:').waitFor();
    const downloading = page.waitForEvent('download');
    await press(page.getByRole('button', { name: 'Export all of it' }));
    const file = join(mkdtempSync(join(tmpdir(), 'dormouse-trail-')), 'trail');
    await (await downloading).saveAs(file);
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'audit', 'verify', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ intact: true });
    rmSync(dirname(file), { recursive: true });
  });
});
