import type { AuditEntry } from '@dormouse/protocol';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { doorOf } from '../../src/audit/door.ts';
import { FailedSignIns } from '../../src/audit/failed-sign-ins.ts';
import { summaryOf } from '../../src/audit/summary.ts';
import { targetsOf } from '../../src/audit/targets.ts';
import { AuditTrail } from '../../src/audit/trail.ts';
import type { Appendix, AuditStore } from '../../src/storage/contract/directory/audit.ts';
import { sampleEntry } from './support/trail.ts';

const { log } = Fastify({ logger: false });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the writer of the trail', () => {
  /** A storage that answers when it is told to. */
  function openTrail() {
    const appended: (readonly Appendix[])[] = [];
    let answer: { fulfil: () => void; reject: (error: Error) => void } | undefined;
    const append: AuditStore['append'] = (_organisation, appendices) => {
      appended.push(appendices);
      return new Promise((fulfil, reject) => {
        answer = { fulfil: () => fulfil({ chain: 'c', sequence: 1, hash: 'h' }), reject };
      });
    };
    const settle = async (error?: Error): Promise<void> => {
      if (error === undefined) answer!.fulfil();
      else answer!.reject(error);
      await vi.advanceTimersByTimeAsync(0);
    };
    return { trail: new AuditTrail({ append } as AuditStore, log), appended, settle };
  }

  test('writes together what arrives while it writes', async () => {
    const { trail, appended, settle } = openTrail();
    const done: number[] = [];
    for (let index = 0; index < 4; index++) {
      void trail.record(1, sampleEntry()).then(() => done.push(index));
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(appended.map(({ length }) => length)).toEqual([1]);
    await settle();
    expect(done).toEqual([0]);
    expect(appended.map(({ length }) => length)).toEqual([1, 3]);
    await settle();
    expect(done).toEqual([0, 1, 2, 3]);
  });

  test('writes what is added as soon as what came before it is there', async () => {
    const { trail, appended, settle } = openTrail();
    const both = trail.record(1, sampleEntry()).then(() => trail.record(1, sampleEntry()));
    await settle();
    await settle();
    await both;
    expect(appended).toHaveLength(2);
  });

  test('tells whoever waits that it failed, and tries again with what nobody waits for', async () => {
    const { trail, appended, settle } = openTrail();
    const waiting = expect(trail.record(1, sampleEntry())).rejects.toThrow('disk');
    trail.note(1, sampleEntry({ operation: 'noted' }));
    await settle(new Error('disk'));
    await waiting;
    trail.note(1, sampleEntry({ operation: 'later' }));
    expect(appended).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(appended.at(-1)!.map(({ entry }) => entry.operation)).toEqual(['noted', 'later']);
    const stopped = trail.stop();
    await settle();
    await stopped;
  });

  test('counts what it cannot keep, and writes down how much that was', async () => {
    const { trail, appended, settle } = openTrail();
    for (let index = 0; index < 10_050; index++) trail.note(1, sampleEntry());
    while (appended.flat().length < 10_000) await settle();
    await settle();
    const lost = appended.flat().filter(({ entry }) => entry.operation === 'audit.lost');
    expect(lost.map(({ entry }) => entry.details)).toEqual([{ records: expect.any(Number) as number }]);
    const { records } = lost[0]!.entry.details as { records: number };
    expect(appended.flat().length - 1 + records).toBe(10_050);
  });
});

describe('failed sign-ins', () => {
  test('are written down one by one while they are few, then counted', () => {
    const noted: AuditEntry[] = [];
    const failures = new FailedSignIns((entry) => noted.push(entry));
    for (let index = 0; index < 25; index++)
      failures.add({ address: 'a', door: 'http', code: 'UNAUTHENTICATED' });
    expect(noted).toHaveLength(10);
    for (let index = 0; index < 500; index++)
      failures.add({ address: `b${index}`, door: 'agent', code: 'UNAUTHENTICATED' });
    expect(noted).toHaveLength(100);
    vi.advanceTimersByTime(60_000);
    expect(noted.at(-1)).toMatchObject({ operation: 'signIn.failed', details: { more: 425 } });
    failures.add({ address: 'a', door: 'http', code: 'UNAUTHENTICATED' });
    expect(noted).toHaveLength(102);
    failures.stop();
    expect(noted).toHaveLength(102);
  });
});

describe('the summary of a request', () => {
  const of = (body: unknown, query = {}) => summaryOf({ params: {}, query, body });

  test('shows what is known to be no secret, and names what else there was', () => {
    expect(
      of({
        kind: 'gauge',
        service: 'trades',
        location: { file: 'a.ts', line: 1 },
        value: 'queue.length',
        password: 'hunter2',
        locals: [{ key: 'card', value: { type: 'string', value: '4711' } }],
      }),
    ).toEqual({
      kind: 'gauge',
      service: 'trades',
      location: { file: 'a.ts', line: 1 },
      value: 'queue.length',
      password: '…',
      locals: '…',
    });
    expect(of({ value: { type: 'string', value: 'x' } })).toEqual({ value: '…' });
    expect(of({ capture: { locals: [] } })).toEqual({ capture: '…' });
    expect(of({ capture: { depth: 2 } })).toEqual({ capture: { depth: 2 } });
    expect(of({ target: { tags: { zone: 'eu', apiToken: 'x' } } })).toEqual({
      target: { tags: { zone: 'eu', apiToken: '…' } },
    });
    expect(of(undefined, { probe: 'p', code: 'x' })).toEqual({ probe: 'p', code: '…' });
    expect(of('text')).toEqual({});
  });

  test('is bounded, whatever is asked', () => {
    const long = 'x'.repeat(10_000);
    expect(of({ condition: long })).toEqual({ condition: `${'x'.repeat(500)}…` });
    expect(of({ watches: Array.from({ length: 100 }, () => long) })).toEqual({ watches: '…' });
    expect((of({ deny: Array.from({ length: 100 }, () => 'a') }) as { deny: unknown[] }).deny).toHaveLength(
      51,
    );
    let deep: object = { end: true };
    for (let depth = 0; depth < 50; depth++) deep = { deep };
    expect(JSON.stringify(of({ target: deep })).length).toBeLessThan(100);
  });
});

test('targets are on one line each, few, and each once', () => {
  expect(
    targetsOf({
      params: { id: 'p1' },
      query: { service: 's' },
      body: { id: 'p1', ids: ['a\nb', 'c'], instance: 7 },
      answer: { id: 'p2', token: { id: 't1' }, list: [{ id: 'no' }] },
    }),
  ).toEqual(['p1', 'p2', 't1', 's', 'a�b', 'c']);
  const many = Array.from({ length: 100 }, (_, index) => `p${index}`);
  expect(targetsOf({ params: {}, query: {}, body: { ids: many } })).toHaveLength(20);
});

test.each([
  [{ 'user-agent': 'dormouse-mcp/0.1.0' }, 'mcp'],
  [{ 'user-agent': 'dormouse-cli' }, 'cli'],
  [{ 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'same-origin' }, 'console'],
  [{ 'user-agent': '__proto__/1' }, 'http'],
  [{}, 'http'],
])('the door of %o is %s', (headers, door) => {
  expect(doorOf(headers)).toBe(door);
});
