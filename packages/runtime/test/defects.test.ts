import { clock } from './support/clock.ts';
import { DEFAULT_SPAN_LIMITS, type LinePlace, type ProbeCommand } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { armFile, armScript } from './support/armed.ts';
import { commandAt, commandOn, stepsFor } from './support/commands.ts';
import { runWoven, type WovenPoints } from './support/woven.ts';

/** Whatever goes wrong in the runtime itself, the program goes on, the probe ends with its cause, and others stay. */

const SOURCE = `function f(n) {
  const twice = n * 2;
  return twice;
}
f`;

const KINDS: Readonly<Record<string, (woven: WovenPoints) => ProbeCommand>> = {
  'a snapshot': (woven) => commandAt(woven, 2),
  'a log': (woven) => commandAt(woven, 2, { template: '{n}' }),
  'a check': (woven) => commandAt(woven, 2, { expect: 'n < 0' }),
  'a snapshot of a call’s end': (woven) => ({ ...commandOn('end', woven, 'f'), lines: stepsFor(woven, 'f') }),
  'a span': (woven) => ({
    ...commandOn('end', woven, 'f'),
    kind: 'span',
    span: { name: 'f', file: 'f.ts', line: 1, function: 'f' },
    limits: DEFAULT_SPAN_LIMITS,
  }),
  'a span of lines': (woven) => ({
    ...commandAt(woven, 2),
    kind: 'span',
    until: commandAt(woven, 3).place as LinePlace,
    span: { name: 'f', file: 'f.ts', line: 1, function: 'f' },
    limits: DEFAULT_SPAN_LIMITS,
  }),
  'a path': (woven) => ({
    ...commandOn('end', woven, 'f'),
    kind: 'path',
    path: { root: stepsFor(woven, 'f'), includes: [], steps: 100 },
  }),
};

const METRICS: Readonly<Record<string, (woven: WovenPoints) => ProbeCommand>> = {
  'a counter': (woven) => commandAt(woven, 2, { metric: { kind: 'counter' } }),
  'a histogram': (woven) => commandAt(woven, 2, { metric: { kind: 'histogram', value: 'n' } }),
  'a duration': (woven) => commandOn('end', woven, 'f', { metric: { kind: 'duration' } }),
};

describe('a defect where figures are queued', () => {
  it.each(Object.entries(METRICS))('does not keep other probes from their tick: %s', (_what, command) => {
    const { captures, probes, value } = armScript(SOURCE, command, (woven) =>
      commandAt(woven, 3, { id: 'other', limits: { expiresInMs: 1_500 } }),
    );
    Object.freeze(captures);
    expect((value as (n: number) => number)(1)).toBe(2);
    clock.pass(2_000);
    probes.settle();
    expect(probes.takeReports()).toMatchObject([
      { state: 'disarmed', cause: 'error', message: expect.stringMatching(/not extensible/) as string },
      { id: 'other', state: 'disarmed' },
    ]);
    expect(() => probes.flush()).not.toThrow();
  });
});

describe('a defect where evidence is queued', () => {
  it.each(Object.entries(KINDS))('does not reach a program with %s', (_what, command) => {
    const { captures, probes, value } = armScript(SOURCE, command, (woven) =>
      commandAt(woven, 3, { id: 'other', condition: 'n > 100' }),
    );
    const f = value as (n: number) => number;
    Object.freeze(captures);
    expect([f(1), f(2)]).toEqual([2, 4]);
    probes.settle();
    expect(f(3)).toBe(6);
    const [report, other] = probes.takeReports();
    expect(report).toMatchObject({
      state: 'disarmed',
      cause: 'error',
      captured: 0,
      message: expect.stringMatching(/^The probe failed and was disarmed: .*not extensible/) as string,
    });
    expect(other).toMatchObject({ id: 'other', state: 'armed', seen: 3 });
  });
});

describe('a probe with several places', () => {
  const TWO = `function g(n) {
  return n;
}
function f(n) {
  return g(n);
}
f`;

  it.each([
    ['f', { state: 'disarmed', cause: 'denied' }],
    ['g', { state: 'disarmed', cause: 'denied' }],
    ['another one', { state: 'armed' }],
  ])('is denied with any of them: %s', (name, state) => {
    const woven = runWoven(TWO);
    const denied = woven.file.functions.find((fn) => fn.name === name)?.index;
    const { captures, probes } = armFile(
      woven,
      {
        forbids: ({ functionIndex }) => (functionIndex === denied ? ['denied', 'the deny list'] : undefined),
      },
      {
        ...commandOn('end', woven, 'f'),
        kind: 'path',
        path: { root: stepsFor(woven, 'f'), includes: [stepsFor(woven, 'g')], steps: 100 },
      },
    );
    expect((woven.value as (n: number) => number)(1)).toBe(1);
    expect(probes.takeReports()).toMatchObject([state]);
    expect(captures).toHaveLength('cause' in state ? 0 : 1);
  });
});
