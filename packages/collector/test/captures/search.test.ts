import type {
  Capture,
  CaptureComparison,
  CapturedValue,
  CaptureView,
  ProbeView,
  RetentionView,
  SearchScope,
} from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { searchCaptures } from '../../src/captures/search.ts';
import type { CaptureText } from '../../src/storage/contract/captures.ts';
import type { TestAgent } from '../support/agent.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { MANIFEST_A } from '../support/manifest.ts';

interface Page {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
  readonly scope: SearchScope;
}

let collector: TestCollector;
let agent: TestAgent;
let probe: ProbeView;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
  probe = await collector.api.snapshot({ limits: { hits: 1_000 } });
});

const total = (value: CapturedValue): NonNullable<Capture['locals']> => [
  { key: 'order', value: { type: 'object', class: 'Order', properties: [{ key: 'total', value }] } },
];
const number = (value: number): CapturedValue => ({ type: 'number', value });
const search = (query: Record<string, string | readonly string[]>): Promise<Page> =>
  collector.api.get<Page>(
    `/captures?${new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      ),
    )}`,
  );
const hits = ({ captures }: Page): number[] => captures.map(({ hit }) => hit);

describe('captures are found', () => {
  const TRACE = 'ab'.repeat(16);

  test('by what they are of, by text and by values, all of them together', async () => {
    const other = await collector.agent({ instance: 'other' }, MANIFEST_A);
    await agent.deliver([
      agent.capture(probe.id, { locals: total(number(50)) }),
      agent.capture(probe.id, { locals: total(number(150)), traceId: TRACE, spanId: 'ab'.repeat(8) }),
      agent.capture(probe.id, { locals: total(number(250)), message: 'Paid "Ada"', kind: 'log' }),
      agent.capture(probe.id, { locals: total({ type: 'redacted', rule: 'name' }) }),
    ]);
    await other.deliver([other.capture(probe.id, { locals: total(number(350)) })]);

    expect(hits(await search({ where: 'order.total > 100' }))).toEqual([2, 3, 1]);
    expect(hits(await search({ where: ['order.total > 100', 'order.total < 200'] }))).toEqual([2]);
    expect(hits(await search({ traceId: TRACE }))).toEqual([2]);
    expect(hits(await search({ kind: 'log' }))).toEqual([3]);
    expect(hits(await search({ text: 'paid "ada"' }))).toEqual([3]);
    expect(hits(await search({ text: '350' }))).toEqual([1]);
    expect(hits(await search({ text: 'object' }))).toEqual([]);
    expect(hits(await search({ instance: 'other' }))).toEqual([1]);
    expect(hits(await search({ buildId: MANIFEST_A.buildId, order: 'newest', limit: '2' }))).toEqual([1, 4]);
    expect(hits(await search({ buildId: 'another' }))).toEqual([]);
  });

  test('with how far the search looked, and what it could not tell', async () => {
    await agent.deliver([
      agent.capture(probe.id, { locals: total({ type: 'redacted', rule: 'name' }) }),
      agent.capture(probe.id, { locals: total(number(1)) }),
      agent.capture(probe.id, { locals: total(number(2)) }),
    ]);
    const { captures, scope } = await search({ where: 'order.total = 1' });
    expect(captures).toHaveLength(1);
    expect(scope).toEqual({
      examined: 3,
      undecided: 1,
      complete: true,
      reached: expect.any(Number) as number,
    });
    const first = await search({ where: 'order.total >= 1', limit: '1' });
    expect(first.scope).toMatchObject({ examined: 2, complete: false });
    const second = await search({ where: 'order.total >= 1', limit: '1', after: first.next! });
    expect(hits(second)).toEqual([3]);
    expect(second.next).toBeUndefined();
  });

  test('by when they arrived', async () => {
    const times: number[] = [];
    for (let n = 0; n < 4; n++) {
      await agent.deliver([agent.capture(probe.id)]);
      times.push((await search({ order: 'newest', limit: '1' })).captures[0]!.receivedAt);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [, second = 0, third = 0, fourth = 0] = times;
    expect(hits(await search({ from: String(second), to: String(fourth) }))).toEqual([2, 3]);
    expect(hits(await search({ from: String(second), to: String(fourth), order: 'newest' }))).toEqual([3, 2]);
    expect(hits(await search({ from: String(third + 1), where: 'score = 41' }))).toEqual([4]);
    const page = await search({ from: String(second), limit: '2' });
    expect(hits(page)).toEqual([2, 3]);
    expect(hits(await search({ from: String(second), limit: '2', after: page.next! }))).toEqual([4]);
    expect(hits(await search({ to: '0' }))).toEqual([]);
  });

  test('and a condition that is none is refused with its place', async () => {
    const path = `/captures?${new URLSearchParams([
      ['where', 'a = 1'],
      ['where', 'a is 1'],
    ])}`;
    expect(await collector.api.fail('GET', path)).toMatchObject({
      status: 422,
      code: 'SYNTAX_ERROR',
      path: 'where[1]',
      excerpt: 'a is 1\n  ^',
    });
    expect(await collector.api.fail('GET', '/captures?traceId=x')).toMatchObject({ path: 'traceId' });
  });
});

describe('a search that meets its limits', () => {
  const texts = Array.from({ length: 1_000 }, (_, index): CaptureText => ({
    cursor: index + 1,
    json: JSON.stringify({ message: index === 990 ? 'needle' : 'hay', receivedAt: index }),
  }));
  const store = {
    texts: async (_filter: object, range: { after?: number; limit: number }) =>
      texts.slice(range.after ?? 0, (range.after ?? 0) + range.limit),
    firstSince: async () => 0,
  };
  const look = (after: number | undefined, limits: { examined: number; ms: number }) =>
    searchCaptures(store, { text: 'needle', where: [] }, { order: 'oldest', after, most: 10 }, limits);

  test.each([
    ['captures', { examined: 600, ms: 1e6 }, 600],
    ['time', { examined: 1e6, ms: 0 }, 250],
  ])('of %s says so, and goes on from there', async (_what, limits, examined) => {
    const first = await look(undefined, limits);
    expect(first).toEqual({
      captures: [],
      next: String(examined),
      scope: { examined, undecided: 0, complete: false, reached: examined - 1 },
    });
    let [page, looked] = [first, examined];
    while (page.next !== undefined) {
      page = await look(Number(page.next), limits);
      looked += page.scope.examined;
      if (page.captures.length > 0)
        expect(page.captures).toMatchObject([{ message: 'needle', cursor: '991' }]);
    }
    expect([looked, page.scope.complete]).toEqual([1_000, true]);
  });
});

test('two captures are compared', async () => {
  const [one, other] = [50, 150].map((value) => agent.capture(probe.id, { locals: total(number(value)) }));
  await agent.deliver([one!, other!]);
  const compare = (query: string): Promise<CaptureComparison> =>
    collector.api.get(`/captures/${one!.id}/differences?${query}`);
  expect(await compare(`to=${other!.id}`)).toEqual({
    from: one!.id,
    to: other!.id,
    differences: [
      {
        path: 'order.total',
        kind: 'changed',
        from: { type: 'number', text: '50' },
        to: { type: 'number', text: '150' },
      },
    ],
    more: 0,
    same: 0,
  });
  await expect(compare('to=none')).rejects.toThrow('There is no capture none');
});

test('what is kept is told, with its limits', async () => {
  const { limits: _defaults, ...before } = await collector.api.get<RetentionView>('/retention');
  expect(before.captures).toEqual({ count: 0, bytes: 0 });
  await agent.deliver([agent.capture(probe.id), agent.capture(probe.id)]);
  const { captures, windows, limits } = await collector.api.get<RetentionView>('/retention');
  expect(captures).toMatchObject({ count: 2, oldest: expect.any(Number) as number });
  expect(captures.bytes).toBeGreaterThan(400);
  expect(windows).toEqual({ count: 0, bytes: 0 });
  expect(limits.days).toBe(7);
});
