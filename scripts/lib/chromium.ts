import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

/** What systems call it. */
const NAMES: readonly string[] = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const ON_MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * A Chromium to test the console in: the one that `DORMOUSE_CHROMIUM` names, the system's, Debian's package where it may be
 * installed, or Playwright's, which is downloaded.
 * @throws {Error} that says what to do where none can be had
 */
export function findChromium(): string {
  return named() ?? ofSystem() ?? fromDebian() ?? fromPlaywright() ?? notFound();
}

function named(): string | undefined {
  const path = process.env['DORMOUSE_CHROMIUM'];
  if (path !== undefined && !existsSync(path))
    throw new Error(`DORMOUSE_CHROMIUM names ${path}, which is not there.`);
  return path;
}

const ofSystem = (): string | undefined => onPath(NAMES) ?? [ON_MAC].find(existsSync);

function fromDebian(): string | undefined {
  const apt = onPath(['apt-get']);
  if (process.getuid?.() !== 0 || apt === undefined) return undefined;
  const get = (...args: string[]): unknown => spawnSync(apt, args, { stdio: 'inherit' });
  get('update');
  get('install', '--yes', '--no-install-recommends', 'chromium');
  return ofSystem();
}

function fromPlaywright(): string | undefined {
  const path = chromium.executablePath();
  if (!existsSync(path)) {
    const cli = join(
      dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
      'cli.js',
    );
    spawnSync(process.execPath, [cli, 'install', '--no-shell', 'chromium'], { stdio: 'inherit' });
  }
  return existsSync(path) ? path : undefined;
}

/** The first of the programs that is there. */
function onPath(programs: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(existsSync);
}

function notFound(): never {
  throw new Error(
    'No Chromium was found to test the console in, and none could be installed. Install one (`apt-get install chromium`, ' +
      'or `npx playwright-core install chromium`), or name one with DORMOUSE_CHROMIUM=/path/to/chromium.',
  );
}
