import { CONTRACT_VERSION, type Capture, type ObjectValue, type ProcessLimits } from '@dormouse/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ProcessBudget } from '../src/budget/budget.ts';
import { Probe } from '../src/hit/probe.ts';
import { applyRedactionRules, protectNames } from '../src/redact/rules.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';
import { runWoven } from './support/woven.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 500);

afterEach(() => void applyRedactionRules({}));

const UNLIMITED: ProcessLimits = {
  hitsPerSecond: Infinity,
  bytesPerSecond: Infinity,
  cpuShare: 1,
  loopDelayMs: Infinity,
  orphanMs: Infinity,
  lifetimeHits: Infinity,
  lifetimeBytes: Infinity,
};

/** A probe on woven code whose hits have one variable. */
function armed(options: CommandOptions, name = 'subject') {
  const woven = runWoven(`(function look(${name}) {\n  return ${name};\n})`);
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  const captures: Capture[] = [];
  const limits = { hits: Infinity, hitsPerSecond: Infinity };
  const probe = new Probe(
    commandAt(woven, 2, { limits, ...options, capture: { timeMs: 10_000, ...options.capture } }),
    {
      budget: new ProcessBudget(UNLIMITED),
      nextCaptureId: () => `c${captures.length}`,
      enqueue: (capture) => void captures.push(capture),
    },
  );
  probe.arm();
  for (const plug of probe.plugs) if (plug.on === 'line') board.plug(plug.at, plug.hook);
  const call = woven.value as (value: unknown) => unknown;
  return {
    probe,
    /** What a hit with this value leaves, as text. */
    evidence(value: unknown): string {
      captures.length = 0;
      call(value);
      expect(captures).toHaveLength(1);
      return JSON.stringify([captures, probe.report()]);
    },
    capture(value: unknown): Capture {
      captures.length = 0;
      call(value);
      return captures[0] as Capture;
    },
  };
}

type Planted = readonly [text: string, part: string];

/** Secrets, and what of them must not be seen. */
const secrets = fc.oneof(
  fc.constantFrom<Planted>(
    ['4111 1111 1111 1111', '4111 1111'],
    ['5500005555555559', '5500005555'],
    ['ada@example.com', 'ada@example'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N', 'eyJhbGciOiJIUzI1NiJ9'],
    ['Bearer Zx81abcd9', 'Zx81abcd9'],
    ['AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'abcdefghijklm'],
    ['DE89 3704 0044 0532 0130 00', '0440532'],
    ['GB82WEST12345698765432', 'WEST123'],
    ['+49 30 12345678', '12345678'],
    ['212-555-0123', '555-0123'],
    ['078-05-1120', '05-1120'],
    ['mysql://u:hunter2@h/d', 'hunter2'],
    ['-----BEGIN PRIVATE KEY-----\nMHcCAQEE\n-----END PRIVATE KEY-----', 'MHcCAQ'],
    ['E123456', 'E123456'],
  ),
  // Behind the many ways to name a secret.
  fc
    .tuple(
      fc.constantFrom(
        'password',
        'dbPassword',
        'user_api_key',
        'authTokenValue',
        'CLIENT_SECRET',
        'sessionId',
      ),
      fc.constantFrom('=', ': ', '":"', ' = '),
    )
    .map(([name, sign]): Planted => [`${name}${sign}hunter2`, 'hunter2']),
);

/** Text around a secret that cannot be read as part of it. */
const around = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((text) => text.replaceAll(/["'`\\:=@\w+~-]/g, ''));

const planted = fc
  .tuple(around, secrets, around)
  .map(([before, [text, part], after]): Planted => [`${before}\n${text}\n${after}`, part]);

/** Ways to hide a text in a value. Names of classes are the program's text, not its data. */
const hidings: Readonly<Record<string, (text: string) => unknown>> = {
  value: (text) => text,
  property: (text) => ({ note: text }),
  key: (text) => ({ [text]: 1 }),
  element: (text) => [1, text],
  'Map key': (text) => new Map([[text, 1]]),
  'Map value': (text) => new Map([['note', text]]),
  'Set element': (text) => new Set([text]),
  'error message': (text) => new Error(text),
  cause: (text) => new Error('failed', { cause: text }),
  'error stack': (text) =>
    Object.assign(new Error('failed'), { stack: `Error: ${text}\n    at f (a.js:1:1)` }),
  'symbol key': (text) => ({ [Symbol(text)]: 1 }),
  symbol: (text) => Symbol(text),
  'boxed text': (text) => Object(text) as unknown,
  'function name': (text) => Object.defineProperty(() => 1, 'name', { value: text }),
  'regular expression': (text) => new RegExp(text.replaceAll(/[+*?()[\]{}|\\^$]/g, '\\$&')),
  'own text of JSON': (text) => JSON.stringify({ a: [text] }),
};

const hidden = fc.tuple(planted, fc.constantFrom(...Object.keys(hidings))).map(([[text, part], hiding]) => ({
  hiding,
  part,
  value: hidings[hiding]!(text),
}));

describe('a planted secret', () => {
  const employee = { patterns: [{ name: 'employee', pattern: 'E\\d{6}' }] };

  it.each<[string, CommandOptions, name?: string]>([
    ['a snapshot', { watches: ['subject', '[subject]', '({ again: subject })', '`${subject}`'] }],
    ['a log', { template: 'saw {subject} and {[subject, subject]} in {`${subject}`}' }],
    [
      'an expression that fails',
      { watches: ['subject.missing.deep', 'subject + 1n', '-subject', 'subject < 1n'] },
    ],
  ])('never gets through %s', (_, options) => {
    applyRedactionRules(employee);
    const { evidence } = armed(options);
    fc.assert(
      fc.property(hidden, ({ value, part }) => {
        expect(evidence(value)).not.toContain(part);
      }),
      { numRuns: CASES },
    );
  });

  it('never gets through under the name of one, whatever it is', () => {
    const names = [
      'password',
      'dbPassword',
      'user_api_key',
      'sessionTokenHash',
      'X-Auth-Token',
      'creditCards',
    ];
    const { evidence } = armed({});
    const values = fc.oneof(
      fc.constantFrom('hunter2', ['hunter2'], { a: 'hunter2' }),
      fc.constant(7_654_321),
    );
    const holders = fc.constantFrom<(name: string, value: unknown) => unknown>(
      (name, value) => ({ [name]: value }),
      (name, value) => new Map([[name, value]]),
      (name, value) => ({ deep: [{ [name]: value }] }),
      (name, value) => [name, value],
      (name, value) => ({ name, value }),
      (name, value) => ({ key: name, value }),
      (name, value) => `${name}=${JSON.stringify(value)}`,
      (name, value) => JSON.stringify({ [name]: value }),
      (name, value) => JSON.stringify(JSON.stringify({ [name]: value })),
      (name, value) => Object.assign(new Error('failed'), { [name]: value }),
      (name, value) => ({ [Symbol(name)]: value }),
    );
    fc.assert(
      fc.property(holders, fc.constantFrom(...names), values, (hold, name, value) => {
        const left = evidence(hold(name, value));
        expect(left).not.toContain('hunter2');
        expect(left).not.toContain('7654321');
      }),
      { numRuns: CASES },
    );
  });
});

describe('rules that arrive', () => {
  it('hold for probes that are armed, at once', () => {
    const { evidence } = armed({ template: '{subject}' });
    const value = { nickname: 'Lovelace', note: 'is E123456' };
    expect(evidence(value)).toContain('Lovelace');
    expect(
      applyRedactionRules({ names: ['nickname'], patterns: [{ name: 'employee', pattern: 'E\\d{6}' }] }),
    ).toBe(true);
    const left = evidence(value);
    expect(left).toContain('[redacted:name]');
    expect(left).toContain('[redacted:employee]');
    expect(left).not.toContain('Lovelace');
    expect(left).not.toContain('E123456');
    applyRedactionRules({});
    expect(evidence(value)).toContain('Lovelace');
  });

  it('change nothing where they are as before, or are none', () => {
    expect(applyRedactionRules({ names: ['a'] })).toBe(true);
    expect(applyRedactionRules({ names: ['a'] })).toBe(false);
    expect(() => applyRedactionRules({ patterns: [{ name: 'a', pattern: '(' }] })).toThrow('not closed');
    expect(armed({}).evidence({ a: 'Lovelace' })).not.toContain('Lovelace');
  });

  it('cannot show what the build marks as secret', () => {
    const { evidence } = armed({});
    expect(evidence({ maidenName: 'Byron' })).toContain('Byron');
    expect(protectNames(['maidenName'])).toBe(true);
    expect(protectNames(['maidenName'])).toBe(false);
    applyRedactionRules({ allowNames: ['maidenName'] });
    expect(evidence({ maidenName: 'Byron' })).not.toContain('Byron');
  });

  it('know numbers too', () => {
    applyRedactionRules({ patterns: [{ name: 'staff', pattern: '^77\\d{4}$' }] });
    expect(armed({}).evidence([771234, 771234n, 1])).not.toContain('771234');
  });

  it('hide a text whole that takes a pattern too long', () => {
    applyRedactionRules({ patterns: [{ name: 'slow', pattern: '(.*)(.*)(.*)(.*)(.*)(.*)x$' }] });
    const { capture } = armed({ capture: { stringLength: 60_000 } });
    expect(capture('y'.repeat(30_000)).locals?.[0]?.value).toEqual({
      type: 'string',
      value: 'y'.repeat(30_000),
    });
    expect(capture(`${'y'.repeat(30_000)}x`).locals?.[0]?.value).toEqual({ type: 'redacted', rule: 'slow' });
  });

  it('make one of overlapping secrets', () => {
    applyRedactionRules({
      patterns: [
        { name: 'order', pattern: 'order \\w+@' },
        { name: 'all', pattern: '^x[^;]*' },
      ],
    });
    const { capture } = armed({});
    const shown = (text: string) => capture(text).locals?.[0]?.value;
    expect(shown('an order ada@example.com now')).toEqual({
      type: 'string',
      value: 'an [redacted:order] now',
    });
    expect(shown('x ada@example.com; y')).toEqual({ type: 'string', value: '[redacted:all]; y' });
  });

  it('run nothing that the program replaced', () => {
    applyRedactionRules({
      names: ['a'],
      patterns: [{ name: 'b', pattern: '(?:E|F)\\d{2,6}\\b', flags: 'i' }],
      mode: 'include',
      includeNames: ['note'],
    });
    const { capture } = armed({});
    const value = {
      note: 'is e123456 and F99',
      list: [1, 'x'],
      map: new Map([['note', 1]]),
      error: new Error('no'),
    };
    capture(value);
    expect(callsOfPatched(() => capture({ ...value, other: 'f12 again' }))).toEqual(['Array.prototype.push']);
  });
});

describe('an include list', () => {
  it('shows the values of its names, and what kind of things the others are', () => {
    applyRedactionRules({ mode: 'include', includeNames: ['orderId', 'tags', 'password'] });
    const error = new Error('for Ada');
    const { capture } = armed({ watches: ['subject.orderId'] });
    const value = {
      orderId: 7,
      name: 'Ada',
      age: 36,
      isAdmin: true,
      nothing: null,
      password: 'hunter2',
      tags: ['new', { label: 'x', orderId: 8 }],
      items: ['a'],
      byId: new Map<unknown, unknown>([
        ['orderId', 9],
        ['ada', 10],
        [1, 2],
      ]),
      error,
      run: function run() {},
    };
    const hidden = { type: 'redacted', rule: 'include-list' };
    const { locals, watches } = capture(value);
    const [subject] = locals!;
    const properties = Object.fromEntries(
      (subject!.value as ObjectValue).properties.map(({ key, value }) => [key, value]),
    );
    expect(properties).toMatchObject({
      orderId: { type: 'number', value: 7 },
      name: hidden,
      age: hidden,
      isAdmin: hidden,
      nothing: hidden,
      password: { type: 'redacted', rule: 'name' },
      tags: {
        type: 'array',
        length: 2,
        items: [
          { type: 'string', value: 'new' },
          {
            type: 'object',
            properties: [
              { key: 'label', value: hidden },
              { key: 'orderId', value: { value: 8 } },
            ],
          },
        ],
      },
      items: { type: 'array', length: 1, items: [hidden] },
      byId: {
        type: 'map',
        size: 3,
        entries: [
          [
            { type: 'string', value: 'orderId' },
            { type: 'number', value: 9 },
          ],
          [hidden, hidden],
          [hidden, hidden],
        ],
      },
      error: { type: 'error', class: 'Error', message: '[redacted:include-list]' },
      run: { type: 'function', name: 'run' },
    });
    expect(properties['error']).not.toHaveProperty('stack');
    expect(watches?.[0]?.value).toEqual({ type: 'number', value: 7 });
  });

  it('hides a variable, a result and what an expression is not checked for', () => {
    applyRedactionRules({ mode: 'include', includeNames: ['note'] });
    expect(armed({}).evidence('Lovelace')).not.toContain('Lovelace');
    expect(armed({}, 'note').evidence('Lovelace')).toContain('Lovelace');
  });
});
