import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Where systems keep it. */
const PLACES: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * A Chromium to test the console in: `DORMOUSE_CHROMIUM`, the system's, or Playwright's own; where there is none, and Debian's
 * packages may be installed, theirs.
 * @throws {Error} that says what to do where none can be had
 */
export function findChromium(): string {
  return installed() ?? fromDebian() ?? notFound();
}

function installed(): string | undefined {
  const asked = process.env['DORMOUSE_CHROMIUM'];
  return [...(asked === undefined ? [] : [asked]), ...PLACES, chromium.executablePath()].find(existsSync);
}

function fromDebian(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { stdio: 'inherit' });
  return installed();
}

function notFound(): never {
  throw new Error(
    'No Chromium was found to test the console in. Install one (`apt-get install chromium`, or ' +
      '`npx playwright-core install chromium`), or name one with DORMOUSE_CHROMIUM=/path/to/chromium.',
  );
}
