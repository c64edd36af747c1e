import { findChromium } from '../scripts/lib/chromium.ts';

/** Installs a browser where there is none, once before the tests that need one. Without one these say so themselves. */
export function setup(): void {
  try {
    findChromium();
  } catch (error) {
    console.warn((error as Error).message);
  }
}
