import { PATH_LIMITS, type Capture } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { withContext } from '../src/context/request.ts';
import { armScript, type Armed } from './support/armed.ts';
import { callsOfPatched } from './support/patched.ts';
import { linesOf, pathOf, textOf, type PathOptions } from './support/paths.ts';

interface Followed extends Armed {
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the script has made
  readonly run: any;
  readonly account: () => ReturnType<Armed['probes']['takeReports']>[number];
}

/** A script whose last value is given, and a path of its function `f`. */
function follow(source: string, options?: PathOptions): Followed {
  const armed = armScript(source, (woven) => pathOf(woven, 'f', options));
  const { value } = armed;
  const run =
    typeof value === 'function' ? (...values: unknown[]) => Reflect.apply(value, undefined, values) : value;
  return { ...armed, run, account: () => armed.probes.takeReports()[0]! };
}

const only = ({ captures }: Armed): Capture => {
  expect(captures).toHaveLength(1);
  return captures[0]!;
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a path', () => {
  it('shows the lines of a call with what is new of its variables, and how it ended', () => {
    const followed = follow(`function f(n) {
      let total = 0;
      for (let i = 0; i < n; i++) {
        total += i;
      }
      return total;
    } f`);
    expect(followed.run(3)).toBe(3);
    expect(linesOf(only(followed))).toEqual([
      '2 n=3',
      '3:body total=0',
      '4 i=0',
      '4 i=1',
      '4 total=1 i=2',
      '6 total=3',
      'returned',
    ]);
    const { path, ...capture } = only(followed);
    expect(capture).toMatchObject({ kind: 'path', on: 'end', returned: { type: 'number', value: 3 } });
    expect(path?.functions).toEqual([{ name: 'f', source: 'src/script.ts' }]);
    const times = path!.steps.map(({ us }) => us);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(capture.durationMs! * 1_000).toBeGreaterThanOrEqual(times.at(-1)!);
  });

  it('shows which arm of each branching statement ran, and that none did', () => {
    const followed = follow(`function f(n) {
      if (n > 5) {
        n++;
      }
      if (n > 0) n--;
      else {
        n = 0;
      }
      if (n < 0) {
        n = 1;
      } else if (n === 3) {
        n = 4;
      }
      while (n > 100) n--;
      switch (n) {
        case 4:
          n = 5;
        case 5:
          n = 6;
          break;
        default:
          n = 7;
      }
      if (n === 0) return 0;
    } f`);
    followed.run(4);
    const lines = linesOf(only(followed)).map((line) => line.replace(/ .*/, ''));
    expect(lines).toEqual([
      '2:none',
      '5:then',
      '5',
      '9:else',
      '11:then',
      '12',
      '14:none',
      '15:case',
      '17',
      '19',
      '20',
      '24:none',
      'returned',
    ]);
  });

  it('shows where a call was caught, and what ran at last', () => {
    const followed = follow(`function f(g) {
      let seen;
      try {
        if (g()) seen = 1;
      } catch (error) {
        seen = error.message;
      } finally {
        seen += '!';
      }
      return seen;
    } f`);
    expect(
      followed.run(() => {
        throw new RangeError('no');
      }),
    ).toBe('no!');
    const lines = linesOf(only(followed));
    expect(lines.slice(1)).toEqual([
      '3',
      '4',
      '6(catch) error=RangeError(no)',
      '8(finally) seen=no',
      '10 seen=no!',
      'returned',
    ]);
  });

  it('sees that an object has changed, one level deep', () => {
    const followed = follow(`function f(order) {
      order.total = 5;
      order.lines.push(1);
      order.lines = [1];
      order = order.next;
      return order;
    } f`);
    followed.run({ total: 1, lines: [], next: undefined });
    expect(linesOf(only(followed))).toEqual([
      '2 order={total: 1, lines: [], next: undefined}',
      '3 order={total: 5, lines: [], next: undefined}',
      '4 order={total: 5, lines: [], next: undefined}',
      '5',
      '6 order=undefined',
      'returned',
    ]);
  });

  it('looks into objects of every kind, and again where they only come back', () => {
    const followed = follow(`function f(date, map, list, object) {
      date.setTime(1);
      map.set('b', 2);
      list.push('c');
      list[0] = 'd';
      object.sub.list.push(1);
      object.list.push(1);
      delete object.sub;
      const kept = object;
      object = 5;
      object = kept;
      return object;
    } f`);
    followed.run(new Date(0), new Map([['a', 1]]), ['a'], { sub: { list: [] }, list: [] });
    const lines = linesOf(only(followed));
    expect(lines.slice(1)).toEqual([
      '3 date=1970-01-01T00:00:00.001Z',
      '4 map=map',
      '5 list=[a, c]',
      '6 list=[d, c]',
      '7',
      '8 object={sub: {}, list: []}',
      '9 object={list: []}',
      '10 kept={list: []}',
      '11 object=5',
      '12 object={list: []}',
      'returned',
    ]);
  });

  it('sees through no proxy and runs no getter', () => {
    const followed = follow(`function f(proxy, object) {
      object.n++;
      return object;
    } f`);
    const told: string[] = [];
    const trap = (_target: object, key: PropertyKey): undefined => void told.push(String(key));
    const object = {
      n: 1,
      get loud() {
        told.push('loud');
        return 1;
      },
    };
    followed.run(new Proxy([], { get: trap, getOwnPropertyDescriptor: trap }), object);
    expect(told).toEqual([]);
    expect(linesOf(only(followed))).toEqual([
      '2 proxy=proxy object={n: 1, loud: accessor}',
      '3 object={n: 2, loud: accessor}',
      'returned',
    ]);
  });

  it('shows this, and outer variables that hold no functions', () => {
    const armed = armScript(
      `const rate = 2;
      let count = 0;
      const double = (x) => x * rate;
      class A {
        constructor() { this.n = 1 }
        f() {
          count++;
          this.n = double(this.n) + rate;
          return count;
        }
      }
      new A()`,
      (woven) => pathOf(woven, 'A.f'),
    );
    (armed.value as { f(): void }).f();
    expect(linesOf(only(armed))).toEqual([
      '7 this={n: 1} rate=2 count=0',
      '8 count=1',
      '9 this={n: 4}',
      'returned',
    ]);
  });

  it('hides what is secret in every step', () => {
    const followed = follow(`function f(password, text) {
      password += 1;
      text = 'mail to ' + text;
      return text;
    } f`);
    followed.run('hunter2', 'eve@example.com');
    const shown = JSON.stringify(only(followed));
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain('eve@example.com');
    expect(linesOf(only(followed))[0]).toBe('2 password=<name> text=<email>');
  });

  it.each([
    ['with two bodies', ''],
    ['with one body', '(() => () => () => 1)()()();'],
  ])(
    'of calls that throw, of a function %s, tells the error or that the end was not seen',
    async (_what, text) => {
      const followed = follow(`function f(n) {${text}
      JSON.parse(n);
      return n;
    } f`);
      expect(() => followed.run('{')).toThrow(SyntaxError);
      if (text !== '') {
        expect(followed.captures).toEqual([]);
        await settled();
        followed.probes.settle();
      }
      const capture = only(followed);
      expect(linesOf(capture).at(-1)).toBe(text === '' ? 'threw' : 'ended');
      expect(capture.threw === undefined).toBe(text !== '');
    },
  );

  it('of async calls that overlap do not mix', async () => {
    const followed = follow(`async function f(name, wait) {
      let got = await wait;
      got += name;
      return got;
    } f`);
    let finish: ((value: string) => void) | undefined;
    const first = followed.run('a', new Promise((resolve) => (finish = resolve)));
    await followed.run('b', 'x');
    finish?.('y');
    await first;
    expect(followed.captures.map((capture) => [linesOf(capture)[1], textOf(capture.returned!)])).toEqual([
      ['3 got=x', 'xb'],
      ['3 got=y', 'ya'],
    ]);
  });

  it('of a generator goes on where it is run again', () => {
    const followed = follow(`function* f(n) {
      yield n;
      n++;
      return n;
    } f`);
    const [one, two] = [followed.run(1), followed.run(2)];
    one.next();
    two.next();
    one.next();
    two.next();
    expect(followed.captures.map(linesOf)).toEqual([
      ['2 n=1', '3', '4 n=2', 'returned'],
      ['2 n=2', '3', '4 n=3', 'returned'],
    ]);
  });

  it('keeps the first and the last steps of a long call, and what variables were behind the gap', () => {
    const followed = follow(
      `function f(n) {
      let last = 0, early = 0;
      for (let i = 0; i < n; i++) {
        last = i;
        if (i === 3) early = 1;
      }
      return last;
    } f`,
      { steps: 6 },
    );
    followed.run(10);
    expect(linesOf(only(followed))).toEqual([
      '2 n=10',
      '3:body last=0 early=0',
      '4 i=0',
      '… 18 … 4 i=9 last=8 early=1',
      '5:none last=9',
      '7',
      'returned',
    ]);
    expect(followed.account().incomplete).toBe(1);
  });

  it('leaves out values when there is no more room for them, and says why', () => {
    const followed = follow(
      `function f(n) {
      let text = 'a';
      for (let i = 0; i < n; i++) text += text + i;
      return text;
    } f`,
      { capture: { nodes: 10 } },
    );
    followed.run(20);
    const lines = linesOf(only(followed));
    expect(lines).toContain('3 text=<nodeCount> i=<nodeCount>');
    expect(lines).toHaveLength(24);
  });

  it('runs nothing that a program has put in the place of built-ins', () => {
    const followed = follow(
      `function g(x) {
      return [x];
    }
    function f(n) {
      const list = g(n);
      for (let i = 0; i < 9; i++) list[2] = i;
      return list;
    } f`,
      { steps: 4, includes: ['g'] },
    );
    const run = followed.value as (n: number) => unknown;
    run(1);
    expect(callsOfPatched(() => void run(1))).toEqual([]);
    expect(followed.captures).toHaveLength(2);
  });
});

describe('the condition of a path', () => {
  it('that can be asked as a call begins decides then', () => {
    const followed = follow(
      `function f(n) {
      n++;
      return n;
    } f`,
      { condition: 'n === 2' },
    );
    for (const n of [1, 2, 3]) followed.run(n);
    expect(linesOf(only(followed))).toEqual(['2 n=2', '3 n=3', 'returned']);
    expect(followed.account()).toMatchObject({ seen: 3, matched: 1, captured: 1, skipped: { condition: 2 } });
  });

  it.each([
    ['$error !== undefined', 3],
    ['$return === 2', 1],
    ['$error?.message === "three" && n === 3', 3],
  ])('%s makes it a flight recorder', (condition, n) => {
    const followed = follow(
      `function f(n) {
      if (n === 3) throw new Error('three');
      return n + 1;
    } f`,
      { condition },
    );
    for (const given of [1, 2, 3]) {
      try {
        followed.run(given);
      } catch {
        // What it throws is what the path shows.
      }
    }
    expect(linesOf(only(followed))[0]).toBe(`2:${n === 3 ? 'then' : 'none'} n=${n}`);
    expect(followed.account()).toMatchObject({ seen: 3, matched: 1, captured: 1, skipped: { condition: 2 } });
  });

  it('that asks for begin and end records only calls whose begin may do', () => {
    const followed = follow('function f(n) {\n  return n.id;\n} f', {
      condition: 'n.id > 1 && ($return === 2 && n.id < 9) && $duration >= 0',
    });
    for (const id of [1, 2, 3, 9]) followed.run({ id });
    expect(textOf(only(followed).returned!)).toBe('2');
    expect(followed.account()).toMatchObject({ seen: 4, matched: 1, skipped: { condition: 3 } });
  });

  it('on how long the call took keeps what was slow', async () => {
    const followed = follow(
      `async function f(wait) {
      await wait;
      return 1;
    } f`,
      { condition: '$duration > 20' },
    );
    await followed.run(undefined);
    await followed.run(new Promise((resolve) => setTimeout(resolve, 30)));
    expect(only(followed).durationMs).toBeGreaterThan(20);
    expect(only(followed).path!.steps[1]!.us).toBeGreaterThan(20_000);
  });

  it('that fails is counted, and the call is none of its', () => {
    const followed = follow('function f(n) {\n return n;\n} f', { condition: 'n.a.b' });
    expect(followed.run(1)).toBe(1);
    expect(followed.captures).toEqual([]);
    expect(followed.account()).toMatchObject({ seen: 1, skipped: { conditionError: 1 } });
  });
});

describe('the second point of a path', () => {
  const SOURCE = `function f(n) {
      if (n > 1) {
        n = 0;
      }
      return n;
    } f`;

  it('ships the recording of a call that reaches it, up to there', () => {
    const followed = follow(SOURCE, { until: 3 });
    for (const n of [1, 2]) followed.run(n);
    expect(linesOf(only(followed))).toEqual(['2:then n=2', '3', 'reached']);
    expect(followed.account()).toMatchObject({ seen: 2, matched: 1, captured: 1, skipped: { condition: 1 } });
  });

  it('and a condition that reads the end both decide', () => {
    const followed = follow(SOURCE, { until: 3, condition: '$return === 0' });
    for (const n of [0, 1, 2]) followed.run(n);
    expect(linesOf(only(followed))).toEqual(['2:then n=2', '3', '5 n=0', 'returned']);
    expect(followed.account()).toMatchObject({ seen: 3, matched: 1, captured: 1, skipped: { condition: 2 } });
  });

  it('may be reached later in the request', async () => {
    const armed = armScript(
      `const tasks = [];
      function store(n) {
        return n;
      }
      function f(n) {
        tasks.push(new Promise((resolve) => setTimeout(() => resolve(n > 1 ? store(n) : 0), 1)));
        return n;
      }
      [f, tasks]`,
      (woven) => pathOf(woven, 'f', { until: 3, includes: ['store'] }),
    );
    const [f, tasks] = armed.value as [(n: number) => number, Promise<unknown>[]];
    for (const n of [1, 2]) withContext({ n }, () => f(n));
    await Promise.all(tasks);
    expect(linesOf(only(armed))).toEqual(['6 n=2 tasks=[promise]', '7', '  store:3 n=2', 'reached']);
  });
});

describe('a path whose second point may come later in the request', () => {
  it('makes room for others once its call is over', async () => {
    const followed = follow(
      `function store(n) {
      return n;
    }
    function f(n) {
      return n;
    }
    [f, store]`,
      { until: 2, includes: ['store'] },
    );
    const [f, store] = followed.run;
    const requests = Array.from({ length: PATH_LIMITS.recordings + 50 }, (_, n) => n);
    await Promise.all(
      requests.map((n) =>
        withContext({ n }, async () => {
          f(n);
          await settled();
          if (n === requests.at(-1)) store(n);
        }),
      ),
    );
    expect(linesOf(only(followed))).toEqual(['5 n=149', '  store:2 n=149', 'reached']);
    expect(followed.account()).toMatchObject({ seen: 150, matched: 1, skipped: { condition: 50 } });
  });
});

describe('functions that a path includes', () => {
  it('show their steps where they run below the call', () => {
    const followed = follow(
      `function h(x) {
      return x * 2;
    }
    function g(x) {
      return h(x) + 1;
    }
    function f(n) {
      g(0);
      const got = g(n);
      return got;
    }
    [f, g]`,
      { includes: ['g', 'h'] },
    );
    const [f, g] = followed.run;
    g(7);
    f(1);
    g(8);
    expect(linesOf(only(followed))).toEqual([
      '8 n=1',
      '  g:5 x=0',
      '    h:2 x=0',
      '9',
      '  g:5 x=1',
      '    h:2 x=1',
      '10 got=3',
      'returned',
    ]);
    expect(only(followed).path!.calls).toMatchObject([
      { function: 0, depth: 0, ended: 'returned' },
      { function: 1, depth: 1, ended: 'returned', returned: { value: 1 } },
      { function: 2, depth: 2, ended: 'returned', returned: { value: 0 } },
      { function: 1, depth: 1, returned: { value: 3 } },
      { function: 2, depth: 2, returned: { value: 2 } },
    ]);
  });

  it('may be the function itself', () => {
    const followed = follow(
      `function f(n) {
      if (n > 0) f(n - 1);
      return n;
    } f`,
      { includes: ['f'] },
    );
    followed.run(2);
    expect(linesOf(only(followed))).toEqual([
      '2:then n=2',
      '2',
      '  f:2:then n=1',
      '  f:2',
      '    f:2:none n=0',
      '    f:3',
      '  f:3',
      '3',
      'returned',
    ]);
  });

  it('belong to the call that waits for them, and not to what else runs meanwhile', async () => {
    const followed = follow(
      `async function g(name, wait) {
      await wait;
      return name;
    }
    async function f(name, wait) {
      await g(name, wait);
      await null;
      return await g(name + 2);
    }
    [f, g]`,
      { includes: ['g'] },
    );
    const [f, g] = followed.run;
    let finish: (() => void) | undefined;
    const call = f('a', new Promise<void>((resolve) => (finish = resolve)));
    await g('other');
    finish?.();
    await g('other');
    await call;
    expect(linesOf(only(followed))).toEqual([
      '6 name=a wait=promise',
      '  g:2 name=a wait=promise',
      '  g:3',
      '7',
      '8',
      '  g:2 name=a2',
      '  g:3',
      'returned',
    ]);
  });

  it('belong to the call of their request, wherever they run', async () => {
    const followed = follow(
      `function g(name) {
      return name;
    }
    async function f(name, wait, later) {
      await wait;
      await later(() => g(name));
      return name;
    }
    f`,
      { includes: ['g'] },
    );
    const later = (run: () => void) =>
      new Promise<void>((resolve) =>
        setTimeout(() => {
          run();
          resolve();
        }, 1),
      );
    await Promise.all(['a', 'b'].map((name) => withContext({ name }, () => followed.run(name, null, later))));
    expect(
      followed.captures.map(linesOf).map((lines) => lines.filter((line) => line.includes('g:'))),
    ).toEqual([['  g:2 name=a'], ['  g:2 name=b']]);
  });

  it('that throw through one another are left behind', () => {
    const followed = follow(
      `function g(n) {
      if (n > 0) throw new Error('no');
      return 1;
    }
    function f(n) {
      try {
        g(n);
      } catch {
        n = 0;
      }
      return g(n);
    } f`,
      { includes: ['g'] },
    );
    expect(followed.run(1)).toBe(1);
    expect(linesOf(only(followed))).toEqual([
      '6 n=1',
      '7',
      '  g:2:then n=1',
      '  g:2',
      '9(catch)',
      '11 n=0',
      '  g:2:none n=0',
      '  g:3',
      'returned',
    ]);
    expect(only(followed).path!.calls[1]).toMatchObject({ ended: 'threw', threw: { message: 'no' } });
  });
});

describe('what a path takes', () => {
  it('is nothing where its rate is used up', () => {
    for (const condition of [undefined, '$return === 1']) {
      const followed = follow('function f(n) {\n return n;\n} f', {
        limits: { hitsPerSecond: 2 },
        ...(condition !== undefined && { condition }),
      });
      for (let call = 0; call < 5; call++) followed.run(1);
      expect(followed.captures).toHaveLength(2);
      expect(followed.account()).toMatchObject({ captured: 2, skipped: { rateLimitProbe: 3 } });
    }
  });

  it('is bounded by how many calls are recorded at once', async () => {
    const followed = follow(`async function f(wait) {
      await wait;
      return 1;
    } f`);
    let finish: (() => void) | undefined;
    const wait = new Promise<void>((resolve) => (finish = resolve));
    const calls = Array.from({ length: PATH_LIMITS.recordings + 5 }, () => followed.run(wait));
    finish?.();
    await Promise.all(calls);
    expect(followed.captures).toHaveLength(PATH_LIMITS.recordings);
    expect(followed.account().skipped).toEqual({ tooManyOpen: 5 });
    await followed.run(null);
    expect(followed.captures).toHaveLength(PATH_LIMITS.recordings + 1);
  });

  it('ends with its hit limit', () => {
    const followed = follow('function f(n) {\n return n;\n} f', { limits: { hits: 2 } });
    for (let call = 0; call < 5; call++) followed.run(call);
    followed.probes.settle();
    expect(followed.captures).toHaveLength(2);
    expect(followed.account()).toMatchObject({ state: 'disarmed', cause: 'hitLimit' });
  });

  it('ends in the middle of a call in which the probe is removed', async () => {
    const followed = follow(`async function f(wait) {
      await wait;
      return 1;
    } f`);
    const call = followed.run(Promise.resolve());
    followed.want();
    expect(await call).toBe(1);
    expect(followed.captures).toEqual([]);
  });

  it('is of calls that begin while it is armed', async () => {
    const armed = armScript(`async function f(wait) {
      await wait;
      return 1;
    } f`);
    const run = armed.value as (wait: unknown) => Promise<number>;
    const before = run(Promise.resolve());
    armed.want((woven) => pathOf(woven, 'f'));
    await before;
    expect(armed.captures).toEqual([]);
    await run(null);
    expect(armed.captures).toHaveLength(1);
  });

  it('is shown as far as it came when the process exits', () => {
    const followed = follow(`async function f(wait) {
      await wait;
      return 1;
    } f`);
    void followed.run(new Promise(() => {}));
    followed.probes.flush();
    expect(linesOf(only(followed))).toEqual(['2 wait=promise', 'ended']);
  });
});
