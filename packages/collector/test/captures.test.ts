import type { Capture, CaptureView, ProbeView } from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TestAgent } from './support/agent.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

interface Page {
  readonly captures: readonly CaptureView[];
  readonly next?: string;
}

let collector: TestCollector;
let agent: TestAgent;
let probe: ProbeView;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
  probe = await collector.api.snapshot({ limits: { hits: 1_000 } });
});

const list = (query = ''): Promise<Page> => collector.api.get<Page>(`/captures?${query}`);
const ids = ({ captures }: Page): string[] => captures.map((capture) => capture.id);
const make = (count: number): Capture[] => Array.from({ length: count }, () => agent.capture(probe.id));

test('a batch that is sent twice is stored once and acknowledged twice', async () => {
  const batch = make(3);
  await agent.deliver(batch, 1);
  await agent.deliver(batch, 1);
  expect(ids(await list())).toEqual(batch.map((capture) => capture.id));
  expect((await collector.api.get<ProbeView>(`/probes/${probe.id}`)).hits).toBe(3);
});

test('every kind of captured value comes back as it was sent', async () => {
  const property = (value: Capture['self']) => ({ key: 'value', value: value! });
  const locals: NonNullable<Capture['locals']> = [
    property({ type: 'undefined' }),
    property({ type: 'null' }),
    property({ type: 'boolean', value: true }),
    property({ type: 'number', value: -1.5 }),
    property({ type: 'number', value: 'NaN' }),
    property({ type: 'bigint', value: '12345678901234567890' }),
    property({ type: 'symbol', value: 'Symbol(x)' }),
    property({ type: 'regexp', value: '/a/g' }),
    property({ type: 'string', value: 'a…', length: 9, omitted: { reason: 'stringLength', count: 8 } }),
    property({ type: 'date', value: 'Invalid Date' }),
    property({ type: 'function', name: 'f', class: false }),
    property({ type: 'object', class: null, properties: [property({ type: 'accessor' })] }),
    property({ type: 'object', id: 1, class: 'Trade', properties: [property({ type: 'reference', id: 1 })] }),
    property({ type: 'array', class: 'Array', length: 1, items: [{ type: 'redacted', rule: 'name' }] }),
    property({ type: 'map', class: 'Map', size: 1, entries: [[{ type: 'null' }, { type: 'proxy' }]] }),
    property({
      type: 'set',
      class: 'Set',
      size: 2,
      items: [],
      omitted: { reason: 'collectionSize', count: 2 },
    }),
    property({
      type: 'error',
      class: 'TypeError',
      message: 'm',
      stack: 's',
      cause: { type: 'null' },
      properties: [],
    }),
    property({ type: 'binary', class: 'Buffer', byteLength: 2, items: [1, '2'] }),
    property({ type: 'omitted', omitted: { reason: 'timeout' } }),
  ];
  const capture = agent.capture(probe.id, {
    self: { type: 'promise' },
    locals,
    outers: [property({ type: 'weakref' })],
    watches: [
      { source: 'a', value: { type: 'null' } },
      { source: 'b', error: 'b is not an object' },
    ],
    stack: [{ function: 'assess', file: 'src/risk.ts', line: 13, column: 3 }],
  });
  await agent.deliver([capture]);
  expect((await list()).captures[0]).toMatchObject(capture);
});

describe('a capture that cannot be stored does not cost those beside it', () => {
  test.each<[string, Partial<Record<keyof Capture, unknown>>]>([
    ['of the wrong shape', { hit: 'many' }],
    ['with a value of no known type', { self: { type: 'spell' } }],
    ['of a probe that never was', { probe: 'p_none' }],
  ])('%s', async (_what, change) => {
    const [first, bad, last] = make(3);
    await agent.deliver([first!, { ...bad!, ...change } as Capture, last!]);
    expect(ids(await list())).toEqual([first!.id, last!.id]);
  });

  test('of another service’s probe', async () => {
    const foreign = await collector.agent({ service: 'fraud' }, MANIFEST_A);
    await foreign.deliver([foreign.capture(probe.id)]);
    expect(ids(await list())).toEqual([]);
  });
});

describe('the hit limit', () => {
  test('counts what all processes delivered, and ends the probe everywhere', async () => {
    const limited = await collector.api.snapshot({ limits: { hits: 3 } });
    const other = await collector.agent({}, MANIFEST_A);
    await agent.deliver([agent.capture(limited.id), agent.capture(limited.id)]);
    expect(await collector.api.get(`/probes/${limited.id}`)).toMatchObject({ state: 'active', hits: 2 });
    await other.deliver([other.capture(limited.id)]);
    await expect
      .poll(() => collector.api.get(`/probes/${limited.id}`))
      .toMatchObject({ state: 'ended', endCause: 'hitLimit', hits: 3 });
    await expect
      .poll(() => other.received.findLast((message) => message.type === 'probes')?.probes.map(({ id }) => id))
      .toEqual([probe.id]);
  });

  test('lets captures in that were made before the probe ended', async () => {
    await collector.api.expect('DELETE', `/probes/${probe.id}`);
    await agent.deliver(make(1));
    expect(ids(await list(`probe=${probe.id}`))).toHaveLength(1);
  });
});

describe('pages', () => {
  test.each(['oldest', 'newest'])(
    'follow each other by cursor until there is no more: %s first',
    async (order) => {
      const batch = make(7);
      await agent.deliver(batch);
      const seen: string[] = [];
      let page = await list(`limit=3&order=${order}`);
      for (;;) {
        seen.push(...ids(page));
        if (page.next === undefined) break;
        page = await list(`limit=3&order=${order}&after=${page.next}`);
      }
      const arrived = batch.map((capture) => capture.id);
      expect(seen).toEqual(order === 'oldest' ? arrived : arrived.toReversed());
    },
  );

  test('end without a next when the last one is full', async () => {
    await agent.deliver(make(3));
    expect((await list('limit=3')).next).toBeUndefined();
  });

  test('hold one probe or one service', async () => {
    const other = await collector.api.snapshot();
    const foreign = await collector.agent({ service: 'fraud' }, MANIFEST_A);
    const theirs = await collector.api.snapshot({ service: 'fraud' });
    const here = agent.capture(other.id);
    const there = foreign.capture(theirs.id);
    await agent.deliver([...make(2), here]);
    await foreign.deliver([there]);
    expect(ids(await list(`probe=${other.id}`))).toEqual([here.id]);
    expect(ids(await list('service=fraud'))).toEqual([there.id]);
    expect(ids(await list('service=trades'))).toHaveLength(3);
    expect(ids(await list('limit=1000'))).toHaveLength(4);
  });
});
