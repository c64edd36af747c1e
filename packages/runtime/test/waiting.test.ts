import { clock } from './support/clock.ts';
import { METRIC_LIMITS, type MetricSeries, type MetricWindow, type ProbeCommand } from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { commandOn } from './support/commands.ts';
import { latch } from './support/latch.ts';
import type { WovenPoints } from './support/woven.ts';

/** The command for the calls of an async function `f`. */
function durationOf(woven: WovenPoints): ProbeCommand {
  const command = commandOn('end', woven, 'f', { metric: { kind: 'duration' } });
  const points = woven.file.functions[command.place.functionIndex]?.points ?? [];
  const passes = points.map(({ locals, outers }) => 1 + locals.length + (outers === undefined ? 0 : 1));
  return { ...command, metric: { keys: 1, passes } };
}

const undo: (() => void)[] = [];
afterEach(() => {
  for (const run of undo.splice(0)) run();
});

interface Timed {
  // oxlint-disable-next-line typescript/no-explicit-any -- the script's last value, of whatever kind
  readonly f: any;
  /** The series of a second, as text: `returned 2: 7 ran, 30 waited`. */
  next(): string[];
}

function arm(source: string): Timed {
  const { value, probes, captures, want } = armScript(`${source}\nf`, durationOf);
  undo.push(() => want());
  return {
    f: value,
    next() {
      clock.pass(METRIC_LIMITS.windowMs);
      probes.settle();
      return captures.splice(0).flatMap(({ metric }) => (metric as MetricWindow).series.map(inWords));
    },
  };
}

function inWords({ outcome, count, sum, running, awaiting }: MetricSeries): string {
  expect(running?.count).toBe(count);
  expect(awaiting?.count).toBe(count);
  expect((running?.sum ?? 0) + (awaiting?.sum ?? 0)).toBe(sum);
  return `${outcome} ${count}: ${running?.sum} ran, ${awaiting?.sum} waited`;
}

/** Time that passes while the function runs. */
const work = (ms: number): void => clock.pass(ms);

/** Time that passes while it waits. */
const later = async (ms: number): Promise<number> => {
  await undefined;
  clock.pass(ms);
  return ms;
};

const failLater = async (ms: number): Promise<never> => {
  await later(ms);
  throw new Error('no');
};

describe('the time of an async call', () => {
  it('is told apart by running and waiting', async () => {
    const { f, next } = arm(`async function f(work, later) {
      work(1);
      const got = await later(10);
      work(2);
      if (await later(20)) work(4);
      return later(got + (await later(100)));
    }`);
    await f(work, later);
    expect(next()).toEqual(['returned 1: 7 ran, 130 waited']);
  });

  it('that is all one expression is, too', async () => {
    const { f, next } = arm(`var f = async (later) => await later(await later(10))`);
    await f(later);
    expect(next()).toEqual(['returned 1: 0 ran, 20 waited']);
  });

  it('has distributions of both', async () => {
    const { value, probes, captures, want } = armScript(
      `async function f(work, later, ms) {
        work(ms);
        await later(10 * ms);
      } f`,
      durationOf,
    );
    undo.push(() => want());
    for (const ms of [1, 2, 3]) await (value as Timed['f'])(work, later, ms);
    probes.flush();
    expect(captures[0]?.metric?.series).toMatchObject([
      {
        count: 3,
        sum: 66,
        running: { count: 3, sum: 6, min: 1, max: 3, last: 3, sketch: { zeros: 0 } },
        awaiting: { count: 3, sum: 60, min: 10, max: 30, last: 30, sketch: { zeros: 0 } },
      },
    ]);
  });

  it.each([
    ['that is caught', 'catch (error) { work(1) }'],
    ['that is swallowed', 'catch {}'],
    ['that is caught in one line', 'catch (error) { error.seen = true; }\n      finally { work(0) }'],
  ])('runs again after an error %s', async (_what, handler) => {
    const { f, next } = arm(`async function f(work, failLater) {
      try {
        work(2);
        await failLater(10);
      } ${handler}
      work(4);
    }`);
    await f(work, failLater);
    expect(next()).toEqual([`returned 1: ${handler.includes('work(1)') ? 7 : 6} ran, 10 waited`]);
  });

  it('waits until its end where that is an error', async () => {
    const { f, next } = arm(`async function f(work, failLater) {
      work(3);
      await failLater(10);
    }`);
    await expect(f(work, failLater)).rejects.toThrow('no');
    expect(next()).toEqual(['threw 1: 3 ran, 10 waited']);
  });

  it('is each one’s own where calls overlap', async () => {
    const { f, next } = arm(`async function f(work, wait) {
      await wait;
      work(1);
    }`);
    const first = latch();
    const second = latch();
    const calls = [f(work, first.promise), f(work, second.promise)];
    clock.pass(10);
    second.resolve();
    await calls[1];
    clock.pass(100);
    first.resolve();
    await calls[0];
    // The second call waited 10; the first one 10, 1 of the second one's running, and 100.
    expect(next()).toEqual(['returned 2: 2 ran, 121 waited']);
  });

  it('waits while a call of the same function runs that it waits for', async () => {
    const { f, next } = arm(`async function f(work, later, depth) {
      work(1);
      if (depth > 0) await f(work, later, depth - 1);
      await later(10);
    }`);
    await f(work, later, 1);
    // The inner call begins before the outer one waits, and its first run is the outer one's as well.
    expect(next()).toEqual(['returned 2: 3 ran, 30 waited']);
  });

  it('of a generator waits while nobody wants the next of its values, and ends as it is left', async () => {
    const { f, next } = arm(`async function* f(work, later) {
      for (let n = 1; n < 4; n++) {
        work(1);
        await later(10);
        yield n;
      }
    }`);
    for await (const n of f(work, later)) clock.pass(100 * n);
    for await (const n of f(work, later)) {
      clock.pass(1_000);
      if (n === 2) break;
    }
    expect(next()).toEqual(['returned 1: 3 ran, 630 waited', 'ended 1: 2 ran, 2020 waited']);
  });

  it('is not told of calls that began before', async () => {
    const { value, probes, captures, want } = armScript(
      `async function f(wait) {
        await wait;
        return 1;
      } f`,
    );
    const wait = latch();
    const call = (value as Timed['f'])(wait.promise);
    want(durationOf);
    undo.push(() => want());
    wait.resolve();
    await call;
    probes.flush();
    expect(captures).toEqual([]);
  });
});
