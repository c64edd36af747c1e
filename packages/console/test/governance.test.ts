import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { AuditPage, BindingView, UserView } from '@dormouse/protocol';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectApi } from '../../../scripts/lib/api.ts';
import { CLI } from '../../../scripts/lib/example.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { violations } from './support/accessibility.ts';
import { openBrowser, signIn, visit, type Visitor } from './support/browser.ts';

/** People at a real Chromium say who may do what, and what is never shown, at a real collector. */

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
    await page.getByRole('button', { name: 'Invite somebody' }).press('Enter');
    await page.keyboard.type(EMAIL);
    await page.keyboard.press('Tab');
    await page.keyboard.type('<b>Grace</b>');
    const raised = page.getByLabel('May ask for, for a time');
    await raised.selectOption('admin');
    expect(await violations(page)).toEqual([]);
    await raised.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const handover = page.getByRole('group', { name: 'A link for <b>Grace</b>' });
    const link = await handover.locator('code').textContent();
    await handover.getByRole('button', { name: 'Done' }).click();
    await rowOf('invited, no password yet').getByText('<b>Grace</b>').waitFor();

    grace = await visit(browser, stage, new URL(link!).hash);
    await grace.page.getByLabel('New password').fill(PASSWORD);
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('button', { name: 'I have a password' }).click();
    await grace.page.getByLabel('E-mail').fill(EMAIL);
    await grace.page.getByLabel('Password').fill(PASSWORD);
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('link', { name: 'Governance' }).click();
    await grace.page.getByRole('heading', { name: '<b>Grace</b>', level: 2 }).waitFor();
  });

  it('are offered what they may do, and more of it for a time, with a reason', async () => {
    const parts = grace.page.getByRole('navigation', { name: 'Governance' }).getByRole('link');
    expect(await parts.allTextContents()).toEqual(
      ['You', 'Places', 'Policies'].map((name) => expect.stringContaining(name)),
    );
    await grace.page.getByRole('link', { name: 'Policies' }).click();
    await grace.page.getByText('It takes an admin to change it.').waitFor();
    expect(await grace.page.getByRole('button', { name: /Switch .* off|Save/ }).count()).toBe(0);

    await grace.page.getByRole('link', { name: 'You' }).click();
    await grace.page.getByRole('button', { name: 'Ask for more rights' }).press('Enter');
    await grace.page.getByLabel('Reason').fill('Incident 4711');
    await grace.page.keyboard.press('Enter');
    await rowOf('Incident 4711', grace.page).waitFor();
    expect(await violations(grace.page)).toEqual([]);
    await grace.page.getByRole('link', { name: 'Policies' }).click();
    await grace.page.getByRole('button', { name: 'Save the policy' }).waitFor();
    await grace.page.getByRole('link', { name: 'Tokens' }).click();
    await rowOf('admin token', grace.page).waitFor({ state: 'detached' });
    expect(await grace.page.getByRole('button', { name: /Revoke|New token/ }).count()).toBe(0);
    await grace.page.getByRole('link', { name: 'You' }).click();
    await grace.page.getByRole('button', { name: 'End now' }).press('Enter');
    await grace.page.getByText('Nobody has more rights than usual now.').waitFor();
  });

  it('have tokens of their own, whose secret is shown once', async () => {
    await grace.page.getByRole('button', { name: 'New token' }).press('Enter');
    await grace.page.keyboard.type('laptop');
    await grace.page.keyboard.press('Enter');
    const handover = grace.page.getByRole('group', { name: 'Your token “laptop”' });
    const own = connectApi(stage.collector.url, (await handover.locator('code').textContent())!);
    expect(await own.call('GET', '/profile')).toMatchObject({ kind: 'token', environments: [HERE] });
    await handover.getByRole('button', { name: 'Done' }).click();
    await grace.page.getByRole('button', { name: 'Revoke laptop' }).press('Enter');
    await grace.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await grace.page.getByText('You have none.').waitFor();
    await expect(own.call('GET', '/profile')).rejects.toMatchObject({ status: 401 });
  });

  it('change their password, if they know the one that they have', async () => {
    await grace.page.getByRole('button', { name: 'Change the password' }).press('Enter');
    await grace.page.keyboard.type('not the present one');
    await grace.page.keyboard.press('Tab');
    await grace.page.keyboard.type('four other words that nobody guesses');
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await violations(grace.page)).toEqual([]);
    await grace.page.getByLabel('Present password').fill(PASSWORD);
    await grace.page.keyboard.press('Enter');
    await grace.page.getByText('Changed. You are signed out everywhere else.').waitFor();
  });

  it('get another role for some services, and are signed out when they are deactivated', async () => {
    await page.getByRole('button', { name: 'Change <b>Grace</b>', exact: true }).press('Enter');
    await page.getByRole('button', { name: /^Change what .* may do in default/ }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByLabel('Only these services').fill('pay-*, fraud');
    await page.keyboard.press('Enter');
    await rowOf('only pay-*, fraud').first().waitFor();
    await expect
      .poll(() => membershipsOf(EMAIL))
      .toMatchObject([
        { role: 'viewer', grants: [], services: ['pay-*', 'fraud'], elevation: { role: 'admin' } },
      ]);
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Deactivate' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
    await rowOf('deactivated').first().waitFor();
    await grace.page.getByText('Your session has ended.').waitFor();
  });
});

it('makes a token whose secret is shown once, rotates it and revokes it', async () => {
  await open('tokens', 'Tokens');
  await page.getByRole('button', { name: 'New token' }).press('Enter');
  await page.getByLabel('For', { exact: true }).selectOption('process');
  await expect.poll(() => page.getByLabel('Where').locator('option').allTextContents()).toEqual([HERE]);
  await page.getByLabel('For', { exact: true }).selectOption('ai');
  await page.getByLabel('Name').fill('ci');
  await page.keyboard.press('Enter');
  await rowOf('ci').getByText('for an AI agent').waitFor();
  const secret = page.getByRole('group', { name: 'The token “ci”' }).locator('code');
  const first = await secret.textContent();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Rotate ci' }).press('Enter');
  await page
    .getByLabel('The secret that it has stays good for')
    .selectOption('not at all: it is worth nothing at once');
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await expect.poll(() => secret.textContent()).not.toBe(first);
  const before = connectApi(stage.collector.url, first!);
  const after = connectApi(stage.collector.url, (await secret.textContent())!);
  await expect(before.call('GET', '/profile')).rejects.toMatchObject({ status: 401 });
  await after.call('GET', '/profile');
  await page.getByRole('button', { name: 'Revoke ci' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
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
    await page.getByLabel('Try it').fill('card 4111 1111 1111 1111 <img src=x> CUST-12345678');
    await expect
      .poll(() => preview.locator('pre').textContent())
      .toContain('card [redacted:card] <img src=x> CUST-1');
    await page.getByRole('button', { name: 'Add a pattern' }).press('Enter');
    await page.getByLabel('Name of pattern 1').fill('customer');
    await page.getByLabel('Pattern 1', { exact: true }).fill('CUST-(?=1)');
    await preview.getByRole('alert').waitFor();
    await page.getByLabel('Pattern 1', { exact: true }).fill('CUST-\\d{8}');
    await expect
      .poll(() => preview.locator('mark').allTextContents())
      .toEqual(['[redacted:card]', '[redacted:customer]']);
    await page.getByLabel('Try it').fill('{ "orders": [{ "iban": 1, "total": 4 }] }');
    await page.getByLabel('Names that are secret').fill('total');
    await preview.getByRole('treeitem', { name: /orders/ }).press('Enter');
    await preview.getByRole('treeitem', { name: /^0/ }).press('Enter');
    await preview.getByRole('treeitem', { name: /total ?: ?redacted: name/ }).waitFor();
    expect(sent.join('')).toBe('');
    expect(await violations(page)).toEqual([]);

    await page.getByLabel('Deny list').fill('src/vault/**\n#decrypt');
    await page.getByLabel('Captures per second', { exact: true }).fill('5');
    await page.keyboard.press('Enter');
    await page.getByText('Not saved yet').waitFor({ state: 'detached' });
    expect(await stage.api.call('GET', '/policy')).toMatchObject({
      deny: ['src/vault/**', '#decrypt'],
      redaction: { names: ['total'], patterns: [{ name: 'customer', pattern: 'CUST-\\d{8}' }] },
      limits: { hitsPerSecond: 5 },
    });
  });

  it('are not overwritten where somebody else has changed them meanwhile', async () => {
    await page.getByLabel('Deny list').fill('src/mine/**');
    await stage.api.call('PUT', '/policy', { deny: ['src/theirs/**'] });
    await page.getByRole('button', { name: 'Save the policy' }).press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByText('Somebody has changed it meanwhile.').waitFor();
    await page.getByRole('button', { name: 'Load it again' }).press('Enter');
    await expect.poll(() => page.getByLabel('Deny list').inputValue()).toBe('src/theirs/**');
    await stage.api.call('PUT', '/policy', { deny: ['src/later/**'] });
    await expect.poll(() => page.getByLabel('Deny list').inputValue()).toBe('src/later/**');
  });

  it('switch everything off after a reason was given, and on again', async () => {
    await page.getByRole('button', { name: 'Switch off all probes of everything' }).press('Enter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Switch off' }).isDisabled()).toBe(true);
    await page.keyboard.type('The market opens.');
    await page.keyboard.press('Enter');
    await rowOf('The market opens.').getByText('everything').waitFor();
    await page.getByRole('button', { name: 'Switch on again: everything' }).press('Enter');
    await page.getByText('Nothing is.').waitFor();
  });
});

it('makes, renames and deletes an environment, after its path was given again', async () => {
  await open('places', 'Places');
  await page.getByRole('button', { name: 'New environment in default/default' }).press('Enter');
  await page.keyboard.type('stage');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Rename default/default/stage' }).press('Enter');
  await page.getByRole('textbox', { name: 'Name' }).fill('staging');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Delete default/default/staging' }).press('Enter');
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel('Its path again').fill('default/default/staging');
  expect(await violations(page)).toEqual([]);
  await confirm.press('Enter');
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
    await page.getByRole('button', { name: 'Earlier records' }).press('Enter');
    await expect.poll(() => rows.count()).toBeGreaterThan(100);
    await page.getByLabel('Who').fill('admin token');
    await page.getByLabel('Operation').fill('putPolicy');
    await page.keyboard.press('Enter');
    const all = (await stage.api.call('GET', '/audit?operation=putPolicy')) as AuditPage;
    await expect.poll(() => rows.count()).toBe(all.records.length);
    expect(page.url()).toContain('operation=putPolicy');
    await rows.first().press('Enter');
    await page.getByText('src/later/**').waitFor();
    await page.getByText('CONFLICT').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Since').fill('2099-01-01T00:00');
    await page.keyboard.press('Enter');
    await page.getByText('No record matches.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).press('Enter');
    await expect.poll(() => rows.count()).toBe(100);
  });

  it('is verified, and taken away as a file that can be verified without the collector', async () => {
    await page.getByRole('button', { name: 'Verify the chain' }).press('Enter');
    await page.getByText('The chain is intact:').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export all of it' }).press('Enter');
    const file = await (await downloading).path();
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'audit', 'verify', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ intact: true });
  });
});
