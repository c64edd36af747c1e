import { clock } from './support/clock.ts';
import {
  CONTRACT_VERSION,
  DEFAULT_PROCESS_LIMITS,
  LIMITS,
  type Capture,
  type CaptureLimits,
  type DropReason,
  type LineHook,
  type OmissionReason,
} from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { Probe } from '../src/hit/probe.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { readStacks } from '../src/stack/stack.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';
import { runWoven } from './support/woven.ts';

interface Armed {
  readonly probe: Probe;
  readonly captures: Capture[];
  /** What the queue answers from now on. */
  refusal: DropReason | undefined;
  call(...values: unknown[]): unknown;
}

interface ArmOptions extends CommandOptions {
  /** Hits per second of the whole process. */
  readonly processRate?: number;
  /** Only hits of requests with these attributes. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Weaves a script whose last value is a function, and arms a probe at the first point of a line. */
function arm(source: string, line: number, { context, ...options }: ArmOptions = {}): Armed {
  const woven = runWoven(source);
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  const captures: Capture[] = [];
  const armed: Armed = {
    captures,
    refusal: undefined,
    probe: new Probe(
      { ...commandAt(woven, line, options), ...(context !== undefined && { context }) },
      {
        budget: new ProcessBudget({
          ...DEFAULT_PROCESS_LIMITS,
          hitsPerSecond: options.processRate ?? DEFAULT_PROCESS_LIMITS.hitsPerSecond,
        }),
        nextCaptureId: () => `capture-${captures.length + 1}`,
        enqueue(capture) {
          if (armed.refusal === undefined) captures[captures.length] = capture;
          return armed.refusal;
        },
      },
    ),
    call: woven.value as (...values: unknown[]) => unknown,
  };
  armed.probe.arm();
  for (const plug of armed.probe.plugs) {
    const result = plug.on === 'line' ? board.plug(plug.at, plug.hook) : board.plugCalls(plug.at, plug.hook);
    expect(result).toBe('plugged');
  }
  return armed;
}

/** What the woven code would call. */
function lineHook(probe: Probe): LineHook {
  const [plug] = probe.plugs;
  if (plug?.on !== 'line') throw new Error('no hook of a line');
  return plug.hook;
}

const ADD = '(function add(a, b) {\n  const sum = a + b;\n  return sum;\n})';

const OVER = `(() => {
  const LIMIT = 5;
  return (a) => {
    return a > LIMIT;
  };
})()`;

describe('a hit', () => {
  it('is captured when the condition holds, and only then', () => {
    const { probe, captures, call } = arm(ADD, 3, { condition: 'sum > 10' });
    expect([call(1, 2), call(10, 2), call(3, 4)]).toEqual([3, 12, 7]);
    expect(captures.map((capture) => capture.locals)).toEqual([
      [
        { key: 'a', value: { type: 'number', value: 10 } },
        { key: 'b', value: { type: 'number', value: 2 } },
        { key: 'sum', value: { type: 'number', value: 12 } },
      ],
    ]);
    expect(probe.report()).toEqual({
      id: probe.command.id,
      state: 'armed',
      seen: 3,
      matched: 1,
      captured: 1,
      skipped: { condition: 2 },
      dropped: {},
      incomplete: 0,
    });
  });

  it('carries the probe, its number, the time and a stack that begins at the hooked function', () => {
    const { probe, captures, call } = arm(ADD, 3);
    call(1, 2);
    call(1, 2);
    const [, capture] = captures;
    expect(capture).toMatchObject({
      id: 'capture-2',
      probe: probe.command.id,
      kind: 'snapshot',
      hit: 2,
      tookUs: 0,
    });
    expect(Math.abs((capture?.at ?? 0) - Date.now())).toBeLessThan(5_000);
    readStacks();
    expect(capture?.stack?.[0]).toMatchObject({ function: 'add', line: 1 });
  });

  it('shows this where the function has one', () => {
    const { captures, call } = arm(ADD, 3);
    call.call({ name: 'the receiver' }, 1, 2);
    expect(captures[0]?.self).toMatchObject({ type: 'object', properties: [{ key: 'name' }] });
    const arrow = arm('(a) => {\n  return a;\n}', 2);
    arrow.call(1);
    expect(arrow.captures[0]).not.toHaveProperty('self');
  });

  it('names the global object that a plain call of a sloppy function has for this, and does not open it', () => {
    const { probe, captures, call } = arm(ADD, 3);
    call(1, 2);
    expect(captures[0]?.self).toEqual({
      type: 'object',
      class: 'globalThis',
      properties: [],
      omitted: { reason: 'depth' },
    });
    expect(probe.report().incomplete).toBe(0);
  });

  it('counts $hits from the first time the point is reached', () => {
    const { probe, captures, call } = arm(ADD, 3, { condition: '$hits % 3 === 0', watches: ['$hits'] });
    for (let round = 0; round < 7; round++) call(round, 0);
    expect(captures.map((capture) => capture.watches?.[0]?.value)).toEqual([
      { type: 'number', value: 3 },
      { type: 'number', value: 6 },
    ]);
    expect(probe.report()).toMatchObject({ seen: 7, matched: 2, skipped: { condition: 5 } });
  });

  it('that happens during another one is counted and not captured', () => {
    const { probe, captures } = arm(
      `
      const limit = 10;
      (function (a) {
        return a + limit;
      })`,
      4,
    );
    const again = (): readonly unknown[] => {
      lineHook(probe)(undefined, 2, () => [3]);
      return [3];
    };
    lineHook(probe)(undefined, 1, again);
    expect(captures).toHaveLength(1);
    expect(probe.report()).toMatchObject({ seen: 2, matched: 1, captured: 1, skipped: { reentrant: 1 } });
  });

  it('does nothing once the probe is disarmed', () => {
    const { probe, captures, call } = arm(ADD, 3);
    probe.disarm('removed');
    expect(call(1, 2)).toBe(3);
    expect(captures).toEqual([]);
    expect(probe.report()).toMatchObject({ state: 'disarmed', cause: 'removed', seen: 0 });
  });
});

describe('the limits of a capture', () => {
  const value = { rows: [{ text: 'a long text' }, { text: 'another one' }], more: { deep: { deeper: 1 } } };

  it.each<[Partial<CaptureLimits>, OmissionReason]>([
    [{ depth: 1 }, 'depth'],
    [{ fields: 1 }, 'fieldCount'],
    [{ items: 1 }, 'collectionSize'],
    [{ stringLength: 3 }, 'stringLength'],
    [{ nodes: 4 }, 'nodeCount'],
    [{ bytes: 150 }, 'payloadTooLarge'],
  ])('%j are its probe’s', (limits, reason) => {
    const [limited, usual] = [limits, {}].map((capture) => arm(ADD, 3, { capture }));
    for (const { call } of [limited!, usual!]) call(value, 1);
    expect(JSON.stringify(limited?.captures)).toContain(`"reason":"${reason}"`);
    expect(limited?.probe.report()).toMatchObject({ captured: 1, incomplete: 1 });
    expect(usual?.probe.report()).toMatchObject({ captured: 1, incomplete: 0 });
  });

  it('are of its stack too', () => {
    const { captures, call } = arm(ADD, 3, { capture: { frames: 2 } });
    call(1, 2);
    readStacks();
    expect(captures[0]?.stack).toHaveLength(2);
  });
});

describe('the order of a hit', () => {
  it('asks no condition where the request is another one', () => {
    const { probe, call } = arm(ADD, 3, { context: { user: '7' }, condition: 'a.b.c' });
    call(1, 2);
    expect(probe.report()).toMatchObject({ seen: 1, matched: 0, skipped: { context: 1 } });
    expect(probe.report().skipped).not.toHaveProperty('conditionError');
    probe.disarm('removed');
  });

  it.each([
    ['the probe', { limits: { hitsPerSecond: 2 } }, 'rateLimitProbe'],
    ['the process', { processRate: 2 }, 'rateLimitProcess'],
  ])('looks at nothing of the program where the rate of %s is used up', (_what, options, reason) => {
    const { probe, captures } = arm(OVER, 4, options);
    let reads = 0;
    for (let round = 0; round < 5; round++) lineHook(probe)(undefined, 1, () => [reads++]);
    expect({ reads, captured: captures.length }).toEqual({ reads: 2, captured: 2 });
    expect(probe.report()).toMatchObject({ matched: 5, skipped: { [reason]: 3 } });
  });

  it('takes nothing of the rate of an expired probe’s process', () => {
    const { probe, captures, call } = arm(ADD, 3, { limits: { expiresInMs: 100 } });
    clock.pass(100);
    for (let round = 0; round < 3; round++) call(1, 2);
    expect(captures).toEqual([]);
    expect(probe.report()).toMatchObject({ cause: 'expired', seen: 1, matched: 0, skipped: {} });
  });
});

describe('outer variables', () => {
  it('are read for conditions, watches and captures', () => {
    const { captures, call } = arm(OVER, 4, {
      condition: 'a > LIMIT',
      watches: ['LIMIT * 2'],
    });
    call(1);
    call(6);
    expect(captures).toHaveLength(1);
    expect(captures[0]).toMatchObject({
      outers: [{ key: 'LIMIT', value: { type: 'number', value: 5 } }],
      watches: [{ source: 'LIMIT * 2', value: { type: 'number', value: 10 } }],
    });
  });

  it('that are not initialised yet are marked, and an expression that reads one says so', () => {
    const { probe, captures, call } = arm(
      `(() => {
        let result;
        function early(a) {
          return a > 1 ? LIMIT : a;
        }
        return early;
        let LIMIT = 5;
      })()`,
      4,
      { watches: ['LIMIT', 'a'] },
    );
    expect(call(1)).toBe(1);
    expect(captures[0]).toMatchObject({
      outers: [{ key: 'LIMIT', value: { type: 'omitted', omitted: { reason: 'uninitialised' } } }],
      watches: [
        { source: 'LIMIT', error: 'one of LIMIT is not initialised yet' },
        { source: 'a', value: { type: 'number', value: 1 } },
      ],
    });
    expect(probe.report()).toMatchObject({ captured: 1, incomplete: 1 });
  });

  it('are not read for a condition that does not need them', () => {
    const { probe } = arm(OVER, 4, { condition: 'a > 100' });
    let reads = 0;
    lineHook(probe)(undefined, 1, () => [reads++]);
    expect(reads).toBe(0);
  });
});

describe('limits', () => {
  it('disarm the probe after its hits, and only what was queued counts', () => {
    const armed = arm(ADD, 3, { limits: { hits: 2 } });
    const { probe, captures, call } = armed;
    armed.refusal = 'queueFull';
    for (let round = 0; round < 3; round++) call(1, 2);
    armed.refusal = undefined;
    for (let round = 0; round < 3; round++) call(1, 2);
    expect(captures.map((capture) => capture.hit)).toEqual([1, 2]);
    expect(probe.report()).toMatchObject({
      state: 'disarmed',
      cause: 'hitLimit',
      seen: 5,
      matched: 5,
      captured: 2,
      dropped: { queueFull: 3 },
    });
  });

  it('disarm the probe at its expiry, whether it is hit or not', () => {
    const hit = arm(ADD, 3, { limits: { expiresInMs: 100 } });
    const idle = arm(ADD, 3, { limits: { expiresInMs: 100 } });
    clock.pass(99);
    hit.call(1, 2);
    idle.probe.settle();
    expect(hit.captures).toHaveLength(1);
    expect(idle.probe.state).toBe('armed');
    clock.pass(1);
    hit.call(1, 2);
    idle.probe.settle();
    expect(hit.captures).toHaveLength(1);
    expect(hit.probe.report()).toMatchObject({ state: 'disarmed', cause: 'expired', matched: 1 });
    expect(idle.probe.report()).toMatchObject({ state: 'disarmed', cause: 'expired' });
  });

  it('space the hits of one probe', () => {
    const { probe, captures, call } = arm(ADD, 3, { limits: { hitsPerSecond: 2 } });
    for (let round = 0; round < 5; round++) call(1, 2);
    expect(captures).toHaveLength(2);
    clock.pass(500);
    for (let round = 0; round < 5; round++) call(1, 2);
    expect(captures).toHaveLength(3);
    expect(probe.report()).toMatchObject({
      seen: 10,
      matched: 10,
      captured: 3,
      skipped: { rateLimitProbe: 7 },
    });
  });

  it.each([
    ['ahead', 400 * 86_400_000],
    ['back', -400 * 86_400_000],
  ])('do not notice a clock jump %s: the wall clock only dates the capture', (_direction, ms) => {
    const { probe, captures, call } = arm(ADD, 3, { limits: { hitsPerSecond: 2, expiresInMs: 1_000 } });
    call(1, 2);
    clock.wallAhead = ms;
    try {
      for (let round = 0; round < 5; round++) call(1, 2);
      probe.settle();
    } finally {
      clock.wallAhead = 0;
    }
    expect(captures).toHaveLength(2);
    expect(probe.report()).toMatchObject({ state: 'armed', skipped: { rateLimitProbe: 4 } });
    expect(Math.abs((captures[1]?.at ?? 0) - (captures[0]?.at ?? 0) - ms)).toBeLessThan(5_000);
    clock.pass(1_000);
    probe.settle();
    expect(probe.report()).toMatchObject({ state: 'disarmed', cause: 'expired' });
  });

  it('space the hits of the whole process, and what that skips is not taken from the probe', () => {
    const { probe, captures, call } = arm(ADD, 3, { limits: { hitsPerSecond: 2 }, processRate: 1 });
    for (let round = 0; round < 5; round++) call(1, 2);
    expect(captures).toHaveLength(1);
    expect(probe.report()).toMatchObject({ skipped: { rateLimitProcess: 4 } });
  });

  it('do not let hits that fail the condition use up the rate', () => {
    const { captures, call } = arm(ADD, 3, { condition: 'a === 999', limits: { hitsPerSecond: 1 } });
    for (let a = 0; a < 1_000; a++) call(a, 0);
    expect(captures).toHaveLength(1);
  });
});

describe('a condition that fails', () => {
  it('is not true, is reported once, and lets the probe rest for a while', () => {
    const { probe, captures, call } = arm('(function (user) {\n  return user;\n})', 2, {
      condition: 'user.name === "x"',
    });
    call(undefined);
    call({ name: 'x' });
    expect(captures).toHaveLength(0);
    expect(probe.report()).toMatchObject({ state: 'armed', seen: 2, skipped: { conditionError: 2 } });
    expect(probe.report().message).toContain('user.name');
    clock.pass(LIMITS.expressionErrorWindowMs);
    call({ name: 'x' });
    expect(captures).toHaveLength(1);
  });

  it('does not show a secret in its message', () => {
    const { probe, call } = arm('(function (card) {\n  return card;\n})', 2, {
      condition: 'card.length.x.y === 1 || card < {}',
    });
    call('4111 1111 1111 1111');
    expect(probe.report().skipped.conditionError).toBe(1);
    expect(JSON.stringify(probe.report())).not.toContain('4111');
  });
});

it('a condition that fails on an object of a class with a secret for its name does not tell that', () => {
  const { probe, call } = arm('(function (value) {\n  return value;\n})', 2, { condition: 'value > 1' });
  const { 'ada@example.com': Named } = { 'ada@example.com': class {} };
  call(new Named());
  expect(probe.report().message).toMatch(/an object of class \[redacted:email\]/);
});

describe('a defect on the hit path', () => {
  it('does not reach the program, and disarms the probe with its cause', () => {
    const armed = arm(ADD, 3);
    Object.defineProperty(armed, 'refusal', {
      get() {
        throw new Error('broken queue');
      },
    });
    expect(armed.call(1, 2)).toBe(3);
    expect(armed.call(1, 2)).toBe(3);
    armed.probe.settle();
    expect(armed.probe.report()).toMatchObject({ state: 'disarmed', cause: 'error', seen: 1 });
    expect(armed.probe.report().message).toContain('broken queue');
  });
});

describe('a log', () => {
  const render = (template: string, ...values: unknown[]): Capture | undefined => {
    const { captures, call } = arm('(function (a, b) {\n  return [a, b];\n})', 2, { template });
    call(...values);
    return captures[0];
  };

  it('renders its template', () => {
    const capture = render('order {a.id} of {b}, {{braces}}', { id: 7 }, 'Ada');
    expect(capture).toMatchObject({ kind: 'log', level: 'info', message: 'order 7 of Ada, {braces}' });
    expect(capture).not.toHaveProperty('locals');
    expect(capture).not.toHaveProperty('stack');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [-0, '-0'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [/x/g, '/x/g'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [['a', 1], "['a', 1]"],
    [{ a: { b: { c: 1 } } }, '{a: {b: {…}}}'],
    [new Map([['k', 1]]), "Map(1) {'k' => 1}"],
    [new Set([1]), 'Set(1) {1}'],
    [
      new (class Order {
        id = 1;
      })(),
      'Order {id: 1}',
    ],
    [new TypeError('no'), 'TypeError: no'],
    [new Uint8Array([1, 2]), 'Uint8Array(2) [1, 2]'],
    [Object.create(null), '[null prototype] {}'],
    [function named() {}, '[function named]'],
    [Promise.resolve(), '[promise]'],
    [{ password: 'x' }, '{password: [redacted:name]}'],
    [Array.from({ length: 30 }, () => 0), `[${'0, '.repeat(20)}…]`],
  ])('writes %o', (value, expected) => {
    expect(render('{a}', value)?.message).toBe(expected);
  });

  it('shows why a part has no value, and counts it as incomplete', () => {
    const { probe, captures, call } = arm('(function (a) {\n  return a;\n})', 2, {
      template: 'x {a.b.c} y {a}',
    });
    call({});
    expect(captures[0]?.message).toMatch(/^x <error: .*> y \{\}$/);
    expect(probe.report()).toMatchObject({ captured: 1, incomplete: 1 });
  });

  it('redacts what only shows when the parts are joined, before it cuts', () => {
    expect(render('card {a}{b}', '4111 1111', ' 1111 1111')?.message).toBe('card [redacted:card]');
    const message = render('{a}', `${'x'.repeat(900)} `)?.message ?? '';
    expect(message.length).toBeLessThanOrEqual(LIMITS.messageLength);
  });

  it('is cut to its length', () => {
    const template = '{a}'.repeat(20);
    const message = render(template, 'y'.repeat(1_000))?.message ?? '';
    expect(message).toHaveLength(LIMITS.messageLength);
    expect(message.at(-1)).toBe('…');
  });
});

describe('built-ins that the program has replaced', () => {
  const SOURCE = `((LIMIT) => (values) => {
    return values.length > LIMIT;
  })(1)`;
  const values = [
    { id: 1, name: 'Ada', card: '4111 1111 1111 1111', tags: new Set(['a']), at: new Date(0) },
    new Map<unknown, unknown>([['k', [1.5, null, undefined, 10n, Symbol('s'), /x/]]]),
    new Uint8Array(3),
    new Error('a message'),
    () => 1,
  ];

  it.each([
    ['a condition', { condition: "values.some((value) => value.name === 'x') && LIMIT > 0" }],
    ['a condition that fails', { condition: 'values[0].gone.further' }],
    ['a snapshot', { watches: ['values[0].name.toUpperCase()', 'values[9].name', '$hits + LIMIT'] }],
    ['a log', { template: 'values {values} of {values[0].name}, {values[0].gone.further}' }],
  ])('are not called by %s', (_what, options) => {
    const { probe, captures, call } = arm(SOURCE, 2, options);
    call(values);
    const before = captures.length;
    expect(callsOfPatched(() => call(values))).toEqual([]);
    expect(captures).toHaveLength(2 * before);
    expect(probe.state).toBe('armed');
  });

  it("do not show what the program's last regular expression found", () => {
    const { call } = arm(SOURCE, 2, { watches: ["values[0].name.split('d')"] });
    const logging = arm(SOURCE, 2, { template: '{values}' });
    /(?<year>\d+)-(\d+)/.exec('on 2024-05');
    call(values);
    logging.call(values);
    expect([RegExp.$1, RegExp.$2, RegExp['$&']]).toEqual(['2024', '05', '2024-05']);
  });

  it('would be seen', () => {
    expect(callsOfPatched(() => [1].map(String))).toEqual(['Array.prototype.map']);
  });
});

describe('a command that cannot be compiled', () => {
  it.each([
    ['an unknown variable', { condition: 'missing > 1' }],
    ['a secret', { watches: ['a.password'] }],
  ])('is refused for %s', (_what, options) => {
    const woven = runWoven(ADD);
    const environment = {
      budget: new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, hitsPerSecond: 1 }),
      nextCaptureId: () => '',
      enqueue: () => undefined,
    };
    expect(() => new Probe(commandAt(woven, 3, options), environment)).toThrow();
  });
});
