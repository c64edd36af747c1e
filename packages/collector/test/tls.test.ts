import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
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

  const viewer = new WebSocket(`${url.replace('https', 'wss')}${API_PREFIX}/stream`, {
    ca,
    headers: { authorization },
  });
  await once(viewer, 'open');
  viewer.terminate();
});

test('whoever speaks something else at that port is told nothing, and holds up nobody', async () => {
  const { url, adminToken } = await openCollector({ tls });
  const { port, hostname } = new URL(url);
  const headers = { authorization: `Bearer ${adminToken}` };
  const said = async (text: string): Promise<string> => {
    const socket = connectPlain(Number(port), hostname);
    socket.on('error', () => undefined).write(text, 'latin1');
    return (await socket.toArray().catch(() => [])).join('');
  };
  const halfHandshake = connectPlain(Number(port), hostname);
  halfHandshake.on('error', () => undefined).write('\x16\x03\x01\x02\x00\x01', 'latin1');
  const plain = `GET /api/v1/services HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\n\r\n`;
  expect(await said(plain)).not.toContain('HTTP/');
  expect(await said('\x16\x03\x01\xff\xff' + 'x'.repeat(1_000))).not.toContain('HTTP/');
  expect(await get(`${url}/api/v1/services`, { ca, headers })).toBe(200);
  halfHandshake.destroy();
});

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is not spoken', async (version) => {
  const { url } = await openCollector({ tls });
  const { port, hostname } = new URL(url);
  const socket = connectTls({
    port: Number(port),
    host: hostname,
    ca,
    minVersion: version,
    maxVersion: version,
    // The client would: it is asked for ciphers of those days.
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const outcome = await Promise.race([once(socket, 'secureConnect'), once(socket, 'error')]).catch(
    (error: unknown) => [error],
  );
  expect(String((outcome as unknown[])[0])).toMatch(
    /alert protocol version|unsupported protocol|wrong version/i,
  );
  socket.destroy();
});

test('files that cannot be read keep it from starting', async () => {
  const nowhere = { cert: '/none', key: '/none' };
  await expect(openCollector({ tls: nowhere })).rejects.toThrow('The TLS file /none cannot be read');
});
