import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_PREFIX, type CaptureView, type ErrorBody, type ProbeView } from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer, type ClientOptions } from 'ws';
import { writeMessages } from '../src/http/message-writer.ts';
import type { TailEvent } from '../src/stream/pages.ts';
import { openStage } from './access/support/people.ts';
import type { TestAgent } from './support/agent.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { EventStream } from './support/event-stream.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { endlessEvents, largeEvent } from './support/tail-events.ts';

interface Message {
  readonly cursor?: string;
  readonly event: string;
  readonly data: Partial<CaptureView> & { readonly message?: string };
}

let collector: TestCollector;
let agent: TestAgent;
let probe: ProbeView;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
  probe = await collector.api.snapshot({ limits: { hits: 100_000 } });
});

/** A viewer, and what it was told so far. */
async function view(query = '', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${collector.url.replace(/^http/, 'ws')}${API_PREFIX}/stream?${query}`, {
    headers: { authorization: `Bearer ${collector.adminToken}`, ...headers },
  });
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  await once(socket, 'open');
  return { socket, messages };
}

/** The answer to a request for a WebSocket that gets none. */
async function refused(
  query: string,
  headers: Record<string, string>,
): Promise<{ status: number; error: ErrorBody['error'] }> {
  const socket = new WebSocket(`${collector.url.replace(/^http/, 'ws')}${API_PREFIX}/stream?${query}`, {
    headers,
  });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = JSON.parse((await response.toArray()).join('')) as ErrorBody;
  return { status: response.statusCode!, error: body.error };
}

test('shows captures and probes as they come, and goes on after a cursor without a gap', async () => {
  const { socket, messages } = await view(`probe=${probe.id}`);
  const first = [agent.capture(probe.id), agent.capture(probe.id)];
  await agent.deliver(first);
  await expect.poll(() => messages.map(({ data }) => data.id)).toEqual(first.map(({ id }) => id));
  expect(messages[0]).toMatchObject({ event: 'capture', data: { service: 'trades' } });
  socket.close();

  const missed = agent.capture(probe.id);
  await agent.deliver([missed]);
  const again = await view(`probe=${probe.id}&after=${messages.at(-1)!.cursor}`);
  await collector.api.expect('DELETE', `/probes/${probe.id}`);
  await expect.poll(() => again.messages.map(({ event }) => event)).toEqual(['capture', 'probe']);
  expect(again.messages[0]!.data.id).toBe(missed.id);
  again.socket.close();
});

test('is counted while it is open, as one by events is', async () => {
  const streams = async (): Promise<string | undefined> => {
    const headers = { authorization: `Bearer ${collector.adminToken}` };
    const response = await fetch(new URL('/metrics', collector.url), { headers });
    return /^dormouse_streams (\d+)$/m.exec(await response.text())?.[1];
  };
  const byEvents = await EventStream.open(collector, '');
  const { socket } = await view();
  await expect.poll(streams).toBe('2');
  byEvents.close();
  await expect.poll(streams).toBe('1');
  socket.close();
  await expect.poll(streams).toBe('0');
});

test('is closed with a word when the collector stops', async () => {
  const { socket } = await view();
  const closed = once(socket, 'close');
  await collector.close();
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([1001, 'the stream has ended']);
});

describe('what is no viewer’s is refused as every request is', () => {
  test('without a token', async () => {
    expect(await refused('', {})).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } });
  });

  test('of a probe that there is not', async () => {
    const headers = { authorization: `Bearer ${collector.adminToken}` };
    expect(await refused('probe=p_none', headers)).toMatchObject({
      status: 404,
      error: { code: 'NOT_FOUND' },
    });
    expect(await refused('prob=1', headers)).toMatchObject({ status: 400 });
  });

  test('of a page of another site, whose visitor is signed in here', async () => {
    const { link, visitor } = await openStage();
    const browser = visitor();
    await browser.open(await link());
    const { host, port } = new URL(browser.url);
    const cookie = Array.from(browser.cookies.get(host)!, ([name, value]) => `${name}=${value}`).join('; ');
    const url = `ws://127.0.0.1:${port}${API_PREFIX}/stream`;
    const foreign = new WebSocket(url, { headers: { cookie }, origin: 'https://evil.example' });
    await expect(once(foreign, 'open')).rejects.toThrow('403');
    const own = new WebSocket(url, { headers: { cookie }, origin: browser.url });
    await once(own, 'open');
    own.terminate();
  });

  test('at a door that is the agents’', async () => {
    const socket = new WebSocket(`${collector.url.replace(/^http/, 'ws')}${API_PREFIX}/streams`);
    await expect(once(socket, 'open')).rejects.toThrow('404');
  });
});

test('a viewer that does not read holds nobody else up', async () => {
  const stalled = await view();
  stalled.socket.pause();
  const reading = await view();
  const blob = { type: 'string', value: 'x'.repeat(200_000) } as const;
  const captures = Array.from({ length: 30 }, () =>
    agent.capture(probe.id, { locals: [{ key: 'blob', value: blob }] }),
  );
  await agent.deliver(captures);
  await expect
    .poll(() => reading.messages.map(({ data }) => data.id), { timeout: 15_000 })
    .toEqual(captures.map(({ id }) => id));
  reading.socket.close();
  stalled.socket.terminate();
});

describe('messages are written', () => {
  async function open(
    events: AsyncIterable<TailEvent>,
    patience: Parameters<typeof writeMessages>[3],
    options: ClientOptions = {},
  ) {
    const stop = new AbortController();
    const server = createServer();
    const accepting = new WebSocketServer({ server });
    const written = new Promise<void>((resolve, reject) => {
      accepting.on('connection', (socket) => {
        writeMessages(socket, events, stop.signal, patience).then(resolve, reject);
      });
    });
    written.catch(() => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
    await once(client, 'open');
    return {
      client,
      written,
      async close() {
        stop.abort();
        await written.catch(() => undefined);
        client.terminate();
        accepting.close();
        server.close();
      },
    };
  }

  test('only as fast as they are read, and a client that reads nothing is told and cut', async () => {
    const { events, taken } = endlessEvents();
    const { client, written, close } = await open(events, { keepAliveMs: 60_000, stalledAfterMs: 300 });
    const messages: Message[] = [];
    client.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
    client.pause();
    const cut = once(client, 'close');
    await expect.poll(taken).toBeGreaterThan(1);
    await new Promise((resolve) => setTimeout(resolve, 800));
    // What fits the sockets' buffers, some megabytes, and one more.
    expect(taken()).toBeLessThan(200);
    client.resume();
    await written;
    const [code] = (await cut) as [number];
    expect(code).toBe(1008);
    expect(messages).toHaveLength(taken() + 1);
    expect(messages.at(-1)).toEqual({
      event: 'error',
      data: { message: `Nothing was read for 300 ms. Connect again with after=${taken()} to continue.` },
    });
    await close();
  });

  test('to a client that is gone without a word no longer than two heartbeats', async () => {
    async function* quiet(): AsyncGenerator<TailEvent> {
      await new Promise(() => {});
      yield largeEvent(1);
    }
    const { client, close } = await open(
      quiet(),
      { keepAliveMs: 100, stalledAfterMs: 10_000 },
      { autoPong: false },
    );
    const [code] = (await once(client, 'close')) as [number];
    expect(code).toBe(1006);
    void close();
  });
});
