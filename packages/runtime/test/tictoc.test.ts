import { clock } from './support/clock.ts';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { METRIC_LIMITS, type LinePlace, type MetricWindow, type ProbeCommand } from '@dormouse/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openRequest, runIn, setContext, withContext } from '../src/context/request.ts';
import { armScript, type Armed } from './support/armed.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';
import { latch } from './support/latch.ts';
import type { WovenPoints } from './support/woven.ts';

interface TictocOptions extends Omit<CommandOptions, 'metric'> {
  readonly by?: string;
  readonly within?: ProbeCommand['within'];
}

/** The command for the time from a line to another. */
const tictoc =
  (from: number, to: number, { by, within = 'call', ...options }: TictocOptions = {}) =>
  (woven: WovenPoints): ProbeCommand => ({
    ...commandAt(woven, from, { ...options, metric: { kind: 'tictoc', ...(by !== undefined && { by }) } }),
    until: commandAt(woven, to).place as LinePlace,
    within,
  });

/** Random cases; DORMOUSE_CASES raises them. */
const CASES = Number(process.env['DORMOUSE_CASES'] ?? 300);

const undo: (() => void)[] = [];
afterEach(() => {
  for (const run of undo.splice(0)) run();
});

interface Timed extends Armed {
  // oxlint-disable-next-line typescript/no-explicit-any -- the script's last value, of whatever kind
  readonly run: any;
  /** Lets a second pass, and tells what was shipped in it. */
  next(): MetricWindow[];
}

function arm(source: string, ...commands: Parameters<Armed['want']>): Timed {
  const armed = armScript(source, ...commands);
  expect(armed.probes.takeReports()).toMatchObject(commands.map(() => ({ state: 'armed' })));
  undo.push(() => armed.want());
  let told = 0;
  return {
    ...armed,
    run: armed.value,
    next() {
      clock.pass(METRIC_LIMITS.windowMs);
      armed.probes.settle();
      const news = armed.captures.slice(told).map(({ metric }) => metric as MetricWindow);
      told = armed.captures.length;
      return news;
    },
  };
}

const pass = (ms: number): void => clock.pass(ms);

const WORK = `(function work(pass, before, between, after) {
  pass(before);
  pass(between);
  pass(after);
})`;

describe('a tictoc within a call', () => {
  it('is the time from one line to the other, as a distribution', () => {
    const { run, next } = arm(WORK, tictoc(3, 4));
    run(pass, 1, 20, 300);
    run(pass, 1, 40, 300);
    expect(next()).toMatchObject([
      { series: [{ count: 2, sum: 60, min: 20, max: 40, last: 40, sketch: { zeros: 0 } }] },
    ]);
    expect(next()).toEqual([]);
  });

  it('asks its condition at the tic, and reads its key at the toc', () => {
    const source = `(function work(pass, ms) {
      pass(ms);
      const speed = ms > 10 ? 'slow' : 'fast';
      return speed;
    })`;
    const { run, next, probes } = arm(source, tictoc(2, 4, { condition: 'ms !== 7', by: 'speed' }));
    for (const ms of [5, 7, 30, 6]) run(pass, ms);
    const [window] = next();
    expect(window?.series).toMatchObject([
      { key: 'fast', count: 2, sum: 11 },
      { key: 'slow', count: 1, sum: 30 },
    ]);
    expect(window).not.toHaveProperty('failed');
    expect(probes.takeReports()).toMatchObject([{ seen: 4, matched: 3, skipped: { condition: 1 } }]);
  });

  it('reads outer variables for its key, in functions with one body and with two', () => {
    const { run, next } = arm(
      `(() => {
        let region = 'eu';
        function two(pass) {
          pass(1);
          pass(region.length);
        }
        async function one(pass) {
          await pass(1);
          pass(region.length);
        }
        return { two, one };
      })()`,
      tictoc(4, 5, { by: 'region' }),
      tictoc(8, 9, { by: 'region' }),
    );
    run.two(pass);
    return run.one(pass).then(() => {
      expect(next()).toMatchObject([
        { series: [{ key: 'eu', sum: 1 }] },
        { series: [{ key: 'eu', sum: 1 }] },
      ]);
    });
  });

  it('does not mix calls of an async function that overlap', async () => {
    const { run, next } = arm(
      `(async function work(name, gate) {
        name += '!';
        await gate;
        return name;
      })`,
      tictoc(2, 4, { by: 'name' }),
    );
    const gates = Array.from({ length: 3 }, () => latch());
    const calls = gates.map(({ promise }, index) => {
      clock.pass(1);
      return run(`call ${index}`, promise);
    });
    for (const index of [1, 2, 0]) {
      clock.pass(10);
      gates[index]?.resolve();
      await calls[index];
    }
    const [window] = next();
    expect(Object.fromEntries(window?.series.map(({ key, sum }) => [key, sum]) ?? [])).toEqual({
      'call 0!': 32,
      'call 1!': 11,
      'call 2!': 20,
    });
  });

  it('does not mix a call with those that it makes of the same function', () => {
    const { run, next } = arm(
      `(function work(pass, depth) {
        pass(depth);
        if (depth > 0) work(pass, depth - 1);
        return depth;
      })`,
      tictoc(2, 4, { by: 'depth' }),
    );
    run(pass, 2);
    expect(next()).toMatchObject([
      {
        series: [
          { key: '0', sum: 0 },
          { key: '1', sum: 1 },
          { key: '2', sum: 3 },
        ],
      },
    ]);
  });

  it('begins anew where a tic comes before the toc, and counts the one before as unfinished', () => {
    const { run, next } = arm(
      `(function work(pass) {
        for (let n = 1; n < 6; n++) {
          pass(n);
          if (n % 2) continue;
          pass(0);
        }
      })`,
      tictoc(3, 5),
    );
    run(pass);
    // 1 is begun anew by 2, 3 by 4, and 5 gets no toc.
    expect(next()).toMatchObject([{ series: [{ count: 2, sum: 6 }], failed: { unfinished: 3 } }]);
  });

  it('is the time between two hits where both lines are the same', () => {
    const { run, next } = arm(
      `(function work(pass) {
        for (let n = 1; n < 4; n++)
          pass(n);
      })`,
      tictoc(3, 3),
    );
    run(pass);
    expect(next()).toMatchObject([{ series: [{ count: 2, sum: 3 }], failed: { unfinished: 1 } }]);
  });

  it.each([
    ['returns', 'return'],
    ['throws', 'throw 1'],
  ])('counts a tic whose call %s before the toc as unfinished', (_how, end) => {
    const { run, next } = arm(
      `(function work(pass, leaves) {
        pass(1);
        if (leaves) ${end};
        pass(1);
      })`,
      tictoc(2, 4),
    );
    try {
      run(pass, true);
    } catch (error) {
      expect(error).toBe(1);
    }
    run(pass, false);
    expect(next()).toMatchObject([{ series: [{ count: 1, sum: 1 }], failed: { unfinished: 1 } }]);
  });

  it('counts what is open when it is disarmed as unfinished, and ships it', async () => {
    const { run, want, captures } = arm(
      `(async function work(gate) {
        await gate;
        return 1;
      })`,
      tictoc(2, 3),
    );
    const gate = latch();
    const call = run(gate.promise);
    want();
    gate.resolve();
    await call;
    expect(captures).toMatchObject([{ metric: { series: [], failed: { unfinished: 1 } } }]);
  });

  it('lets a thousand calls wait at once, and of a few more the longest make room', async () => {
    const { run, next, probes } = arm(
      `(async function work(gate) {
        await gate;
        return 1;
      })`,
      tictoc(2, 3),
    );
    const gate = latch();
    const calls = Array.from({ length: METRIC_LIMITS.openTics + 5 }, () => run(gate.promise));
    expect(probes.takeReports()).toMatchObject([
      { seen: 1_005, matched: 1_005, skipped: { tooManyOpen: 5 } },
    ]);
    clock.pass(METRIC_LIMITS.ticPatienceMs);
    calls.push(run(gate.promise), run(gate.promise));
    gate.resolve();
    await Promise.all(calls);
    expect(probes.takeReports()).toMatchObject([{ skipped: { tooManyOpen: 5 } }]);
    expect(next()).toMatchObject([
      { series: [{ count: 1_000, min: 0, max: 60_000 }], failed: { unfinished: 2 } },
    ]);
  });

  it('counts keys that cannot be read', () => {
    const { run, next, probes } = arm(WORK, tictoc(2, 4, { by: 'before.then.else' }));
    run(pass, 1, 2, 3);
    expect(next()).toMatchObject([{ series: [], failed: { error: 1 } }]);
    expect(probes.takeReports()[0]?.message).toMatch(/^The tictoc could not be read: /);
  });
});

/** What one call does, again and again: it waits, goes on, comes to the second line or leaves before; or calls itself. */
interface Round {
  readonly waitMs: number;
  readonly then: 'toc' | 'skip' | 'leave' | 'throw';
  readonly inner: readonly Round[];
}

const round: fc.Arbitrary<Round> = fc.letrec<{ round: Round }>((tie) => ({
  round: fc.record({
    waitMs: fc.nat(50),
    then: fc.constantFrom('toc', 'toc', 'toc', 'skip', 'leave', 'throw'),
    inner: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('round'), { maxLength: 2 })),
  }),
})).round;

describe('any calls that overlap and call each other', () => {
  it('have the times that they note themselves', async () => {
    const { run, next } = arm(
      `(async function work(rounds, note, wait) {
        for (const { waitMs, then, inner } of rounds) {
          note.tic();
          await wait(waitMs);
          await work(inner, note.below(), wait).catch(() => {});
          if (then === 'skip') continue;
          if (then === 'leave') return;
          if (then === 'throw') throw then;
          note.toc();
        }
      })`,
      // Each case takes a second of the clock.
      tictoc(3, 9, { limits: { expiresInMs: (CASES + 1) * 2_000 } }),
    );
    const calls = fc.array(fc.array(round, { maxLength: 4 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(calls, async (all) => {
        const told = { count: 0, sum: 0, tics: 0 };
        await Promise.all(all.map((rounds) => run(rounds, notes(told), waitInTurn).catch(() => {})));
        const [window] = next();
        const { count = 0, sum = 0 } = window?.series[0] ?? {};
        expect([count, sum]).toEqual([told.count, told.sum]);
        expect(window?.failed?.unfinished ?? 0).toBe(told.tics - told.count);
      }),
      { numRuns: CASES },
    );
  });
});

interface Told {
  count: number;
  sum: number;
  tics: number;
}

/** What a call notes of itself; those that it calls have notes of their own. */
function notes(told: Told): object {
  let since = 0;
  return {
    tic() {
      told.tics++;
      since = clock.now;
    },
    toc() {
      told.count++;
      told.sum += clock.now - since;
    },
    below: () => notes(told),
  };
}

/** Others have their turns meanwhile, in an order that depends on the time. */
async function waitInTurn(ms: number): Promise<void> {
  for (let turn = 0; turn < ms % 7; turn++) await undefined;
  clock.pass(ms);
}

const SERVICE = `({
  receive(order) {
    order.seen = true;
  },
  async settle(order) {
    await order.paid;
    order.settled = true;
  },
})`;

describe('a tictoc within a request', () => {
  const request = () => openRequest({}, undefined, {});
  const received = (options: TictocOptions = {}) => tictoc(3, 7, { within: 'request', ...options });

  it('is the time from one line to the other, whatever functions they are in, of each request', async () => {
    const { run, next } = arm(SERVICE, received({ by: 'order.id' }));
    const orders = ['a', 'b', 'c'].map((id) => ({ id, ...latch() }));
    const requests = orders.map((order) =>
      runIn(request(), async () => {
        clock.pass(1);
        run.receive(order);
        await run.settle({ ...order, paid: order.promise });
      }),
    );
    for (const index of [2, 0, 1]) {
      clock.pass(10);
      orders[index]?.resolve();
      await requests[index];
    }
    const [window] = next();
    expect(Object.fromEntries(window?.series.map(({ key, sum }) => [key, sum]) ?? [])).toEqual({
      a: 22,
      b: 31,
      c: 10,
    });
    expect(window).not.toHaveProperty('failed');
  });

  it('goes on in what the request opens, and begins anew with a second tic', () => {
    const { run, next } = arm(SERVICE, received());
    runIn(request(), () => {
      run.receive({});
      clock.pass(1);
      withContext({ tenant: 'acme' }, () => run.receive({}));
      clock.pass(2);
      void withContext({ user: 7 }, () => withContext({ step: 2 }, () => run.settle({})));
    });
    return Promise.resolve().then(() => {
      expect(next()).toMatchObject([{ series: [{ count: 1, sum: 2 }], failed: { unfinished: 1 } }]);
    });
  });

  it('knows what was begun by setContext, and skips what belongs to no request', async () => {
    const { run, next, probes } = arm(SERVICE, received());
    run.receive({});
    await Promise.resolve().then(async () => {
      setContext({ user: 7 });
      run.receive({});
      clock.pass(3);
      await run.settle({});
    });
    expect(probes.takeReports()).toMatchObject([{ seen: 2, matched: 2, skipped: { noRequest: 1 } }]);
    expect(next()).toMatchObject([{ series: [{ count: 1, sum: 3 }] }]);
  });

  it('takes what is begun after setContext for requests of their own', async () => {
    const { run, next } = arm(SERVICE, received({ by: 'order.id' }));
    await Promise.resolve().then(async () => {
      setContext({ worker: 1 });
      const work = (id: string): Promise<void> => withContext({ id }, async () => run.receive({ id }));
      await Promise.all([work('a'), work('b')]);
      await run.settle({ id: 'c' });
    });
    expect(next()).toEqual([]);
  });

  it('knows requests by their traces, where the program has OpenTelemetry', async () => {
    const provider = new NodeTracerProvider();
    provider.register();
    undo.push(() => {
      trace.disable();
      context.disable();
      propagation.disable();
    });
    const tracer = trace.getTracer('program');
    const { run, next, probes } = arm(SERVICE, received({ by: 'order.id' }));
    const orders = ['a', 'b'].map((id) => ({ id, ...latch() }));
    const requests = orders.map((order) =>
      tracer.startActiveSpan('request', { root: true }, async (span) => {
        run.receive(order);
        await tracer.startActiveSpan('part', async (part) => {
          setContext({ order: order.id });
          await run.settle({ ...order, paid: order.promise });
          part.end();
        });
        span.end();
      }),
    );
    for (const index of [1, 0]) {
      clock.pass(10);
      orders[index]?.resolve();
      await requests[index];
    }
    expect(probes.takeReports()).toMatchObject([{ matched: 2, skipped: {} }]);
    expect(next()).toMatchObject([
      {
        series: [
          { key: 'b', sum: 10 },
          { key: 'a', sum: 20 },
        ],
      },
    ]);
  });

  it('says what a request that never comes to the toc makes room for', () => {
    const { run, next, probes } = arm(SERVICE, received());
    const receive = (): void => runIn(request(), () => run.receive({}));
    for (let n = 0; n < METRIC_LIMITS.openTics + 1; n++) receive();
    clock.pass(METRIC_LIMITS.ticPatienceMs);
    for (let n = 0; n < 3; n++) receive();
    expect(probes.takeReports()).toMatchObject([{ matched: 1_004, skipped: { tooManyOpen: 1 } }]);
    expect(next()).toMatchObject([{ series: [], failed: { unfinished: 3 } }]);
  });
});
