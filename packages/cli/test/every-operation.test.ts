import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { API_PREFIX } from '@dormouse/protocol';
import { expect, test } from 'vitest';

import { OPERATIONS } from '../../collector/src/operations/operations.ts';
import { Client } from '../src/client/client.ts';

/** What has no command of its own, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  createBinding: '"user invite" lets those who are known already do more',
  listBindings: '"user" shows them with the people',
  changePassword: 'needs a session of a browser: the console asks for it',
  createOwnToken: '"login --email" makes one, with a session and not by the client of the others',
  getSource: 'is read where it lies; "search" finds lines in it',
  getImport: '"captures imports" shows all of each',
};

const SOURCES = join(import.meta.dirname, '../src');

type Call = (...args: readonly unknown[]) => Promise<unknown>;

const METHODS = Object.getOwnPropertyNames(Client.prototype).filter((name) => name !== 'constructor');

/** All that the client can ask for, as `GET /api/v1/probes/x`. */
async function askedFor(): Promise<ReadonlySet<string>> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url!.split('?', 1)[0]}`);
    request.resume();
    response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Client({ url: `http://127.0.0.1:${port}`, token: 'x' });
  for (const method of METHODS)
    await (client as unknown as Record<string, Call>)[method]!('x', 'x', 'x').catch(() => undefined);
  server.close();
  return new Set(asked);
}

test('every operation has a command, or needs none', async () => {
  const asked = await askedFor();
  const without = OPERATIONS.filter(
    ({ method, path }) => !asked.has(`${method} ${API_PREFIX}${path.replaceAll(/:\w+/g, 'x')}`),
  );
  expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(WITHOUT).sort());

  const commands = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('client/client'))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
    .join('\n');
  for (const method of METHODS) expect(commands, method).toContain(`.${method}(`);
});
