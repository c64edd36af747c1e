import { once } from 'node:events';
import {
  API_PREFIX,
  type CapturedValue,
  type CaptureView,
  type ElevationView,
  type MintedToken,
} from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { TestAgent } from '../support/agent.ts';
import { TestApi } from '../support/api.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { EventStream } from '../support/event-stream.ts';
import { MANIFEST_A } from '../support/manifest.ts';

/** Rights that end while something is under way that needs them. */

const DEFAULT = 'default/default/default';
/** So often it is asked whether whoever came in may stay. */
const ASK_AGAIN_MS = 5_000;
const SOON = { interval: 5 };

let collector: TestCollector;
let api: TestApi;
let agent: TestAgent;
let probe: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  collector = await openCollector();
  ({ api } = collector);
  agent = await collector.agent({}, MANIFEST_A);
  ({ id: probe } = await api.snapshot({ limits: { hits: 100 } }));
});

afterEach(() => {
  vi.useRealTimers();
});

/** Somebody who follows, and what they have been told. */
interface Viewer {
  readonly captures: () => CaptureView[];
  readonly isOver: () => boolean;
}

type Door = (secret: string) => Promise<Viewer>;

const byEvents: Door = async (secret) => {
  const stream = await EventStream.open({ url: collector.url, adminToken: secret });
  let isOver = false;
  void stream.ended.then(() => (isOver = true));
  return {
    captures: () =>
      stream.events.flatMap(({ event, data }) => (event === 'capture' ? (data as CaptureView) : [])),
    isOver: () => isOver,
  };
};

const byWebSocket: Door = async (secret) => {
  const socket = new WebSocket(`${collector.url.replace('http', 'ws')}${API_PREFIX}/stream`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const captures: CaptureView[] = [];
  socket.on('message', (message: Buffer) => {
    const { event, data } = JSON.parse(message.toString()) as { event: string; data: CaptureView };
    if (event === 'capture') captures.push(data);
  });
  await once(socket, 'open');
  return { captures: () => captures, isOver: () => socket.readyState === socket.CLOSED };
};

const DOORS: [string, Door][] = [
  ['server-sent events', byEvents],
  ['a WebSocket', byWebSocket],
];

const mint = (extra: object = {}): Promise<MintedToken> =>
  api.expect('POST', '/tokens', { name: 'of a viewer', place: DEFAULT, ...extra });

/** A hit, which somebody who follows everything has seen. */
async function hit(): Promise<string> {
  const capture = agent.capture(probe);
  await agent.deliver([capture]);
  return capture.id;
}

async function expectSeen(viewer: Viewer): Promise<CaptureView> {
  const id = await hit();
  await expect.poll(() => viewer.captures().map((capture) => capture.id), SOON).toContain(id);
  return viewer.captures().find((capture) => capture.id === id)!;
}

const askAgain = (): Promise<unknown> => vi.advanceTimersByTimeAsync(ASK_AGAIN_MS);

describe.each(DOORS)('%s', (_name, open) => {
  test.each<[string, (token: MintedToken['token']) => Promise<unknown>]>([
    ['is revoked', ({ id }) => api.expect('DELETE', `/tokens/${id}`)],
    ['gets another secret at once', ({ id }) => api.expect('POST', `/tokens/${id}/rotate`, { overlapMs: 0 })],
    ['has expired', async ({ expiresAt }) => vi.setSystemTime(expiresAt! + 1)],
  ])('ends when its token %s, and tells nothing from then on', async (_how, end) => {
    const { token, secret } = await mint({ expiresInMs: 3_600_000 });
    const viewer = await open(secret);
    await expectSeen(viewer);
    await askAgain();
    await expectSeen(viewer);
    await end(token);
    await askAgain();
    await expect.poll(viewer.isOver, SOON).toBe(true);
    const last = await hit();
    expect(viewer.captures().map(({ id }) => id)).not.toContain(last);
  });

  test('ends with its environment', async () => {
    const place = 'default/default/other';
    await api.expect('POST', '/places', { place });
    const viewer = await open((await mint({ place })).secret);
    await api.expect('DELETE', `/places?place=${place}&confirm=${place}`);
    await askAgain();
    await expect.poll(viewer.isOver, SOON).toBe(true);
  });

  test('goes on without values when the elevation is over that showed them', async () => {
    const { secret } = await mint({
      role: 'viewer',
      grants: [],
      elevation: { role: 'viewer', grants: ['values'] },
    });
    const caller = new TestApi(collector.url, secret);
    const asked = { role: 'viewer', grants: ['values'], reason: 'incident 4711' };
    const viewer = await open(secret);
    expect((await expectSeen(viewer)).withheld).toBe('values');
    const { endsAt } = await caller.expect<ElevationView>('POST', '/elevations', asked);
    const next = async (): Promise<CapturedValue | undefined> =>
      (await expectSeen(viewer)).locals?.[0]?.value;
    await askAgain();
    await expect.poll(next, SOON).toEqual({ type: 'number', value: 41 });
    vi.setSystemTime(endsAt + 1);
    await askAgain();
    await expect.poll(next, SOON).toMatchObject({ type: 'redacted' });
    expect(viewer.isOver()).toBe(false);
  });
});

test('a process is let go when its token is revoked or has expired, and others are not', async () => {
  const { token, secret } = await mint({ kind: 'agent' });
  const { secret: brief, token: ending } = await mint({ kind: 'agent', expiresInMs: 3_600_000 });
  const [revoked, expired] = [
    await collector.agent({}, MANIFEST_A, secret),
    await collector.agent({}, MANIFEST_A, brief),
  ];
  const reason = { reason: 'the token was revoked, or has expired' };
  const closed = revoked.closed();
  await api.expect('DELETE', `/tokens/${token.id}`);
  await askAgain();
  expect(await closed).toMatchObject(reason);
  const overdue = expired.closed();
  vi.setSystemTime(ending.expiresAt! + 1);
  await askAgain();
  expect(await overdue).toMatchObject(reason);
  await hit();
});
