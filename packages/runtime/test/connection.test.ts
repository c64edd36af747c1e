import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { start, stop } from '../src/index.ts';
import { tunnelThrough } from '../src/transport/tunnel.ts';
import { startCollector, TOKEN, type TestCollector } from './support/collector.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url));
const CA = fixture('cert.pem');
const tls = { key: readFileSync(fixture('key.pem'), 'utf8'), cert: readFileSync(CA, 'utf8') };
const pin = createHash('sha256')
  .update(new X509Certificate(tls.cert).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');
const otherPin = Buffer.alloc(32, 7).toString('base64');

const collectors: TestCollector[] = [];
const proxies: Proxy[] = [];
beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, '');
    vi.stubEnv(name.toUpperCase(), '');
  }
});
afterEach(async () => {
  stop();
  vi.unstubAllEnvs();
  for (const collector of collectors.splice(0)) await collector.kill();
  for (const proxy of proxies.splice(0)) proxy.close();
});

async function collect(secure: boolean): Promise<TestCollector> {
  const collector = await startCollector(secure ? { tls } : {});
  collectors.push(collector);
  return collector;
}

interface Proxy {
  readonly url: string;
  /** `host:port` of each tunnel that was asked for, and the credentials that came with it. */
  readonly asked: string[];
  close(): void;
}

/** A proxy whose tunnels all lead to `port`, or nowhere. It answers `status`, or nothing. */
async function openProxy(port: number | 'nowhere', status: number | 'nothing' = 200): Promise<Proxy> {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  const server: Server = createServer();
  server.on('connect', (request, socket: Socket) => {
    asked.push([request.url, request.headers['proxy-authorization']].filter(Boolean).join(' '));
    sockets.push(socket);
    socket.on('error', () => {});
    if (status !== 'nothing') socket.write(`HTTP/1.1 ${status} ${status}\r\n\r\n`);
    if (status !== 200 || port === 'nowhere') return;
    const target = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(target);
    socket.pipe(target).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = {
    url: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  proxies.push(proxy);
  return proxy;
}

/** Waits until the agent tries again, so that its first attempt is known to have failed. */
const hasFailed = (collector: TestCollector): Promise<void> => collector.until(() => collector.dialled > 1);

describe('TLS', () => {
  it('connects to a collector whose certificate its own authority has signed', async () => {
    const collector = await collect(true);
    vi.stubEnv('DORMOUSE_CA', CA);
    start({ url: collector.url, token: TOKEN });
    await collector.until(() => collector.hello() !== undefined);
  });

  it('does not connect without that authority', async () => {
    const collector = await collect(true);
    start({ url: collector.url, token: TOKEN });
    await hasFailed(collector);
    expect(collector.connections).toEqual([]);
  });

  it.each([
    ['the pinned key', pin],
    ['one of the pinned keys', `sha256/${otherPin},sha256/${pin}`],
  ])('connects to a collector that has %s', async (_what, pins) => {
    const collector = await collect(true);
    vi.stubEnv('DORMOUSE_CA', CA);
    vi.stubEnv('DORMOUSE_PIN', pins);
    start({ url: collector.url, token: TOKEN });
    await collector.until(() => collector.hello() !== undefined);
  });

  it('does not connect to a collector with another key than the pinned one, valid or not', async () => {
    const collector = await collect(true);
    vi.stubEnv('DORMOUSE_CA', CA);
    vi.stubEnv('DORMOUSE_PIN', otherPin);
    start({ url: collector.url, token: TOKEN });
    await hasFailed(collector);
    expect(collector.connections).toEqual([]);
  });
});

describe('a proxy', () => {
  it('is asked for a tunnel, with its credentials', async () => {
    const collector = await collect(false);
    const proxy = await openProxy(collector.port);
    vi.stubEnv('HTTP_PROXY', `http://jo:p%40ss@${proxy.url}`);
    start({ url: 'ws://collector.test:7447', token: TOKEN });
    await collector.until(() => collector.hello() !== undefined);
    const credentials = Buffer.from('jo:p@ss').toString('base64');
    expect(proxy.asked).toEqual([`collector.test:7447 Basic ${credentials}`]);
  });

  it('carries TLS that is spoken with the collector', async () => {
    const collector = await collect(true);
    const proxy = await openProxy(collector.port);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('DORMOUSE_CA', CA);
    vi.stubEnv('DORMOUSE_PIN', pin);
    start({ url: 'wss://collector.test', token: TOKEN });
    await collector.until(() => collector.hello() !== undefined);
    expect(proxy.asked).toEqual(['collector.test:443']);
  });

  it('cannot pass itself off as the collector', async () => {
    const collector = await collect(true);
    const proxy = await openProxy(collector.port);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('DORMOUSE_CA', CA);
    start({ url: 'wss://elsewhere.test', token: TOKEN });
    await hasFailed(collector);
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(collector.connections).toEqual([]);
  });

  it.each([
    ['a request for a tunnel', 'ws:', 'nothing', /^the proxy \S+ does not answer$/],
    ['what is said through one', 'ws:', 200, /^Opening handshake has timed out$/],
    ['TLS that is spoken through one', 'wss:', 200, /^Opening handshake has timed out$/],
  ] as const)('that does not answer %s is given up', async (_what, scheme, status, message) => {
    const proxy = await openProxy('nowhere', status);
    const socket = new WebSocket(`${scheme}//collector.test`, {
      handshakeTimeout: 50,
      createConnection: tunnelThrough(new URL(`http://${proxy.url}`), scheme === 'wss:') as never,
    });
    const errors: string[] = [];
    socket.on('error', (error) => errors.push(error.message));
    await new Promise((closed) => socket.on('close', closed));
    expect(errors).toEqual([expect.stringMatching(message)]);
  });

  it('that refuses is asked again later', async () => {
    const collector = await collect(false);
    const proxy = await openProxy(collector.port, 403);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    start({ url: 'ws://collector.test', token: TOKEN });
    await collector.until(() => proxy.asked.length > 1);
    expect(collector.connections).toEqual([]);
  });
});
