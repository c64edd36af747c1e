import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type BrowserServer } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { findChromium } from '../scripts/lib/chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the address of the Chromium that all files share, or with why there is none. */
    chromium: string;
  }
}

/** It runs in containers, on machines without a display, and speaks with nobody but the collector. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** One Chromium for all files that need one, started when the first asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let opening: Promise<BrowserServer> | undefined;
  const open = async (): Promise<BrowserServer> =>
    chromium.launchServer({ executablePath: findChromium(), args: FLAGS, host: '127.0.0.1' });

  const door = createServer((_request, response) => {
    opening ??= open();
    opening.then(
      (server) => response.end(server.wsEndpoint()),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  project.provide('chromium', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);

  return async () => {
    door.close();
    await (await opening)?.close();
  };
}
