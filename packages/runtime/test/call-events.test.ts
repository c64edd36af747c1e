import { clock } from './support/clock.ts';
import type { CallPlace, Capture, ProbeCommand } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import type { ProbeSet } from '../src/agent/probe-set.ts';
import { readStacks } from '../src/stack/stack.ts';
import { armScript } from './support/armed.ts';
import { commandAt, commandOn, type CommandOptions } from './support/commands.ts';
import type { WovenPoints } from './support/woven.ts';

interface Armed {
  readonly captures: Capture[];
  readonly probes: ProbeSet;
  readonly call: (...values: unknown[]) => unknown;
}

function arm(source: string, command: (woven: WovenPoints) => ProbeCommand): Armed {
  const { captures, probes, value } = armScript(source, command);
  expect(probes.takeReports()).toMatchObject([{ state: 'armed' }]);
  return { captures, probes, call: value as Armed['call'] };
}

const armOn = (on: CallPlace['on'], source: string, options: CommandOptions = {}): Armed =>
  arm(`${source}\nf`, (woven) => commandOn(on, woven, 'f', options));

const number = (value: number): object => ({ type: 'number', value });
const HALF = `function f(n) { n /= 2; if (n > 10) throw new RangeError('too much'); return n }`;

describe('a snapshot of calls', () => {
  it('shows the parameters as a call begins', () => {
    const { captures, call } = armOn('entry', HALF);
    expect(call(8)).toBe(4);
    expect(captures).toMatchObject([{ on: 'entry', locals: [{ key: 'n', value: number(8) }] }]);
    readStacks();
    expect(captures[0]?.stack?.[0]).toMatchObject({ function: 'f' });
    expect(captures[0]).not.toHaveProperty('durationMs');
  });

  it('shows what a call returns, how long it took, and with what it began', () => {
    const { captures, call } = armOn('return', HALF, { condition: '$return > 2 && $duration >= 0' });
    expect([call(2), call(8)]).toEqual([1, 4]);
    expect(() => call(100)).toThrow('too much');
    expect(captures).toMatchObject([
      { on: 'return', returned: number(4), locals: [{ key: 'n', value: number(8) }] },
    ]);
    expect(captures[0]?.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('shows the error that a call throws, caught or not', () => {
    const { captures, call } = armOn('throw', HALF, { watches: ['$error.message', 'n'] });
    expect(call(2)).toBe(1);
    expect(() => call(100)).toThrow('too much');
    expect(captures).toMatchObject([
      {
        on: 'throw',
        threw: { type: 'error', class: 'RangeError' },
        watches: [{ value: { value: 'too much' } }, { value: number(100) }],
      },
    ]);
    expect(captures[0]).not.toHaveProperty('returned');
  });

  it('tells calls apart that overlap and end in another order', async () => {
    const { captures, call } = armOn(
      'end',
      `async function f(wait, n) { await wait; if (n > 1) throw n; return n }`,
    );
    const gates = [0, 1].map(() => {
      let open = (): void => {};
      const wait = new Promise<void>((resolve) => {
        open = resolve;
      });
      return { wait, open };
    });
    const first = call(gates[0]?.wait, 1) as Promise<unknown>;
    const second = call(gates[1]?.wait, 2) as Promise<unknown>;
    gates[1]?.open();
    await expect(second).rejects.toBe(2);
    gates[0]?.open();
    await expect(first).resolves.toBe(1);
    expect(captures).toMatchObject([
      { threw: number(2), locals: [{ key: 'wait' }, { key: 'n', value: number(2) }] },
      { returned: number(1), locals: [{ key: 'wait' }, { key: 'n', value: number(1) }] },
    ]);
  });

  it('hears no more of calls in flight once it is removed', async () => {
    const { captures, probes, call } = armOn('end', `async function f(wait) { await wait; return 1 }`);
    let open = (): void => {};
    const done = call(
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    probes.apply([]);
    open();
    expect(await done).toBe(1);
    expect(captures).toEqual([]);
  });
});

describe.each([
  ['a function', HALF],
  ['an async function', `async ${HALF}`],
])('of the calls of %s', (_what, source) => {
  /** Calls that return and one that throws. */
  async function callAll({ call }: Armed): Promise<void> {
    for (const n of [8, 100, 4])
      await Promise.resolve()
        .then(() => call(n))
        .catch(() => {});
  }

  it.each<[CallPlace['on'], template: string, messages: string[]]>([
    ['entry', 'f({n})', ['f(8)', 'f(100)', 'f(4)']],
    ['return', '{n}: {$return}, {$duration >= 0}, {$hits}', ['8: 4, true, 1', '4: 2, true, 2']],
    ['throw', '{n}: {$error.message}', ['100: too much']],
    ['end', '{n}: {$error?.name ?? $return}', ['8: 4', '100: RangeError', '4: 2']],
  ])('a log on %s tells what it knows then', async (on, template, messages) => {
    const armed = armOn(on, source, { template });
    await callAll(armed);
    expect(armed.captures.map(({ message }) => message)).toEqual(messages);
    for (const capture of armed.captures) expect(capture).toMatchObject({ kind: 'log', on });
  });

  it.each<[CallPlace['on'], expected: string, check: object]>([
    ['entry', 'n < 10', { held: 2, violated: 1 }],
    ['return', '$return > 3', { held: 1, violated: 1 }],
    ['throw', '$error instanceof RangeError && n > 10', { held: 1, violated: 0 }],
    ['end', '$duration >= 0 && $error === undefined', { held: 2, violated: 1 }],
  ])('a check on %s expects what it asks for then', async (on, expected, check) => {
    const armed = armOn(on, source, { expect: expected });
    await callAll(armed);
    expect(armed.probes.takeReports()[0]).toMatchObject({ check: { ...check, failed: 0 } });
  });
});

describe('a check', () => {
  const source = `(function (n) {\n  return n;\n})`;

  it('counts the hits at which it held, and shows those at which it did not', () => {
    const { captures, probes, call } = arm(source, (woven) =>
      commandAt(woven, 2, { expect: 'n < 3', limits: { hits: 2 } }),
    );
    for (const n of [1, 2, 3, 4, 5]) expect(call(n)).toBe(n);
    expect(captures.map(({ kind, locals }) => [kind, locals?.[0]])).toMatchObject([
      ['check', { value: number(3) }],
      ['check', { value: number(4) }],
    ]);
    expect(probes.takeReports()[0]).toMatchObject({ seen: 5, check: { held: 2, violated: 3, failed: 0 } });
  });

  it('is decided after as many hits as it was asked for', () => {
    const { probes, call } = arm(source, (woven) =>
      commandAt(woven, 2, { expect: 'n < 3', verdict: { afterHits: 3 } }),
    );
    for (const n of [1, 2, 1, 7]) call(n);
    probes.settle();
    expect(probes.takeReports()[0]).toMatchObject({
      state: 'disarmed',
      cause: 'verdict',
      seen: 3,
      check: { held: 3, violated: 0, verdict: 'holds' },
    });
  });

  it.each([
    ['holds', [1, 2]],
    ['violated', [1, 7]],
    ['undecided', []],
  ])('is decided when its time is up, hit or not: %s', (verdict, values) => {
    const { probes, call } = arm(source, (woven) =>
      commandAt(woven, 2, { expect: 'n < 3', verdict: { afterMs: 500 } }),
    );
    for (const n of values) call(n);
    clock.pass(499);
    probes.settle();
    expect(probes.takeReports().at(-1)?.state ?? 'armed').toBe('armed');
    clock.pass(1);
    probes.settle();
    call(7);
    expect(probes.takeReports()[0]).toMatchObject({
      state: 'disarmed',
      cause: 'verdict',
      seen: values.length,
      check: { verdict },
    });
  });

  it('is neither held nor violated where its expression has no value', () => {
    const { probes, call } = arm(source, (woven) =>
      commandAt(woven, 2, { expect: 'n.size > 0', verdict: { afterHits: 1 } }),
    );
    call(null);
    expect(probes.takeReports()[0]).toMatchObject({
      message: expect.stringContaining('failed') as string,
      check: { held: 0, violated: 0, failed: 1, verdict: 'undecided' },
    });
  });
});
