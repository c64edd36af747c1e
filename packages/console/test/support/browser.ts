import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../../../scripts/lib/chromium.ts';
import type { Stage } from '../../../../scripts/lib/stage.ts';

/** It runs in containers, on machines without a display, and speaks with nobody but the collector. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: FLAGS });

/** Somebody at the console. */
export interface Visitor {
  readonly page: Page;
  /** What should not be: errors of scripts, what the content security policy stopped, requests to anybody else. */
  readonly complaints: string[];
}

/** A browser of its own, on the page on which one signs in. */
export async function visit(browser: Browser, stage: Stage, hash = ''): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== stage.collector.url) complaints.push(request.url());
  });
  await page.goto(`${stage.collector.url}/${hash}`);
  return { page, complaints };
}

export async function signIn(page: Page, stage: Stage): Promise<void> {
  await page.getByLabel('Token').fill(stage.adminToken);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Source' }).waitFor();
}
