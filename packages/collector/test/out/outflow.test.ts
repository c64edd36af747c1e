import { afterEach, beforeEach, expect, test } from 'vitest';
import { IN_MEMORY } from '../../src/index.ts';
import { Outflow, type Destination } from '../../src/out/outflow.ts';
import { Meters } from '../../src/out/prometheus/meters.ts';
import type { Source } from '../../src/out/source.ts';
import type { Storage } from '../../src/storage/contract/storage.ts';
import type { Storages } from '../../src/storage/contract/storages.ts';
import { openStorages } from '../../src/storage/open.ts';
import { Bell } from '../../src/stream/bell.ts';
import { sampleCapture } from '../storage/support/samples.ts';
import { storageOf } from '../support/storage-of.ts';

/** A destination of the test's own on a real storage: what it is given, and what it does with it. */

let storages: Storages;
let storage: Storage;
const news = new Bell();
const running: Outflow<number>[] = [];

beforeEach(async () => {
  storages = await openStorages(await storageOf(IN_MEMORY));
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
const began = () => expect.poll(outlet).toBeDefined();

test('everything is given once, in order, in batches, from the moment it begins', async () => {
  await arrive(5);
  const { given } = start();
  await began();
  await arrive(25);
  await expect.poll(() => given.flat()).toHaveLength(25);
  expect(given.flat()).toEqual(Array.from({ length: 25 }, (_, index) => index + 6));
  expect(Math.max(...given.map((batch) => batch.length))).toBe(10);
  await expect.poll(outlet).toMatchObject({ cursor: 30, sent: 25, skipped: 0 });
});

test('what failed is given again as it was, though more has come', async () => {
  const open = start();
  await began();
  open.deliver = () => Promise.reject(new Error('away'));
  await arrive(2);
  await expect.poll(async () => (await outlet())?.failure?.message).toBe('away');
  await arrive(3);
  open.deliver = async (items) => ({ sent: items.length, refused: 0 });
  await expect.poll(() => new Set(open.given.flat()).size).toBe(5);
  expect(open.given[1]).toEqual(open.given[0]);
  await expect.poll(outlet).not.toHaveProperty('failure');
});

test('what waits for too long is skipped and counted', async () => {
  const open = start();
  await began();
  open.deliver = () => Promise.reject(new Error('away'));
  await arrive(5);
  await expect.poll(() => open.given.length).toBeGreaterThan(0);
  // The same again takes new cursors, and stores nothing.
  const known = Array.from({ length: 2_000 }, (_, index) => sampleCapture(`again ${index}`));
  for (let times = 0; times < 26; times++) await storage.captures.store(known);
  open.deliver = async (items) => ({ sent: items.length, refused: 0 });
  await expect.poll(async () => (await outlet())?.skipped).toBeGreaterThan(0);
  const { skipped } = (await outlet())!;
  expect(skipped).toBe(5 + 26 * 2_000 - 50_000);
  open.given.length = 0;
  await arrive(1);
  await expect.poll(() => open.given).toEqual([[52_006]]);
});

test('nothing is kept for what is closed', async () => {
  const open = start({ isOpen: false });
  await arrive(3);
  expect(await outlet()).toBeUndefined();
  expect(open.given).toEqual([]);
});
