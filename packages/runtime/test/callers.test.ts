import v8 from 'node:v8';
import vm from 'node:vm';
import type { Capture, CapturedValue, ProbeCommand, TrailCall } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { readStacks } from '../src/stack/stack.ts';
import { armFile, armScript, type Armed } from './support/armed.ts';
import { commandAt, commandOn, stepsFor, type CommandOptions } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';
import { pathOf } from './support/paths.ts';
import { runWoven, type WovenPoints } from './support/woven.ts';

type Call = (...values: unknown[]) => unknown;

const withCallers =
  (command: (woven: WovenPoints) => ProbeCommand, callers: readonly string[], most = 10) =>
  (woven: WovenPoints): ProbeCommand => ({
    ...command(woven),
    callers: { most, functions: callers.map((name) => stepsFor(woven, name)) },
  });

const atLine =
  (line: number, callers: readonly string[], options: CommandOptions & { most?: number } = {}) =>
  (woven: WovenPoints): ProbeCommand =>
    withCallers((where) => commandAt(where, line, options), callers, options.most)(woven);

const plain = (value: CapturedValue): unknown => ('value' in value ? value.value : value.type);

/** `5 {"n":1}`: the line that a call of the trail stands at, and its variables; `-` where it is only named. */
function place({ at, waits }: TrailCall): string {
  if (at === undefined) return '-';
  const variables = Object.fromEntries(at.locals.map(({ key, value }) => [key, plain(value)]));
  return `${waits ? 'waits ' : ''}${at.line} ${JSON.stringify(variables)}`;
}

const trailOf = (capture: Capture | undefined): string[] => (capture?.trail ?? []).map(place);
const trails = ({ captures }: Armed): string[][] => captures.map(trailOf);
const tick = (ms = 1): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

const CHAIN = `(() => {
  function risk(amount) {
    const score = amount * 2;
    return score;
  }
  function gate(order) {
    const weight = order + 1;
    const ok = risk(weight);
    return ok;
  }
  function handle(id) {
    const order = id * 10;
    return gate(order);
  }
  return { risk, gate, handle };
})()`;

describe('the calls that lead to a hit', () => {
  it('show where they stand, the innermost first', () => {
    const armed = armScript(CHAIN, atLine(4, ['gate', 'handle']));
    const { handle } = armed.value as Record<string, Call>;
    expect(handle?.(1)).toBe(22);
    expect(trails(armed)).toEqual([['8 {"order":10,"weight":11}', '13 {"id":1,"order":10}']]);
  });

  it('are shown as many as asked for, and the others named', () => {
    const armed = armScript(CHAIN, atLine(4, ['gate', 'handle'], { most: 1 }));
    (armed.value as Record<string, Call>)['handle']?.(1);
    expect(trails(armed)).toEqual([['8 {"order":10,"weight":11}', '-']]);
  });

  it('are none where the probe was reached without them, also after they were', () => {
    const armed = armScript(CHAIN, atLine(4, ['gate', 'handle']));
    const { risk, handle } = armed.value as Record<string, Call>;
    handle?.(1);
    risk?.(7);
    expect(trails(armed)[1]).toEqual([]);
  });

  it('are learnt while the probe is armed, without a loss of its account', () => {
    const armed = armScript(CHAIN, atLine(4, [], { id: 'p' }));
    const { handle } = armed.value as Record<string, Call>;
    handle?.(1);
    armed.want(atLine(4, ['handle'], { id: 'p' }));
    handle?.(2);
    armed.want(atLine(4, ['handle', 'gate'], { id: 'p' }));
    handle?.(3);
    expect(trails(armed)).toEqual([
      [],
      ['13 {"id":2,"order":20}'],
      ['8 {"order":30,"weight":31}', '13 {"id":3,"order":30}'],
    ]);
    expect(armed.probes.takeReports()[0]).toMatchObject({ seen: 3, captured: 3 });
  });

  it('are each activation of a recursive function, with its own values', () => {
    const armed = armScript(
      `(() => {
        function leaf(n) { return n; }
        function walk(depth) {
          const left = depth * 10;
          if (depth === 0) return leaf(left);
          const below = walk(depth - 1);
          return below + left;
        }
        return walk;
      })()`,
      atLine(2, ['walk']),
    );
    (armed.value as Call)(2);
    (armed.value as Call)(0);
    expect(trails(armed)).toEqual([
      ['5 {"depth":0,"left":0}', '6 {"depth":1,"left":10}', '6 {"depth":2,"left":20}'],
      ['5 {"depth":0,"left":0}'],
    ]);
  });

  it('are those of a call that begins, and of one that returns', () => {
    for (const on of ['entry', 'return'] as const) {
      const armed = armScript(
        CHAIN,
        withCallers((woven) => commandOn(on, woven, 'risk'), ['gate', 'handle']),
      );
      (armed.value as Record<string, Call>)['handle']?.(1);
      expect(trails(armed)).toEqual([['8 {"order":10,"weight":11}', '13 {"id":1,"order":10}']]);
      readStacks();
      expect(armed.captures[0]?.stack?.slice(0, 3).map((frame) => frame.function)).toEqual([
        'risk',
        'gate',
        'handle',
      ]);
    }
  });

  it('are not followed where the policy forbids it, without harm to the probe', () => {
    const woven = runWoven(CHAIN);
    const gate = stepsFor(woven, 'gate').functionIndex;
    let isForbidden = true;
    const { captures, probes } = armFile(
      woven,
      {
        forbids: (at) => (isForbidden && at.functionIndex === gate ? ['denied', 'not this one'] : undefined),
      },
      atLine(4, ['gate', 'handle'])(woven),
    );
    const { handle } = woven.value as Record<string, Call>;
    handle?.(1);
    isForbidden = false;
    probes.enforce();
    handle?.(2);
    isForbidden = true;
    probes.enforce();
    handle?.(3);
    expect(captures.map((capture) => capture.trail?.length)).toEqual([1, 2, 1]);
    expect(probes.takeReports()).toMatchObject([{ state: 'armed', captured: 3 }]);
  });

  it('are not those that threw on the way', () => {
    const armed = armScript(
      `(() => {
        function leaf(n) { return n; }
        function fails(n) { throw new Error(leaf(n)); }
        function tries(n) {
          try { fails(n); } catch { n += 1; }
          return leaf(n);
        }
        return tries;
      })()`,
      atLine(2, ['fails', 'tries']),
    );
    (armed.value as Call)(1);
    expect(trails(armed)).toEqual([['3 {"n":1}', '5 {"n":1}'], ['6 {"n":2}']]);
  });
});

const PAYMENTS = `(() => {
  const events = [];
  function check(amount) {
    const fee = amount / 10;
    return fee;
  }
  async function pay(order, gate) {
    const amount = order * 100;
    const early = check(amount);
    await gate;
    const late = check(amount + 1);
    return late;
  }
  async function handle(id, gate) {
    const order = id + 1;
    const paid = await pay(order, gate);
    return paid;
  }
  return { handle, pay, check };
})()`;

describe('async calls', () => {
  it('lead to a hit before and after they have waited', async () => {
    const armed = armScript(PAYMENTS, atLine(5, ['pay', 'handle']));
    await ((armed.value as Record<string, Call>)['handle']?.(1, tick()) as Promise<unknown>);
    expect(trails(armed)).toEqual(
      [
        ['9 {"order":2,"gate":"promise","amount":200}', '16 {"id":1,"gate":"promise","order":2}'],
        [
          '11 {"order":2,"gate":"reference","amount":200,"early":20}',
          'waits 16 {"id":1,"gate":"promise","order":2}',
        ],
      ].map((trail) => trail.map((text) => expect.stringMatching(shape(text)) as unknown)),
    );
  });

  it('that overlap are not mixed', async () => {
    const armed = armScript(PAYMENTS, atLine(5, ['pay', 'handle'], { condition: 'amount % 10 === 1' }));
    const { handle } = armed.value as Record<
      string,
      (id: number, gate: Promise<unknown>) => Promise<unknown>
    >;
    const calls = [3, 1, 2].map((id) => handle?.(id, tick(id * 5)));
    await Promise.all(calls);
    const orders = armed.captures.map(({ trail = [] }) =>
      trail.map(({ at, waits }) => [
        waits,
        ...(at?.locals ?? [])
          .filter(({ key }) => key === 'id' || key === 'order')
          .map(({ value }) => plain(value)),
      ]),
    );
    expect(orders.sort()).toEqual(
      [1, 2, 3].map((id) => [
        [false, id + 1],
        [true, id, id + 1],
      ]),
    );
  });

  it('lead to the end of a call of the probe itself, also after a rejection', async () => {
    const armed = armScript(
      `(() => {
        async function query(id, gate) {
          const row = id * 2;
          await gate;
          return row;
        }
        async function load(id, gate) {
          const key = id + 1;
          return await query(key, gate);
        }
        return load;
      })()`,
      withCallers((woven) => commandOn('end', woven, 'query'), ['load']),
    );
    const load = armed.value as (id: number, gate: Promise<unknown>) => Promise<unknown>;
    await load(1, tick());
    await expect(
      load(
        2,
        tick().then(() => Promise.reject(new Error('gone'))),
      ),
    ).rejects.toThrow('gone');
    expect(trails(armed).map((trail) => trail.map((text) => text.replace('reference', 'promise')))).toEqual([
      ['waits 9 {"id":1,"gate":"promise","key":2}'],
      ['waits 9 {"id":2,"gate":"promise","key":3}'],
    ]);
  });

  it('lead to a line of an async function by the call that is hit', async () => {
    const armed = armScript(PAYMENTS, atLine(12, ['pay', 'handle']));
    const { handle } = armed.value as Record<
      string,
      (id: number, gate: Promise<unknown>) => Promise<unknown>
    >;
    await Promise.all([handle?.(5, tick(6)), handle?.(6, tick(2))]);
    expect(
      armed.captures.map(({ trail = [] }) => trail.map(({ at }) => at && plain(at.locals[0]!.value))),
    ).toEqual([[6], [5]]);
  });

  it('that began before the probe are not followed, and stand for no other', async () => {
    const armed = armScript(PAYMENTS);
    const { handle } = armed.value as Record<
      string,
      (id: number, gate: Promise<unknown>) => Promise<unknown>
    >;
    const before = handle?.(1, tick(10));
    armed.want(atLine(5, ['pay', 'handle']));
    const after = handle?.(2, tick(20));
    await Promise.all([before, after]);
    expect(armed.captures.map(({ trail = [] }) => trail.map(({ at }) => at?.line))).toEqual([
      [9, 16],
      [],
      [11, 16],
    ]);
  });

  it('that follow one another keep nothing of those before', async () => {
    const armed = armScript(
      `(() => {
        function leaf(n) { return n; }
        async function poll(n) {
          leaf(n);
          await undefined;
          if (n > 0) return poll(n - 1);
          return n;
        }
        return poll;
      })()`,
      atLine(2, ['poll'], { limits: { hits: 1_000, hitsPerSecond: 1_000 } }),
    );
    await (armed.value as Call)(300);
    const longest = Math.max(...armed.captures.map(({ trail = [] }) => trail.length));
    expect([armed.captures.length, longest]).toEqual([301, 2]);
  });
});

/** Promises are shown once and then referred to. */
const shape = (text: string): RegExp =>
  new RegExp(
    `^${text.replaceAll(/[{}[\]]/g, '\\$&').replaceAll(/promise|reference/g, '(?:promise|reference)')}$`,
  );

describe('what is followed', () => {
  it('runs nothing that the program may have replaced', () => {
    const armed = armScript(
      CHAIN,
      atLine(4, ['gate', 'handle'], { limits: { hits: 100, hitsPerSecond: 1_000 } }),
    );
    const { handle } = armed.value as Record<string, Call>;
    handle?.(1);
    expect(callsOfPatched(() => handle?.(2))).toEqual([]);
    expect(trailOf(armed.captures[1])).toHaveLength(2);
  });

  it('is redacted, and what the source marks as secret is not even there', () => {
    const armed = armScript(
      `(() => {
        function leaf(n) { return n; }
        function login(user, password) {
          const /* @secret */ seed = user + 1;
          const card = '4111 1111 1111 1111';
          return leaf(card);
        }
        return login;
      })()`,
      atLine(2, ['login']),
    );
    (armed.value as Call)('ann', 'hunter2');
    const [{ at } = {}] = armed.captures[0]?.trail ?? [];
    expect(at?.locals.map(({ key, value }) => [key, value.type])).toEqual([
      ['user', 'string'],
      ['password', 'redacted'],
      ['card', expect.stringMatching(/string|redacted/)],
    ]);
    expect(JSON.stringify(armed.captures)).not.toMatch(/hunter2|4111/);
  });
});

it('values are held no longer than the calls they belong to', async () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  const armed = armScript(
    `(() => {
      function leaf(n) { return n; }
      function sync(order) {
        const copy = { order };
        leaf(1);
        return copy.order === order;
      }
      async function later(order) {
        const copy = { order };
        await leaf(2);
        return copy.order === order;
      }
      async function fails(order) {
        const copy = { order };
        await leaf(3);
        throw new Error(copy.order === order);
      }
      return { sync, later, fails };
    })()`,
    atLine(2, ['sync', 'later', 'fails']),
  );
  const { sync, later, fails } = armed.value as Record<string, Call>;
  const refs = await (async () => {
    const orders = [{}, {}, {}];
    sync?.(orders[0]);
    await later?.(orders[1]);
    await Promise.resolve(fails?.(orders[2])).catch(() => {});
    return orders.map((order) => new WeakRef(order));
  })();
  readStacks();
  await tick(5);
  collect();
  expect(armed.captures.map((capture) => trailOf(capture).length)).toEqual([1, 1, 1]);
  expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
});

describe('calls that end unseen, in a loop without a turn of the event loop,', () => {
  const LOOP = `(() => {
    function leaf(n) { return n; }
    function risky(order) {
      const copy = { order };
      const shapes = [class {}, () => { throw copy; }];
      shapes[1]();
      return leaf(1);
    }
    function each(orders, check) {
      while (orders.length > 0) {
        try { risky(orders.pop()); } catch {}
      }
      check();
    }
    function run(orders, check) { each(orders, check); }
    return run;
  })()`;

  it.each([
    ['callers', atLine(2, ['risky'])],
    ['a path', (woven: WovenPoints) => pathOf(woven, 'run', { includes: ['risky'] })],
  ])('do not fill the memory of a process with %s', async (_what, command) => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const { value } = armScript(LOOP, command);
    const orders = Array.from({ length: 3_000 }, () => ({}));
    const refs = orders.map((order) => new WeakRef(order));
    await tick();
    let held = Infinity;
    (value as Call)(orders, () => {
      collect();
      held = refs.filter((ref) => ref.deref() !== undefined).length;
    });
    expect(held).toBeLessThanOrEqual(1_001);
  });
});
