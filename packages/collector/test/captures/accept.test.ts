import { compileRedaction } from '@dormouse/expression/redaction';
import {
  DEFAULT_REDACTION_RULES,
  type Capture,
  type CapturedValue,
  type RedactionRules,
} from '@dormouse/protocol';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { accepting } from '../../src/captures/accept.ts';
import { Hiding } from '../../src/captures/hide.ts';
import { capture as schema } from '../../src/schemas/capture.ts';

const CARD = '4111111111111111';
const REDACTED = { type: 'redacted', rule: 'name' } as const;
const text = (value: string): CapturedValue => ({ type: 'string', value });

function acceptUnder(rules: Partial<RedactionRules> = {}, marked: readonly string[] = []) {
  return accepting(new Hiding(compileRedaction({ ...DEFAULT_REDACTION_RULES, ...rules }, marked)));
}

const captureOf = (fields: Partial<Capture>): Capture => ({
  id: 'i-1',
  probe: 'p',
  kind: 'snapshot',
  at: 1,
  hit: 1,
  tookUs: 1,
  ...fields,
});

/** A local of the name `it`, as it is kept. */
function kept(value: CapturedValue, rules?: Partial<RedactionRules>): [CapturedValue, number] {
  const accepted = acceptUnder(rules)(captureOf({ locals: [{ key: 'it', value }] }));
  if (accepted.problem !== undefined) throw new Error(accepted.problem);
  return [accepted.capture.locals![0]!.value, accepted.hidden];
}

describe('what a process should have hidden is hidden on arrival, and counted', () => {
  const object = (properties: Record<string, CapturedValue>): CapturedValue => ({
    type: 'object',
    class: 'Object',
    properties: Object.entries(properties).map(([key, value]) => ({ key, value })),
  });

  test.each<[string, CapturedValue, CapturedValue]>([
    ['a name', object({ password: text('x') }), object({ password: REDACTED })],
    ['a symbol', object({ 'Symbol(apiKey)': text('x') }), object({ 'Symbol(apiKey)': REDACTED })],
    [
      'a value beside its name',
      object({ name: text('password'), value: text('x') }),
      object({ name: text('password'), value: REDACTED }),
    ],
    ['a text in a text', text(`pay ${CARD}`), text('pay [redacted:card]')],
    ['a number', { type: 'number', value: Number(CARD) }, { type: 'redacted', rule: 'card' }],
    ['a bigint', { type: 'bigint', value: CARD }, { type: 'redacted', rule: 'card' }],
    [
      'an item behind its name',
      { type: 'array', class: 'Array', length: 2, items: [text('authorization'), text('x')] },
      { type: 'array', class: 'Array', length: 2, items: [text('authorization'), REDACTED] },
    ],
    [
      'an entry of a Map',
      { type: 'map', class: 'Map', size: 1, entries: [[text('token'), text('x')]] },
      { type: 'map', class: 'Map', size: 1, entries: [[text('token'), REDACTED]] },
    ],
    [
      'an error',
      { type: 'error', class: 'Error', message: `no ${CARD}`, properties: [] },
      { type: 'error', class: 'Error', message: 'no [redacted:card]', properties: [] },
    ],
  ])('%s', (_what, sent, expected) => {
    expect(kept(sent)).toEqual([expected, 1]);
    expect(kept(expected)).toEqual([expected, 0]);
  });

  test('wherever it stands in a capture', () => {
    const secret = { key: 'secret', value: text('x') };
    const line = { line: 1, column: 1, locals: [secret] };
    const accepted = acceptUnder()(
      captureOf({
        message: CARD,
        self: text(CARD),
        outers: [secret],
        returned: text(CARD),
        threw: text(CARD),
        watches: [
          { source: 'a', value: text(CARD) },
          { source: 'b', error: CARD },
        ],
        lastLine: line,
        trail: [{ file: 'f', functionIndex: 0, waits: false, at: line }],
        context: { token: 'x', user: CARD },
        attributes: { password: 7, mail: CARD },
        path: {
          functions: [{ name: 'f', source: 's' }],
          calls: [{ function: 0, depth: 0, returned: text(CARD) }],
          steps: [{ call: 0, line: 1, column: 1, us: 0, changed: [secret] }],
          ended: 'returned',
        },
      }),
    );
    expect(accepted).toMatchObject({ hidden: 15 });
    const shown = JSON.stringify(accepted);
    expect(shown).not.toContain(CARD);
    expect(shown).not.toMatch(/"x"|7}/);
  });

  test('by a team’s own names and patterns, and by the marks of the build', () => {
    const rules = { names: ['tenant'], patterns: [{ name: 'order', pattern: 'ORD-\\d+' }] };
    const accepted = acceptUnder(rules, ['pet'])(
      captureOf({
        locals: ['tenant', 'pet', 'note'].map((key) => ({ key, value: text('see ORD-12') })),
      }),
    );
    expect(accepted).toMatchObject({
      hidden: 3,
      capture: {
        locals: [{ value: REDACTED }, { value: REDACTED }, { value: text('see [redacted:order]') }],
      },
    });
  });

  test('but for what is on a list, where there is one', () => {
    const value: CapturedValue = object({ id: text('1'), total: { type: 'number', value: 2 } });
    const hidden = { type: 'redacted', rule: 'include-list' } as const;
    expect(kept(value, { mode: 'include', includeNames: ['id'] })).toEqual([
      object({ id: text('1'), total: hidden }),
      1,
    ]);
  });

  test('and what takes too long to look through is not shown', () => {
    const patterns = Array.from({ length: 20 }, (_, n) => ({ name: `p${n}`, pattern: `(a|b|ab)*c${n}` }));
    const items = Array.from({ length: 2_000 }, () => text('ab'.repeat(400)));
    const sent: CapturedValue = { type: 'array', class: 'Array', length: items.length, items };
    const before = process.cpuUsage();
    const [value] = kept(sent, { patterns });
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(5_000_000);
    expect((value as Extract<CapturedValue, { type: 'array' }>).items.at(-1)).toEqual({
      type: 'omitted',
      omitted: { reason: 'timeout' },
    });
  });

  test.runIf('threadCpuUsage' in process)('but nothing is lost because a busy machine let it wait', () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
    onTestFinished(() => clock.mockRestore());
    const items = Array.from({ length: 200 }, (_, index) => text(`text ${index}`));
    const sent: CapturedValue = { type: 'array', class: 'Array', length: items.length, items };
    expect(kept(sent)).toEqual([sent, 0]);
  });
});

test('the rules of one capture are not those of the next', () => {
  acceptUnder({ names: ['tenant'] })(captureOf({}));
  expect(acceptUnder()(captureOf({ message: 'tenant=ada' }))).toMatchObject({ hidden: 0 });
});

test('what the fast walk accepts is what the schema accepts, and the same', () => {
  const accept = acceptUnder();
  const leaf = fc.oneof(
    fc.constantFrom<unknown>({ type: 'null' }, { type: 'proxy' }, { type: 'spell' }, null, 7, 'text', []),
    fc.record({
      type: fc.constantFrom('number', 'boolean', 'bigint'),
      value: fc.constantFrom(1, true, '1', 'NaN'),
    }),
    fc.record({
      type: fc.constant('string'),
      value: fc.constantFrom('a', 1),
      length: fc.constantFrom(1, -1),
    }),
    fc.record({
      type: fc.constant('omitted'),
      omitted: fc.constantFrom({ reason: 'depth', count: 1 }, { reason: '?' }),
    }),
    fc.record({ type: fc.constant('function'), name: fc.constant('f'), class: fc.constantFrom(true, 'yes') }),
    fc.record({ type: fc.constant('reference'), id: fc.constantFrom(1, 1.5) }),
  );
  const { value } = fc.letrec((tie) => {
    const inner = fc.oneof({ weight: 3, arbitrary: leaf }, tie('holder'));
    return {
      value: inner,
      holder: fc.oneof(
        fc.record({
          type: fc.constant('object'),
          class: fc.constantFrom('A', null, 1),
          more: fc.constant('unknown'),
          properties: fc.array(fc.record({ key: fc.constant('k'), value: inner }), { maxLength: 3 }),
        }),
        fc.record({
          type: fc.constant('map'),
          class: fc.constant('Map'),
          size: fc.constant(1),
          entries: fc.array(fc.array(inner, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
        }),
        fc.record({
          type: fc.constantFrom('array', 'set'),
          class: fc.constant('Array'),
          length: fc.constant(1),
          size: fc.constant(1),
          items: fc.array(inner, { maxLength: 3 }),
        }),
        fc.record(
          {
            type: fc.constant('error'),
            class: fc.constant('E'),
            message: fc.constantFrom('m', 1),
            stack: fc.constant('s'),
            cause: inner,
            properties: fc.constant([]),
          },
          { requiredKeys: ['type', 'class', 'message', 'properties'] },
        ),
      ),
    };
  });
  fc.assert(
    fc.property(value, (it) => {
      const raw = captureOf({ self: it as CapturedValue });
      const expected = schema.safeParse(raw);
      const accepted = accept(raw);
      if (expected.success) expect(accepted).toEqual({ capture: expected.data, hidden: 0 });
      else expect(accepted.problem).toMatch(/^self/);
    }),
    { numRuns: Number(process.env['DORMOUSE_CASES'] ?? 300) },
  );
});

test('what is said of a capture’s fields is what the schema says', () => {
  const accept = acceptUnder();
  const junk = fc.constantFrom<unknown>(
    undefined,
    null,
    -1,
    1.5,
    1e300,
    NaN,
    '',
    'x',
    '\n',
    true,
    [],
    {},
    [null],
    [7],
  );
  const line = { line: 1, column: 1, locals: [{ key: 'a', value: { type: 'null' } }] };
  const good = {
    ...captureOf({}),
    message: 'm',
    level: 'info',
    on: 'return',
    returned: { type: 'null' },
    durationMs: 0,
    locals: line.locals,
    watches: [
      { source: 'a', value: { type: 'null' } },
      { source: 'b', error: 'e' },
    ],
    stack: [{ function: 'f', file: '', line: 0, column: 1, async: true }],
    lastLine: { ...line, self: { type: 'null' }, outers: [] },
    trail: [{ file: 'f', functionIndex: 0, waits: true, at: line }],
    metric: { from: 0, to: 1, series: [{ count: 1, key: 'k' }] },
    traceId: 'a'.repeat(32),
    spanId: '0'.repeat(16),
    context: { user: 'u' },
    path: { functions: [], calls: [{ function: 0, depth: 0 }], steps: [], ended: 'returned' },
    attributes: { a: 1, b: 'c', d: true },
    unknown: 1,
  };
  const places = placesIn(good);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), junk), { maxLength: 2 }), (changes) => {
      const raw = changes.reduce<unknown>((all, [place, value]) => withAt(all, place, value), good);
      const expected = schema.safeParse(raw);
      const accepted = accept(raw);
      if (expected.success) expect(accepted).toEqual({ capture: expected.data, hidden: 0 });
      else expect(accepted.problem).toEqual(expect.any(String));
    }),
    { numRuns: Number(process.env['DORMOUSE_CASES'] ?? 1_000) },
  );
});

type Place = readonly (string | number)[];

/** The places of everything in a value. */
const placesIn = (value: unknown, place: Place = []): Place[] => [
  place,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) =>
        placesIn(each, [...place, Array.isArray(value) ? Number(key) : key]),
      )
    : []),
];

/** A value with another at a place of it, if it still has that. */
function withAt(value: unknown, [key, ...rest]: Place, other: unknown): unknown {
  if (key === undefined) return other;
  if (typeof value !== 'object' || value === null) return value;
  const changed = withAt((value as Record<string | number, unknown>)[key], rest, other);
  return Array.isArray(value)
    ? value.map((each, index) => (index === key ? changed : each))
    : { ...value, [key]: changed };
}

test('what says that it is hidden brings nothing along', () => {
  const sent = { ...REDACTED, value: 'x' } as CapturedValue;
  const accepted = acceptUnder()(captureOf({ locals: [{ key: 'password', value: sent }] }));
  expect(accepted).toEqual({
    capture: captureOf({ locals: [{ key: 'password', value: REDACTED }] }),
    hidden: 0,
  });
});

test('what is nested without end is refused', () => {
  let value: CapturedValue = text('x');
  for (let level = 0; level < 3_000; level++) {
    value = { type: 'array', class: 'Array', length: 1, items: [value] };
  }
  const problem = { problem: 'it is nested too deeply' };
  expect(acceptUnder()(captureOf({ self: value }))).toEqual(problem);
  // What is wrong elsewhere is looked for with another walk.
  const wrong = { type: 'spell' } as unknown as CapturedValue;
  expect(acceptUnder()(captureOf({ returned: wrong, self: value }))).toEqual(problem);
});
