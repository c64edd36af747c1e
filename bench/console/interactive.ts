import type { Page } from 'playwright-core';

const VISITS = 7;

/**
 * From the request of the page until a file can be chosen, in the order of their length, ms: each visit, with what the browser
 * keeps of earlier ones.
 */
export async function measureInteractive(page: Page, collector: string): Promise<number[]> {
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    await page.goto('about:blank');
    await page.goto(`${collector}/#/source/trades`);
    await page.getByRole('treeitem').first().waitFor();
    times.push(Number(await page.evaluate('performance.now()')));
  }
  return times.toSorted((a, b) => a - b);
}
