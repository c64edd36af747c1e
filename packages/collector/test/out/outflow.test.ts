import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IN_MEMORY } from '../../src/index.ts';
import { Outflow, type Destination } from '../../src/out/outflow.ts';
import { Meters } from '../../src/out/prometheus/meters.ts';
import type { Source } from '../../src/out/source.ts';
import type { Storage } from '../../src/storage/contract/storage.ts';
import type { Storages } from '../../src/storage/contract/storages.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { Bell } from '../../src/stream/bell.ts';
import { sampleCapture } from '../storage/support/samples.ts';

/** A destination of the test's own on a real storage: what it is given, and what it does with it. */

let storages: Storages;
let storage: Storage;
const news = new Bell();
const running: Outflow<number>[] = [];

beforeEach(async () => {
  storages = await openSqlite(IN_MEMORY);
  storage = storages.environment(1);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((outflow) => outflow.stop()));
  await storages.close();
});

interface Open {
  readonly given: (readonly number[])[];
  readonly isOpen: boolean;
  deliver: (items: readonly number[]) => Promise<{ sent: number; refused: number }>;
}

function start({ isOpen = true } = {}): Open {
  const open: Open = {
    given: [],
    isOpen,
    deliver: async (items) => ({ sent: items.length, refused: 0 }),
  };
  const destination: Destination<number> = {
    name: 'test',
    isOpen: async () => open.isOpen,
    async read(cursor) {
      const captures = await storage.captures.list({}, cursor, 10);
      const items = captures.map((capture) => Number(capture.cursor));
      return { items, cursor: items.at(-1) ?? cursor };
    },
    deliver(items) {
      open.given.push(items);
      return open.deliver(items);
    },
  };
  const log = { warn() {}, error() {} } as unknown as Source['log'];
  const source = { storage, news, meters: new Meters(), log } as unknown as Source;
  const outflow = new Outflow(source, destination);
  running.push(outflow);
  outflow.start();
  return open;
}

let captures = 0;
async function arrive(count: number): Promise<void> {
  await storage.captures.store(Array.from({ length: count }, () => sampleCapture(`c${captures++}`)));
  news.ring();
}

const outlet = () => storage.outlets.find('test');
const began = () => vi.waitFor(async () => expect(await outlet()).toBeDefined());

test('everything is given once, in order, in batches, from the moment it begins', async () => {
  await arrive(5);
  const { given } = start();
  await began();
  await arrive(25);
  await vi.waitFor(() => expect(given.flat()).toHaveLength(25), 3_000);
  expect(given.flat()).toEqual(Array.from({ length: 25 }, (_, index) => index + 6));
  expect(Math.max(...given.map((batch) => batch.length))).toBe(10);
  await vi.waitFor(async () => expect(await outlet()).toMatchObject({ cursor: 30, sent: 25, skipped: 0 }));
});

test('what failed is given again as it was, though more has come', async () => {
  const open = start();
  await began();
  open.deliver = () => Promise.reject(new Error('away'));
  await arrive(2);
  await vi.waitFor(async () => expect((await outlet())?.failure?.message).toBe('away'), 3_000);
  await arrive(3);
  open.deliver = async (items) => ({ sent: items.length, refused: 0 });
  await vi.waitFor(() => expect(new Set(open.given.flat()).size).toBe(5), 5_000);
  expect(open.given[1]).toEqual(open.given[0]);
  expect(await outlet()).not.toHaveProperty('failure');
});

test('what waits for too long is skipped and counted', async () => {
  const open = start();
  await began();
  open.deliver = () => Promise.reject(new Error('away'));
  await arrive(5);
  await vi.waitFor(() => expect(open.given.length).toBeGreaterThan(0), 3_000);
  // The same again takes new cursors, and stores nothing.
  const known = Array.from({ length: 2_000 }, (_, index) => sampleCapture(`again ${index}`));
  for (let times = 0; times < 26; times++) await storage.captures.store(known);
  open.deliver = async (items) => ({ sent: items.length, refused: 0 });
  await vi.waitFor(async () => expect((await outlet())?.skipped).toBeGreaterThan(0), 5_000);
  const { skipped } = (await outlet())!;
  expect(skipped).toBe(5 + 26 * 2_000 - 50_000);
  open.given.length = 0;
  await arrive(1);
  await vi.waitFor(() => expect(open.given).toEqual([[52_006]]), 3_000);
});

test('nothing is kept for what is closed', async () => {
  const open = start({ isOpen: false });
  await arrive(3);
  expect(await outlet()).toBeUndefined();
  expect(open.given).toEqual([]);
});
