import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterEach, expect, inject } from 'vitest';
import type { Stage } from '../../../../scripts/lib/stage.ts';
import type {} from '../../../../test/share-chromium.ts';

/** The one that all files have together (`test/share-chromium.ts`): to close it closes what was opened in it here. */
export async function openBrowser(): Promise<Browser> {
  const answer = await fetch(inject('chromium'));
  if (!answer.ok) throw new Error(await answer.text());
  return chromium.connect(await answer.text());
}

/** What the browser itself says where the collector refuses, or is away. */
const UNANSWERED = /^Failed to load resource|^WebSocket connection to /;

/** Somebody at the console. */
export interface Visitor {
  readonly page: Page;
  /** What should not be: errors of scripts, what the content security policy stopped, requests to anybody else. No test passes with any. */
  readonly complaints: string[];
  /** Opens another page, as the same person. */
  tab(hash: string): Promise<Page>;
}

const visitors: Visitor[] = [];

afterEach(() => {
  expect(visitors.flatMap(({ complaints }) => complaints.splice(0))).toEqual([]);
});

/** A browser of its own, on the page on which one signs in. */
export async function visit(browser: Browser, stage: Stage, hash = ''): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  listen(context, complaints, stage.collector.url);
  const tab = async (to: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${stage.collector.url}/${to}`);
    return page;
  };
  const visitor = { page: await tab(hash), complaints, tab };
  visitors.push(visitor);
  return visitor;
}

function listen(context: BrowserContext, complaints: string[], origin: string): void {
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && !UNANSWERED.test(message.text())) complaints.push(message.text());
  });
  const asked = (url: string): void => {
    if (new URL(url.replace(/^ws/, 'http')).origin !== origin) complaints.push(url);
  };
  context.on('request', (request) => asked(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => asked(socket.url())));
}

/** @param token default: the admin's */
export async function signIn(page: Page, { adminToken }: Stage, token = adminToken): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Source' }).waitFor();
}

/** Follows a link to somewhere in the console. */
export const go = (page: Page, hash: string): Promise<unknown> =>
  page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
