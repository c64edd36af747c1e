import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong with the page as it is now, each in a few words; and with its colours in the other theme. */
export async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger's protocol: the content security policy keeps out the scripts of others.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(AXE);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await run(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await run(page, "runOnly: ['color-contrast']");
  return [...light.map((problem) => `light: ${problem}`), ...dark.map((problem) => `dark: ${problem}`)];
}

/** @param more options. What is not asked for here takes most of axe's time: all that is well, and how to find it. */
async function run(page: Page, more = ''): Promise<string[]> {
  const options = `{ resultTypes: ['violations'], selectors: false, preload: false, ${more} }`;
  const found = (await page.evaluate(
    `axe.run(${options}).then((result) => result.violations)`,
  )) as Violation[];
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}
