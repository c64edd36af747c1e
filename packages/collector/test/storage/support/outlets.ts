import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Outlet } from '../../../src/storage/contract/outlets.ts';
import type { Storage } from '../../../src/storage/contract/storage.ts';
import type { Storages } from '../../../src/storage/contract/storages.ts';
import type { Delivery, StoredWebhook } from '../../../src/storage/contract/webhooks.ts';

/**
 * Holds what is remembered of sending evidence on to its contract. Every test has an environment of its own.
 * @param open a database, which is closed in the end
 * @param environment one that is empty
 */
export function describeOutlets(open: () => Promise<Storages>, environment: () => number): void {
  let storages: Storages;
  let storage: Storage;
  let id: number;

  beforeAll(async () => {
    storages = await open();
  });

  afterAll(() => storages.close());

  beforeEach(() => {
    id = environment();
    storage = storages.environment(id);
  });

  const outlet = (cursor: number, extra: Partial<Outlet> = {}): Outlet => ({
    cursor,
    sent: 1,
    refused: 2,
    skipped: 3,
    ...extra,
  });

  test('an outlet is where it was left, and never goes back', async () => {
    expect(await storage.outlets.find('otlp-logs')).toBeUndefined();
    const failure = { since: 1, at: 2, message: 'no' };
    await storage.outlets.save('otlp-logs', outlet(5, { failure }));
    expect(await storage.outlets.find('otlp-logs')).toEqual(outlet(5, { failure }));
    await storage.outlets.save('otlp-logs', outlet(7));
    await storage.outlets.save('otlp-logs', outlet(6, { sent: 9 }));
    expect(await storage.outlets.find('otlp-logs')).toEqual(outlet(7));
    expect(await storages.environment(environment()).outlets.find('otlp-logs')).toBeUndefined();
  });

  test('settings of OpenTelemetry are replaced; without them nothing is known of what was sent', async () => {
    const settings = {
      endpoint: 'https://otlp.example.com',
      headers: { 'x-key': 'k' },
      compression: 'gzip' as const,
      signals: ['logs' as const],
    };
    await storage.outlets.saveOtlp(settings);
    await storage.outlets.saveOtlp({ ...settings, signals: ['traces'] });
    await storage.outlets.save('otlp-logs', outlet(5));
    await storage.outlets.save('webhooks', outlet(6));
    expect(await storage.outlets.otlp()).toEqual({ ...settings, signals: ['traces'] });
    await storage.outlets.saveOtlp(undefined);
    expect(await storage.outlets.otlp()).toBeUndefined();
    expect(await storage.outlets.find('otlp-logs')).toBeUndefined();
    expect(await storage.outlets.find('webhooks')).toEqual(outlet(6));
  });

  describe('webhooks', () => {
    const webhook = (name: string, createdAt: number): StoredWebhook => ({
      id: name,
      url: 'https://example.com',
      events: ['probe.hit'],
      values: false,
      secret: 'whsec_s',
      createdAt,
      since: 0,
      dropped: 0,
    });
    const delivery = (name: string, event: string, dueAt = 10): Delivery => ({
      webhook: name,
      event,
      type: 'probe.hit',
      createdAt: dueAt,
      body: '{}',
      attempts: 0,
      state: 'waiting',
      dueAt,
    });
    const events = (deliveries: readonly Delivery[]): string[] => deliveries.map(({ event }) => event);

    test('are kept, oldest first, changed, and deleted with what waits for them', async () => {
      const { webhooks } = storage;
      await webhooks.insert(webhook('b', 2));
      await webhooks.insert(webhook('a', 1));
      expect(await webhooks.update('a', { failingSince: 5, dropped: 4 })).toBe(true);
      expect(await webhooks.update('c', { dropped: 4 })).toBe(false);
      expect(await webhooks.list()).toEqual([
        { ...webhook('a', 1), failingSince: 5, dropped: 4 },
        webhook('b', 2),
      ]);
      await webhooks.update('a', { failingSince: undefined, dropped: 0 });
      await webhooks.enqueue([delivery('a', 'e'), delivery('b', 'e')], 9);
      await webhooks.delete('b');
      expect(await webhooks.list()).toEqual([webhook('a', 1)]);
      expect(await webhooks.due(99, 9, [])).toEqual([delivery('a', 'e')]);
      expect(await storages.environment(environment()).webhooks.list()).toEqual([]);
    });

    test('are told of an event once, whatever has become of it', async () => {
      const { webhooks } = storage;
      await webhooks.enqueue([delivery('a', 'e'), delivery('a', 'f'), delivery('b', 'e')], 9);
      await webhooks.settle({
        webhook: 'a',
        event: 'e',
        attempts: 1,
        state: 'delivered',
        dueAt: 0,
        outcome: 'Good.',
      });
      expect(await webhooks.enqueue([delivery('a', 'e'), delivery('a', 'f')], 9)).toEqual(new Map());
      expect(events(await webhooks.due(99, 9, ['b']))).toEqual(['f']);
      expect(await webhooks.deliveries('a', 9)).toEqual([
        { ...delivery('a', 'e'), attempts: 1, state: 'delivered', dueAt: 0, outcome: 'Good.' },
        delivery('a', 'f'),
      ]);
    });

    test('get what is due, due first', async () => {
      const { webhooks } = storage;
      await webhooks.enqueue(
        [delivery('a', 'later', 30), delivery('a', 'second', 20), delivery('b', 'first', 10)],
        9,
      );
      expect(events(await webhooks.due(20, 9, []))).toEqual(['first', 'second']);
      expect(events(await webhooks.due(30, 1, []))).toEqual(['first']);
      expect(await webhooks.due(9, 9, [])).toEqual([]);
    });

    test('have room for so much; what finds none is counted', async () => {
      const { webhooks } = storage;
      await webhooks.enqueue([delivery('a', '1')], 3);
      const more = ['2', '3', '4', '5'].map((event) => delivery('a', event));
      expect(await webhooks.enqueue([...more, delivery('b', '1')], 3)).toEqual(new Map([['a', 2]]));
      expect(events(await webhooks.due(99, 9, ['b']))).toEqual(['1', '2', '3']);
    });

    test('forget what is over, and keep what waits', async () => {
      const { webhooks } = storage;
      await webhooks.enqueue(
        [delivery('a', 'over', 10), delivery('a', 'waits', 10), delivery('a', 'new', 20)],
        9,
      );
      for (const event of ['over', 'new']) {
        await webhooks.settle({ webhook: 'a', event, attempts: 1, state: 'failed', dueAt: 0 });
      }
      await webhooks.deleteSettled(15);
      expect(events(await webhooks.deliveries('a', 9))).toEqual(['new', 'waits']);
    });
  });
}
