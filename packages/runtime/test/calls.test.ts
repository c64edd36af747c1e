import v8 from 'node:v8';
import vm from 'node:vm';
import { CONTRACT_VERSION, SWITCH_PREFIX, type FunctionAddress, type StackFrame } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import type { CallHook } from '../src/switchboard/call-hooks.ts';
import { readStacks, takeStack } from '../src/stack/stack.ts';
import { createSwitchboard, type Switchboard } from '../src/switchboard/switchboard.ts';
import { runWoven, type WovenScript } from './support/woven.ts';

function switchboardWith(woven: WovenScript): Switchboard {
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  return board;
}

function functionNamed(woven: WovenScript, name: string): FunctionAddress {
  const found = woven.file.functions.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return { file: woven.file.id, functionIndex: found.index };
}

interface Calls {
  readonly hook: CallHook;
  /** `1 begins 5`, `1 returns 6`, `2 throws no`, `3 ends`: each call under a number of its own. */
  readonly told: string[];
}

function recordCalls(): Calls {
  const told: string[] = [];
  let calls = 0;
  return {
    told,
    hook: {
      entered([, ...values]) {
        const call = ++calls;
        told.push(`${call} begins ${values.join(' ')}`.trimEnd());
        return call;
      },
      returned: (call, value) => void told.push(`${String(call)} returns ${String(value)}`),
      threw: (call, error) => void told.push(`${String(call)} throws ${String(error)}`),
      ended: (call) => void told.push(`${String(call)} ends`),
    },
  };
}

/** Runs a script that has a function `f`, whose calls are told of. */
function follow(
  source: string,
): Calls & { board: Switchboard; f: FunctionAddress; run: (...a: never[]) => unknown } {
  const woven = runWoven(`${source}\nf`);
  const board = switchboardWith(woven);
  const f = functionNamed(woven, 'f');
  const calls = recordCalls();
  expect(board.plugCalls(f, calls.hook)).toBe('plugged');
  return { ...calls, board, f, run: woven.value as () => unknown };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a call hook', () => {
  it('is told of each call of a function with two bodies, and how it ends', () => {
    const { run, told } = follow(`function f(a, b) { if (a < 0) throw 'no'; return a + b }`);
    const add = run as (a: number, b: number) => number;
    expect(add(1, 2)).toBe(3);
    expect(add(3, 4)).toBe(7);
    expect(() => add(-1, 0)).toThrow('no');
    expect(told).toEqual([
      '1 begins 1 2',
      '1 returns 3',
      '2 begins 3 4',
      '2 returns 7',
      '3 begins -1 0',
      '3 throws no',
    ]);
  });

  it('gets this', () => {
    const woven = runWoven('(class { m() { return 1 } async n() { return 2 } })');
    const board = switchboardWith(woven);
    const selves: unknown[] = [];
    const hook: CallHook = { entered: ([self]) => selves.push(self) };
    for (const { index } of woven.file.functions.filter(({ kind }) => kind === 'method')) {
      board.plugCalls({ file: woven.file.id, functionIndex: index }, hook);
    }
    const object = new (woven.value as new () => { m(): number; n(): Promise<number> })();
    object.m();
    object.m();
    void object.n();
    expect(selves).toEqual([object, object, object]);
  });

  it('pairs the calls of a function that calls itself', () => {
    const { run, told } = follow('function f(n) { return n === 0 ? 0 : n + f(n - 1) }');
    expect((run as (n: number) => number)(2)).toBe(3);
    expect(told).toEqual([
      '1 begins 2',
      '2 begins 1',
      '3 begins 0',
      '3 returns 0',
      '2 returns 1',
      '1 returns 3',
    ]);
  });

  it('pairs async calls that overlap', async () => {
    const { run, told } = follow(
      'async function f(name, wait) { await wait; if (name === "b") throw "no"; return name }',
    );
    const call = run as (name: string, wait: Promise<void>) => Promise<string>;
    let finishFirst = (): void => {};
    const first = call('a', new Promise((resolve) => (finishFirst = resolve)));
    await expect(call('b', Promise.resolve())).rejects.toBe('no');
    finishFirst();
    expect(await first).toBe('a');
    expect(told).toEqual([
      '1 begins a [object Promise]',
      '2 begins b [object Promise]',
      '2 throws no',
      '1 returns a',
    ]);
  });

  it('is told nothing of the end of a generator that nobody runs to its end', () => {
    const { run, told } = follow('function* f(a) { yield a; return 5 }');
    const generator = run as (a: number) => Generator<number, number>;
    generator(1).next();
    const second = generator(2);
    expect([second.next().value, second.next().value]).toEqual([2, 5]);
    expect(told).toEqual(['1 begins 1', '2 begins 2', '2 returns 5']);
  });

  it('is told that a generator was closed, or that something threw through it, but not which', () => {
    const { run, told } = follow(`function* f(g) { yield g?.(); throw 'own' }`);
    const generator = run as (g?: () => never) => Generator<unknown, void>;
    const closed = generator();
    closed.next();
    closed.return();
    expect(() => generator(() => JSON.parse('{') as never).next()).toThrow(SyntaxError);
    const own = generator();
    own.next();
    expect(() => own.next()).toThrow('own');
    expect(told.filter((line) => !line.includes('begins'))).toEqual(['1 ends', '2 ends', '3 throws own']);
  });

  it('is told of the end of an async generator', async () => {
    const { run, told } = follow(
      `async function* f(n) { yield 1; if (n > 1) await Promise.reject('no'); return n }`,
    );
    const generator = run as (n: number) => AsyncGenerator<number, number>;
    for await (const _ of generator(1));
    const second = generator(2);
    await second.next();
    await expect(second.next()).rejects.toBe('no');
    const third = generator(3);
    await third.next();
    await third.return(0);
    expect(told).toEqual(['1 begins 1', '1 returns 1', '2 begins 2', '2 throws no', '3 begins 3', '3 ends']);
  });

  it('plugged in while a call runs hears of the next one only', async () => {
    const woven = runWoven('async function f(wait) { await wait; return 1 }\nf');
    const board = switchboardWith(woven);
    const calls = recordCalls();
    const run = woven.value as (wait: Promise<void>) => Promise<number>;
    let finish = (): void => {};
    const first = run(new Promise((resolve) => (finish = resolve)));
    board.plugCalls(functionNamed(woven, 'f'), calls.hook);
    finish();
    await first;
    expect(calls.told).toEqual([]);
    await run(Promise.resolve());
    expect(calls.told.at(-1)).toBe('1 returns 1');
  });

  it('pulled out while a call runs hears of no end', async () => {
    const { run, told, board, f, hook } = follow('async function f(wait) { await wait; return 1 }');
    let finish = (): void => {};
    const call = (run as (wait: Promise<void>) => Promise<number>)(
      new Promise((resolve) => (finish = resolve)),
    );
    board.unplugCalls(f, hook);
    finish();
    await call;
    await tick();
    expect(told).toEqual(['1 begins [object Promise]']);
  });

  it('pulled out lets go of what a call has given it, once the call waits again', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const woven = runWoven('(async function f(value, turn) { value = 0; for (;;) await turn() })');
    const board = switchboardWith(woven);
    const f = functionNamed(woven, 'f');
    const hook: CallHook = { entered: ([, value]) => ({ value }), ended() {} };
    board.plugCalls(f, hook);
    let next = (): void => {};
    const turn = (): Promise<void> => new Promise((resolve) => (next = resolve));
    const begin = (): WeakRef<object> => {
      const value = {};
      void (woven.value as (...values: unknown[]) => Promise<void>)(value, turn);
      return new WeakRef(value);
    };
    const value = begin();
    await tick();
    collect();
    expect(value.deref()).toBeDefined();
    board.unplugCalls(f, hook);
    next();
    await tick();
    collect();
    expect(value.deref()).toBeUndefined();
  });

  it('shares a function with others and with line hooks', () => {
    const { run, told, board, f, hook } = follow('function f(a) { return a }');
    const second = recordCalls();
    const lines: unknown[] = [];
    board.plugCalls(f, second.hook);
    board.plug({ ...f, pointIndex: 0 }, (_self, a) => void lines.push(a));
    const call = run as (a: number) => number;
    call(1);
    board.unplugCalls(f, hook);
    call(2);
    board.unplugCalls(f, second.hook);
    call(3);
    expect(told).toEqual(['1 begins 1', '1 returns 1']);
    expect(second.told).toEqual(['1 begins 1', '1 returns 1', '2 begins 2', '2 returns 2']);
    expect(lines).toEqual([1, 2, 3]);
  });

  it.each([
    ['with two bodies', 'function f(step) { return step() }'],
    ['with one body', 'function f(step) { const deep = () => () => step(); return deep()() }'],
  ])('sees the stack of a function %s without what is ours', (_what, source) => {
    const woven = runWoven(`${source}\n(function caller(step) { return f(step) })`);
    const board = switchboardWith(woven);
    const stacks: (readonly StackFrame[])[] = [];
    const take = (hook: (...args: never[]) => unknown): void => {
      stacks.push(takeStack(3, hook));
    };
    const hook: CallHook = {
      entered: function entered() {
        take(entered);
        return 'followed';
      },
      returned: function returned() {
        take(returned);
      },
    };
    board.plugCalls(functionNamed(woven, 'f'), hook);
    const call = woven.value as (step: () => number) => number;
    for (let round = 0; round < 2; round++) expect(call(() => 1)).toBe(1);
    readStacks();
    expect(stacks.map((stack) => stack.slice(0, 2).map((frame) => frame.function))).toEqual(
      Array(4).fill(['f', 'caller']),
    );
  });

  it('leaves the switch as it was', () => {
    const { run, board, f, hook } = follow('function f(a) { return a }');
    const switches = (): Record<string, unknown> | undefined =>
      (globalThis as unknown as Record<string, Record<string, unknown>>)[SWITCH_PREFIX + f.file];
    const armed = switches();
    expect(typeof armed?.[`f${f.functionIndex}`]).toBe('function');
    (run as (a: number) => number)(1);
    board.unplugCalls(f, hook);
    expect(switches()).not.toBe(armed);
    expect(switches()?.[`f${f.functionIndex}`]).toBeUndefined();
  });
});
