import v8 from 'node:v8';
import vm from 'node:vm';
import {
  CONTRACT_VERSION,
  SWITCH_PREFIX,
  WOVEN_REGISTRY,
  type LineHook,
  type WovenFile,
  type PointAddress,
} from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { takeRegistry } from '../src/switchboard/registry.ts';
import { createSwitchboard, type Switchboard } from '../src/switchboard/switchboard.ts';
import { callsOfPatched } from './support/patched.ts';
import { runWoven, type WovenScript } from './support/woven.ts';

const registry = (): WovenFile[] =>
  (globalThis as unknown as Record<symbol, WovenFile[]>)[Symbol.for(WOVEN_REGISTRY)] as WovenFile[];

const switchOf = (woven: WovenScript): Record<string, unknown> =>
  (globalThis as unknown as Record<string, Record<string, unknown>>)[SWITCH_PREFIX + woven.file.id] as Record<
    string,
    unknown
  >;

function switchboardWith(woven: WovenScript): Switchboard {
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  return board;
}

function at(woven: WovenScript, line: number): PointAddress {
  const { owner, point } = woven.point(line);
  return { file: woven.file.id, functionIndex: owner.index, pointIndex: point.index };
}

/** Plugs a hook that records what it is given. */
function record(board: Switchboard, address: PointAddress): { hits: unknown[][]; hook: LineHook } {
  const hits: unknown[][] = [];
  const hook: LineHook = (...values) => {
    hits.push(values);
  };
  expect(board.plug(address, hook)).toBe('plugged');
  return { hits, hook };
}

describe('a plugged hook', () => {
  it('is called with this and the locals, in a twin and inline', () => {
    const woven = runWoven(`
      function twin(a) {
        const b = a + 1;
        return b;
      }
      async function inline(a) {
        const b = a + 1;
        return b;
      }
      ({ twin, inline })`);
    const { twin, inline } = woven.value as Record<string, (a: number) => unknown>;
    const board = switchboardWith(woven);
    const twinHits = record(board, at(woven, 4));
    const inlineHits = record(board, at(woven, 8));
    const self = { name: 'self' };
    expect(twin?.call(self, 1)).toBe(2);
    void inline?.call(self, 5);
    expect(twinHits.hits).toEqual([[self, 1, 2]]);
    const notSeenToBegin = undefined;
    expect(inlineHits.hits).toEqual([[self, 5, 6, notSeenToBegin]]);
  });

  it('gets a thunk for outer variables', () => {
    const woven = runWoven(`
      const LIMIT = 10;
      function over(a) {
        return a > LIMIT;
      }
      over`);
    const { hits } = record(switchboardWith(woven), at(woven, 4));
    (woven.value as (a: number) => boolean)(3);
    expect(hits[0]?.slice(1, 2)).toEqual([3]);
    const outers = hits[0]?.[2] as () => unknown[];
    expect(outers()).toEqual([10]);
  });

  it('is called for each of several at one point, in their order, and none sees what another did to its values', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    const order: string[] = [];
    const spoil: LineHook = (...values) => {
      order.push(`first ${String(values[1])}`);
      values[1] = 'spoilt';
    };
    board.plug(at(woven, 2), spoil);
    board.plug(at(woven, 2), (_self, a) => void order.push(`second ${String(a)}`));
    expect((woven.value as (a: number) => number)(7)).toBe(7);
    expect(order).toEqual(['first 7', 'second 7']);
    board.unplug(at(woven, 2), spoil);
    (woven.value as (a: number) => number)(8);
    expect(order).toEqual(['first 7', 'second 7', 'second 8']);
  });

  it('that is pulled out is not called again, even by a call in flight', () => {
    const woven = runWoven(`(function (step) {
      step(1);
      step(2);
      step(3);
    })`);
    const board = switchboardWith(woven);
    const { hits, hook } = record(board, at(woven, 4));
    (woven.value as (step: (n: number) => void) => void)((n) => {
      if (n === 2) board.unplug(at(woven, 4), hook);
    });
    expect(hits).toEqual([]);
  });

  it('that is added while a call is in flight shows in it', () => {
    const woven = runWoven(`(function (step) {
      step(1);
      step(2);
    })`);
    const board = switchboardWith(woven);
    record(board, at(woven, 2));
    let late: unknown[][] = [];
    (woven.value as (step: (n: number) => void) => void)((n) => {
      if (n === 1) late = record(board, at(woven, 3)).hits;
    });
    expect(late).toHaveLength(1);
  });
});

describe('an armed function', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 12])('gets its own %i parameters, this and result', (count) => {
    const names = Array.from({ length: count }, (_, index) => `p${index}`).join(', ');
    const woven = runWoven(`(function (${names}) {
      return { self: this, values: [${names}] };
    })`);
    const call = woven.value as (...values: unknown[]) => { self: unknown; values: unknown[] };
    const { hits } = record(switchboardWith(woven), at(woven, 2));
    const values = Array.from({ length: count }, (_, index) => index * 10);
    for (let round = 1; round <= 3; round++) {
      const self = { round };
      expect(call.call(self, ...values)).toEqual({ self, values });
      expect(hits).toHaveLength(round);
    }
  });

  it('throws exactly what its body throws', () => {
    const woven = runWoven('(function (error) {\n  throw error;\n})');
    const { hits } = record(switchboardWith(woven), at(woven, 2));
    const error = { not: 'an Error' };
    for (let round = 0; round < 2; round++) {
      expect(() => (woven.value as (error: unknown) => void)(error)).toThrow(
        expect.toSatisfy((x) => x === error),
      );
    }
    expect(hits).toHaveLength(2);
  });

  it.each(['(function (a, b) {\n  return a + b;\n})', '((a, b) =>\n  a + b)'])(
    'runs nothing that a program has put in the place of built-ins: %s',
    (source) => {
      const woven = runWoven(source);
      const board = switchboardWith(woven);
      const address = at(woven, 2);
      const told: Record<string, number> = { lines: 0, begins: 0, ends: 0, begins2: 0, ends2: 0, lines2: 0 };
      const count = (what: string) => (): number => ++told[what]!;
      board.plug(address, count('lines'));
      board.plugCalls(address, { entered: count('begins'), returned: count('ends') });
      board.plugCalls(address, {
        entered: count('begins2'),
        returned: count('ends2'),
        lines: { points: [{ index: address.pointIndex, passes: 3 }], reached: count('lines2') },
      });
      const add = woven.value as (a: number, b: number) => number;
      let sum = 0;
      const called = callsOfPatched(() => {
        sum += add(1, 2);
        sum += add(3, 4);
      });
      expect(sum).toBe(10);
      expect(called).toEqual([]);
      expect(told).toEqual({ lines: 2, begins: 2, ends: 2, begins2: 2, ends2: 2, lines2: 2 });
    },
  );

  it('runs no setter that a program has given to all arrays', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    const address = at(woven, 2);
    let calls = 0;
    board.plug(address, () => {});
    board.plugCalls(address, { entered: () => ++calls });
    const written: number[] = [];
    try {
      for (const index of [0, 1]) {
        const set = (): void => void written.push(index);
        Object.defineProperty(Array.prototype, index, { set, configurable: true });
      }
      (woven.value as (a: number) => number)(1);
      (woven.value as (a: number) => number)(2);
    } finally {
      for (const index of [0, 1]) Reflect.deleteProperty(Array.prototype, index);
    }
    expect(calls).toBe(2);
    expect(written).toEqual([]);
  });
});

describe('the hidden class of switch objects', () => {
  const sharesMap = (() => {
    v8.setFlagsFromString('--allow-natives-syntax');
    const check = vm.runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean;
    check({}, {}); // compiled while the syntax is allowed
    v8.setFlagsFromString('--no-allow-natives-syntax');
    return check;
  })();

  it('is that of all files with as many functions, until one of theirs is armed', () => {
    const files = ['one', 'two', 'three'].map((name) =>
      runWoven(`function ${name}() {\n  return 1;\n}\n${name}`),
    );
    const other = runWoven('function f() {\n  return 1;\n}\nfunction g() {\n  return 2;\n}\nf');
    const [one, two, three] = files as [WovenScript, WovenScript, WovenScript];
    expect(sharesMap(switchOf(one), switchOf(two))).toBe(true);
    expect(sharesMap(switchOf(one), switchOf(other))).toBe(false);

    const board = switchboardWith(one);
    const { hits, hook } = record(board, at(one, 2));
    expect(sharesMap(switchOf(one), switchOf(two))).toBe(false);
    expect(sharesMap(switchOf(two), switchOf(three))).toBe(true);
    (one.value as () => number)();
    expect(hits).toHaveLength(1);
    board.unplug(at(one, 2), hook);
    expect(sharesMap(switchOf(one), switchOf(two))).toBe(false);
  });
});

describe('disarming', () => {
  it('leaves a fresh switch object with the same fields and attributes', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const before = switchOf(woven);
    const name = SWITCH_PREFIX + woven.file.id;
    const attributes = Object.getOwnPropertyDescriptor(globalThis, name);
    const board = switchboardWith(woven);
    const { hook } = record(board, at(woven, 2));
    board.unplug(at(woven, 2), hook);
    const after = switchOf(woven);
    expect(after).not.toBe(before);
    expect(Object.entries(after)).toEqual(Object.entries(before));
    expect(Object.values(after)).toEqual([
      1,
      expect.any(Function),
      ...woven.file.functions.map(() => undefined),
    ]);
    expect(Object.getOwnPropertyDescriptor(globalThis, name)).toEqual({ ...attributes, value: after });
    expect((woven.value as (a: number) => number)(5)).toBe(5);
  });

  it('keeps the object while another function of it is armed', () => {
    const woven = runWoven('function f() {\n  return 1;\n}\nfunction g() {\n  return 2;\n}\n({ f, g })');
    const board = switchboardWith(woven);
    const f = record(board, at(woven, 2));
    const g = record(board, at(woven, 5));
    const before = switchOf(woven);
    board.unplug(at(woven, 2), f.hook);
    expect(switchOf(woven)).toBe(before);
    board.unplug(at(woven, 5), g.hook);
    expect(switchOf(woven)).not.toBe(before);
  });

  it('leaves nothing behind, however often it is done', { timeout: 60_000 }, () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    const cycle = (): void => {
      const hook: LineHook = () => {};
      board.plug(at(woven, 2), hook);
      (woven.value as (a: number) => number)(1);
      board.unplug(at(woven, 2), hook);
    };
    v8.setFlagsFromString('--expose-gc');
    const collectGarbage = vm.runInNewContext('gc') as () => void;
    const heapAfter = (cycles: number): number => {
      for (let count = 0; count < cycles; count++) cycle();
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const cycles = Number(process.env['DORMOUSE_CASES'] ?? 5_000);
    const before = heapAfter(cycles);
    // The smallest object that could leak takes sixteen bytes; half of that is noise.
    expect(heapAfter(10 * cycles) - before).toBeLessThan(10 * cycles * 8);
  });

  it('arms again as often as wanted', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    for (let round = 0; round < 3; round++) {
      const { hits, hook } = record(board, at(woven, 2));
      (woven.value as (a: number) => number)(round);
      board.unplug(at(woven, 2), hook);
      (woven.value as (a: number) => number)(round);
      expect(hits).toHaveLength(1);
    }
  });

  it('reaches the second switch object of a file with more than 64 functions', () => {
    const source = Array.from({ length: 70 }, (_, index) => `function f${index}() { return ${index}; }`).join(
      '\n',
    );
    const woven = runWoven(`${source}\nf69`);
    const board = switchboardWith(woven);
    const { hits, hook } = record(board, at(woven, 70));
    expect((woven.value as () => number)()).toBe(69);
    expect(hits).toHaveLength(1);
    board.unplug(at(woven, 70), hook);
    expect((woven.value as () => number)()).toBe(69);
    expect(hits).toHaveLength(1);
  });
});

describe('a file that cannot be armed', () => {
  const address: PointAddress = { file: 'ffffffffffff', functionIndex: 0, pointIndex: 0 };

  it('is not loaded', () => {
    expect(createSwitchboard().plug(address, () => {})).toBe('notLoaded');
  });

  it.each([1, CONTRACT_VERSION + 1, 99])('was woven for another contract: %i', (contract) => {
    const board = createSwitchboard();
    board.add({ contract, file: address.file, functions: 1 });
    expect(board.plug(address, () => {})).toBe('contractMismatch');
    expect(board.plugCalls(address, { entered: () => {} })).toBe('contractMismatch');
  });

  it('has lost its switch object', () => {
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: address.file, functions: 1 });
    expect(board.plug(address, () => {})).toBe('noSwitch');
  });

  it('has no function of that number', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    expect(board.plug({ ...at(woven, 2), functionIndex: 50 }, () => {})).toBe('noSwitch');
  });

  it('loses its switch object while it is armed: nothing throws', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = switchboardWith(woven);
    const { hook } = record(board, at(woven, 2));
    delete (globalThis as Record<string, unknown>)[SWITCH_PREFIX + woven.file.id];
    expect(() => board.unplug(at(woven, 2), hook)).not.toThrow();
  });
});

describe('the registry', () => {
  let giveBack: (() => void) | undefined;
  afterEach(() => giveBack?.());

  it('tells of files woven before and after, and keeps them in the array', () => {
    const before = runWoven('(function () {\n  return 1;\n})');
    const seen: string[] = [];
    giveBack = takeRegistry((file) => seen.push(file.file));
    const after = runWoven('(function () {\n  return 2;\n})');
    expect(seen).toContain(before.file.id);
    expect(seen.at(-1)).toBe(after.file.id);
    expect(registry().map((file) => file.file)).toEqual(seen);
  });

  it('ignores what is no registration, and an ordinary array is left behind', () => {
    const seen: WovenFile[] = [];
    giveBack = takeRegistry((file) => seen.push(file));
    const known = seen.length;
    registry().push(null as never, 5 as never, { file: 1 } as never);
    expect(seen).toHaveLength(known);
    giveBack();
    giveBack = undefined;
    expect(Object.hasOwn(registry(), 'push')).toBe(false);
    registry().length -= 3;
  });
});
