import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_PREFIX, type ProbeView } from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeEvents, type Patience } from '../src/http/event-writer.ts';
import type { TailEvent } from '../src/stream/pages.ts';
import type { TestAgent } from './support/agent.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { EventStream } from './support/event-stream.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { endlessEvents } from './support/tail-events.ts';

let collector: TestCollector;
let agent: TestAgent;
let probe: ProbeView;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
  probe = await collector.api.snapshot({ limits: { hits: 100_000 } });
});

/** Delivers captures one by one; returns their ids. */
async function deliver(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const capture = agent.capture(probe.id);
    await agent.deliver([capture]);
    ids.push(capture.id);
  }
  return ids;
}

test('begins now, and shows captures and every change of a probe as they come', async () => {
  await deliver(1);
  const stream = await EventStream.open(collector);
  const [capture] = await deliver(1);
  agent.report(probe.id, { state: 'armed' });
  await agent.handled();
  agent.report(probe.id, { state: 'armed', seen: 7 });
  await agent.handled();
  await collector.api.expect('DELETE', `/probes/${probe.id}`);
  await expect.poll(() => stream.events.length).toBe(4);
  const [retry, ...events] = stream.events;
  expect(retry).toEqual({ retry: '1000' });
  expect(events).toMatchObject([
    { event: 'capture', data: { id: capture, service: 'trades', function: 'assess' } },
    { event: 'probe', data: { id: probe.id, state: 'active', agents: [{ state: 'armed' }] } },
    { event: 'probe', data: { id: probe.id, state: 'ended', endCause: 'removed' } },
  ]);
  const cursors = events.map(({ id }) => Number(id));
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
  stream.close();
});

describe('a client that comes back', () => {
  test.each(['Last-Event-ID', 'after'])('continues without a gap or a repetition by %s', async (how) => {
    const first = await EventStream.open(collector, `after=0&probe=${probe.id}`);
    const before = await deliver(3);
    await expect.poll(() => first.ids).toEqual([probe.id, ...before]);
    first.close();
    const last = first.events.at(-1)!.id!;

    const missed = await deliver(3);
    const second =
      how === 'after'
        ? await EventStream.open(collector, `after=${last}`)
        : await EventStream.open(collector, 'after=0', { 'last-event-id': last });
    const live = await deliver(2);
    await expect.poll(() => second.ids).toEqual([...missed, ...live]);
    second.close();
  });

  test('after more than a page catches up with everything, in order', async () => {
    const captures = Array.from({ length: 170 }, () => agent.capture(probe.id));
    await agent.deliver(captures);
    await collector.api.expect('DELETE', `/probes/${probe.id}`);
    const stream = await EventStream.open(collector, 'after=0');
    await expect.poll(() => stream.ids).toEqual([...captures.map((capture) => capture.id), probe.id]);
    stream.close();
  });

  test('from data that is gone starts now', async () => {
    const stream = await EventStream.open(collector, 'after=999999999');
    const live = await deliver(1);
    await expect.poll(() => stream.ids).toEqual(live);
    stream.close();
  });

  test('with something that is no cursor is told', async () => {
    await expect(EventStream.open(collector, '', { 'last-event-id': 'yesterday' })).rejects.toThrow(
      'Last-Event-ID must be the id of an earlier event.',
    );
  });
});

test('holds one probe or one service', async () => {
  const other = await collector.api.snapshot();
  const ofProbe = await EventStream.open(collector, `probe=${other.id}`);
  const ofService = await EventStream.open(collector, 'service=trades');
  const [unrelated] = await deliver(1);
  const capture = agent.capture(other.id);
  await agent.deliver([capture]);
  await expect.poll(() => ofService.ids).toEqual([unrelated, capture.id]);
  expect(ofProbe.ids).toEqual([capture.id]);
  ofProbe.close();
  ofService.close();
});

test('ends when the collector stops', async () => {
  const stream = await EventStream.open(collector);
  await collector.close();
  await stream.ended;
});

test('a client that does not read holds nobody else up', async () => {
  const stalled = request(`${collector.url}${API_PREFIX}/stream`, {
    headers: { authorization: `Bearer ${collector.adminToken}` },
  });
  stalled.on('error', () => undefined);
  stalled.on('response', (response) => response.pause());
  stalled.end();
  const reading = await EventStream.open(collector);
  const blob = { type: 'string', value: 'x'.repeat(200_000) } as const;
  const captures = Array.from({ length: 30 }, () =>
    agent.capture(probe.id, { locals: [{ key: 'blob', value: blob }] }),
  );
  await agent.deliver(captures);
  await expect.poll(() => reading.ids).toEqual(captures.map((capture) => capture.id));
  reading.close();
  stalled.destroy();
});

describe('events are written', () => {
  /** A server that streams `events`, and a client that begins to read when told. */
  async function open(events: AsyncIterable<TailEvent>, patience: Patience) {
    const stop = new AbortController();
    let written: Promise<void> | undefined;
    const server = createServer((_request, response) => {
      written = writeEvents(response, events, stop.signal, patience).finally(() => response.end());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return {
      response,
      written: written!,
      async close() {
        stop.abort();
        await written!.catch(() => undefined);
        server.closeAllConnections();
        server.close();
      },
    };
  }

  test('only as fast as they are read, and a client that reads nothing is told and cut', async () => {
    const { events, taken } = endlessEvents();
    const { response, written, close } = await open(events, { keepAliveMs: 60_000, stalledAfterMs: 300 });
    await written;
    // What fits the sockets' buffers, some megabytes, and one more.
    expect(taken()).toBeLessThan(200);
    const text = (await response.toArray()).join('');
    expect(text.split('\n\n').at(-2)).toBe(
      'event: error\ndata: {"message":"Nothing was read for 300 ms. Connect again with Last-Event-ID to continue."}',
    );
    expect(text.match(/^id: /gm)).toHaveLength(taken());
    await close();
  });

  test('with comments in between while there are none', async () => {
    async function* quiet(): AsyncGenerator<TailEvent> {
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield* [];
    }
    const { response, written, close } = await open(quiet(), { keepAliveMs: 50, stalledAfterMs: 1_000 });
    await written;
    expect((await response.toArray()).join('')).toMatch(/^retry: 1000\n\n(: still here\n\n){2,}$/);
    await close();
  });
});
