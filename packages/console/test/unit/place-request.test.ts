import { describe, expect, it } from 'vitest';
import { EMPTY, requestOf, type Draft } from '../../src/views/source/place/draft.ts';

/** What stands in the form becomes the request that the collector takes, and nothing of other kinds. */

const PLACE = { service: 'trades', file: 'src/desk.ts', line: 12, column: 5, function: 'Desk.place' };
const LINE = { file: 'src/desk.ts', line: 12, column: 5 };
const CALLS = { file: 'src/desk.ts', line: 12, function: 'Desk.place' };

const asked = (draft: Partial<Draft>) => requestOf({ ...EMPTY, ...draft }, PLACE);

const limits = { expiresInMs: 3_600_000 };

describe('a request', () => {
  it.each<readonly [Partial<Draft>, object]>([
    [{}, { kind: 'snapshot', location: LINE }],
    [
      { on: 'throw', condition: ' a > 1 ' },
      { kind: 'snapshot', location: CALLS, on: 'throw', condition: 'a > 1' },
    ],
    [
      { kind: 'log', template: 'x {a}', to: 'both' },
      { kind: 'log', location: LINE, template: 'x {a}', level: 'info', to: 'both' },
    ],
    [
      { kind: 'check', expect: 'a', watches: 'b\n\n c ', verdictHits: 3, verdictMs: 60_000 },
      {
        kind: 'check',
        location: LINE,
        expect: 'a',
        watches: ['b', 'c'],
        verdict: { afterHits: 3, afterMs: 60_000 },
      },
    ],
    [
      { kind: 'tictoc', until: '20' },
      { kind: 'tictoc', location: LINE, until: { file: 'src/desk.ts', line: 20 } },
    ],
    [
      { kind: 'tictoc', until: 'risk.ts:7', within: 'request' },
      { kind: 'tictoc', location: LINE, until: { file: 'risk.ts', line: 7 }, within: 'request' },
    ],
    [
      { kind: 'span', name: 'settle' },
      { kind: 'span', location: CALLS, name: 'settle' },
    ],
    [
      { kind: 'span', until: '20' },
      { kind: 'span', location: LINE, until: { file: 'src/desk.ts', line: 20 } },
    ],
    [
      { kind: 'tag', attributes: 'order = order.id\ntotal=a = b' },
      { kind: 'tag', location: LINE, attributes: { order: 'order.id', total: 'a = b' } },
    ],
    [
      { kind: 'path', steps: 20, includes: [{ file: 'risk.ts', line: 1, function: 'assess' }] },
      {
        kind: 'path',
        location: CALLS,
        steps: 20,
        includes: [{ file: 'risk.ts', line: 1, function: 'assess' }],
      },
    ],
    [
      {
        kind: 'gauge',
        value: 'a',
        by: 'b',
        keys: 7,
        on: 'return',
        hits: 5,
        hitsOf: 'each',
        template: 'of a log',
      },
      { kind: 'gauge', location: CALLS, value: 'a', by: 'b', keys: 7, on: 'return' },
    ],
    [
      { kind: 'counter', keys: 7 },
      { kind: 'counter', location: LINE },
    ],
  ])('of %o', (draft, request) => {
    expect(asked(draft)).toEqual({ service: 'trades', limits, ...request });
  });

  it('has limits, processes and amounts only where they were given', () => {
    expect(
      asked({
        hits: 5,
        hitsOf: 'each',
        hitsPerSecond: 0.5,
        group: 'g_1',
        instances: ['i'],
        buildId: 'b',
        tags: ' region=eu  zone=b ',
        context: 'userId=4711',
        share: 10,
        canaryMs: 60_000,
        capture: { depth: 2, items: null },
      }),
    ).toMatchObject({
      hitsOf: 'each',
      limits: { hits: 5, hitsPerSecond: 0.5, expiresInMs: 3_600_000 },
      group: 'g_1',
      target: {
        instances: ['i'],
        buildId: 'b',
        tags: { region: 'eu', zone: 'b' },
        context: { userId: '4711' },
        share: 0.1,
        canary: { quietMs: 60_000 },
      },
      capture: { depth: 2 },
    });
  });
});
