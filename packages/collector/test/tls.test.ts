import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { AGENT_PATH } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openCollector } from './support/collector.ts';

/** A self-signed certificate for 127.0.0.1 that nobody else trusts. */
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url));
const tls = { cert: fixture('cert.pem'), key: fixture('key.pem') };
const ca = readFileSync(tls.cert);

async function get(url: string, options: RequestOptions): Promise<number | undefined> {
  const [response] = (await once(request(url, options).end(), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test('with a certificate, people and agents are served over TLS', async () => {
  const { url, adminToken, agentToken } = await openCollector({ tls });
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const authorization = `Bearer ${adminToken}`;
  expect(await get(`${url}/api/v1/services`, { ca, headers: { authorization } })).toBe(200);
  await expect(get(`${url}/healthz`, {})).rejects.toThrow('self-signed certificate');

  const agent = new WebSocket(url.replace('https', 'wss') + AGENT_PATH, {
    ca,
    headers: { authorization: `Bearer ${agentToken}` },
  });
  await once(agent, 'open');
  agent.close();
  await once(agent, 'close');
});

test('files that cannot be read keep it from starting', async () => {
  const nowhere = { cert: '/none', key: '/none' };
  await expect(openCollector({ tls: nowhere })).rejects.toThrow('The TLS file /none cannot be read');
});
