import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

/** Where the console's tests get a browser from: on machines that have nothing but what is in one folder. */

const folder = mkdtempSync(join(tmpdir(), 'dormouse-chromium-'));
const programs = join(folder, 'bin');

let findChromium: () => string;
let ofPlaywright: string;

beforeAll(async () => {
  // Playwright looks once where its browsers are.
  vi.stubEnv('PLAYWRIGHT_BROWSERS_PATH', join(folder, 'browsers'));
  ofPlaywright = (await import('playwright-core')).chromium.executablePath();
  ({ findChromium } = await import('../scripts/lib/chromium.ts'));
  vi.stubEnv('PATH', programs);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

afterEach(() => rmSync(programs, { recursive: true, force: true }));

/** Puts a program there that does what the shell is told. @returns its path */
function program(path: string, does = ''): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${does}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'darwin')('a browser for the console’s tests', () => {
  test('is the one that is named, and no other', () => {
    const path = program(join(folder, 'elsewhere/chrome'));
    program(join(programs, 'chromium'));
    vi.stubEnv('DORMOUSE_CHROMIUM', path);
    expect(findChromium()).toBe(path);
    vi.stubEnv('DORMOUSE_CHROMIUM', '/nowhere');
    expect(findChromium).toThrow('DORMOUSE_CHROMIUM names /nowhere, which is not there.');
    vi.stubEnv('DORMOUSE_CHROMIUM', undefined);
  });

  test('is the system’s, by any of its names', () => {
    expect(program(join(programs, 'google-chrome'))).toBe(findChromium());
  });

  test.runIf(process.getuid?.() === 0)('is installed from Debian’s packages', () => {
    const path = join(programs, 'chromium');
    program(join(programs, 'apt-get'), `[ "$1" != install ] || echo > "${path}"`);
    expect(findChromium()).toBe(path);
  });

  test('is Playwright’s where there is no other', () => {
    expect(program(ofPlaywright)).toBe(findChromium());
  });
});
