import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createServer } from '../../src/http/server.ts';
import { PATIENCE } from '../../src/http/slow-clients.ts';
import { openCollector } from '../support/collector.ts';

test('every answer has the headers that keep browsers from doing more than they are told', async () => {
  const { url, api } = await openCollector();
  const policy =
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';" +
    "worker-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'";
  for (const { headers } of [
    await api.request('GET', '/services'),
    await api.request('GET', '/no-such-route'),
    await fetch(`${url}/healthz`),
    await fetch(`${url}/no-such-page`),
    await stream(url, api.token),
  ]) {
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  }
});

/** Only its headers. */
async function stream(url: string, token: string): Promise<Response> {
  const gone = new AbortController();
  const response = await fetch(`${url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: gone.signal,
  });
  gone.abort();
  return response;
}

test('whoever sends a request byte by byte is cut off, while others are answered', async () => {
  const impatient = {
    ...PATIENCE,
    headersTimeout: 300,
    requestTimeout: 300,
    connectionsCheckingInterval: 50,
  };
  const app = createServer({ logLevel: 'silent', patience: impatient });
  onTestFinished(() => app.close());
  app.get('/', async () => 'here');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const slow = await dawdle(url);
  expect(await (await fetch(url)).text()).toBe('here');
  const [answer] = (await once(slow, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
});

test('a server waits ten seconds for headers, and two minutes for a request', () => {
  const { server } = createServer({ logLevel: 'silent' });
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 120_000]);
});

/** Sends a header now and then, and never the end of them. */
async function dawdle(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
  socket.on('error', () => {});
  const timer = setInterval(() => socket.write('x: y\r\n'), 50);
  socket.on('close', () => clearInterval(timer));
  return socket;
}
