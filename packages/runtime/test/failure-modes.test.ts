import { DEFAULT_SPAN_LIMITS, type ProbeCommand } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { commandAt, commandOn } from './support/commands.ts';
import type { WovenPoints } from './support/woven.ts';

/** Failures of other live debuggers that one function and its probes can show; docs/failure-modes.md has all of them. */

const TAKE = `(function take(order) {
  const taken = order;
  return taken;
})`;
const LINE = 3;

const span = (woven: WovenPoints): ProbeCommand => ({
  ...commandOn('end', woven, 'take'),
  kind: 'span',
  span: { name: 'take', file: 'src/take.ts', line: 1, function: 'take' },
  attributes: [],
  limits: DEFAULT_SPAN_LIMITS,
});

/** Says what was run of it; whatever is run of it throws. */
function hostileError(): { readonly error: object; readonly ran: string[] } {
  const ran: string[] = [];
  const trap = (name: string) => () => {
    ran.push(name);
    throw new Error(`${name} of a hostile object was run`);
  };
  const error = new Error('plain');
  for (const name of ['message', 'name', 'stack', 'cause', 'constructor'])
    Object.defineProperty(error, name, { get: trap(name), enumerable: true });
  for (const name of ['toString', 'valueOf', 'toJSON', 'inspect', Symbol.toPrimitive, Symbol.toStringTag])
    Object.defineProperty(error, name, { value: trap(String(name)) });
  return { error, ran };
}

describe('throttled hit eats hit limit', () => {
  it('does not happen: only captures that were queued count', () => {
    const { probes, captures, value } = armScript(TAKE, (woven) =>
      commandAt(woven, LINE, { limits: { hits: 3, hitsPerSecond: 0.01 } }),
    );
    for (let n = 0; n < 500; n++) (value as (n: number) => void)(n);
    expect(captures).toHaveLength(1);
    expect(probes.takeReports()).toMatchObject([
      { state: 'armed', captured: 1, skipped: { rateLimitProbe: 499 } },
    ]);
  });
});

describe('circular value kills probe', () => {
  it('does not happen, in snapshots, logs, conditions and metrics', () => {
    const { probes, captures, value } = armScript(
      TAKE,
      (woven) => commandAt(woven, LINE, { condition: 'taken.self.self.id === 7', watches: ['taken'] }),
      (woven) => commandAt(woven, LINE, { template: '{taken}' }),
      (woven) => commandAt(woven, LINE, { metric: { kind: 'counter', by: 'taken' } }),
      span,
    );
    const circular: Record<string, unknown> = { id: 7 };
    circular['self'] = circular;
    circular['list'] = [circular, new Map([[circular, new Set([circular])]])];
    for (let n = 0; n < 3; n++) (value as (order: object) => void)(circular);
    expect(captures.filter(({ kind }) => kind !== 'counter')).toHaveLength(9);
    for (const report of probes.takeReports()) expect(report).toMatchObject({ state: 'armed', seen: 3 });
  });
});

describe('hostile toString in error text', () => {
  it.each(['snapshot', 'log', 'span'])(
    'is not run where such an error is thrown, and shown by a %s',
    (kind) => {
      const commands: Record<string, (woven: WovenPoints) => ProbeCommand> = {
        snapshot: (woven) => commandOn('throw', woven, 'take', { watches: ['$error', '$error.message'] }),
        log: (woven) => commandOn('throw', woven, 'take', { template: '{$error} {$error.message}' }),
        span,
      };
      const { error, ran } = hostileError();
      const { captures, value } = armScript(
        '(function take(error) {\n  throw error;\n})',
        commands[kind] as (woven: WovenPoints) => ProbeCommand,
      );
      let thrown: unknown;
      try {
        (value as (error: object) => void)(error);
      } catch (caught) {
        thrown = caught;
      }
      expect(thrown === error).toBe(true);
      expect(captures).toHaveLength(1);
      expect(ran).toEqual([]);
    },
  );

  it('is not run where an expression fails on such a value, and the failure is told of', () => {
    const { error, ran } = hostileError();
    const { probes, captures, value } = armScript(
      TAKE,
      (woven) => commandAt(woven, LINE, { condition: 'taken > 5' }),
      (woven) => commandAt(woven, LINE, { template: '{taken + 1} {`${taken}`}' }),
      (woven) => commandAt(woven, LINE, { watches: ['taken == 1', '[taken].join()'] }),
    );
    (value as (order: object) => void)(error);
    expect(ran).toEqual([]);
    expect(captures).toHaveLength(2);
    const [condition] = probes.takeReports();
    expect(condition).toMatchObject({ state: 'armed', skipped: { conditionError: 1 } });
    expect(condition?.message).toContain('taken');
  });
});
