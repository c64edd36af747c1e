import type { Capture, CapturedValue, ProbeCommand } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { commandOn, stepsFor } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';
import type { WovenPoints } from './support/woven.ts';

type Call = (...values: unknown[]) => unknown;

const endOf =
  (name: string, on: 'throw' | 'end' = 'throw') =>
  (woven: WovenPoints): ProbeCommand => ({ ...commandOn(on, woven, name), lines: stepsFor(woven, name) });

/** A captured line's variables as plain values. */
function lastLineOf(capture: Capture | undefined): object | undefined {
  const last = capture?.lastLine;
  if (last === undefined) return undefined;
  const plain = (value: CapturedValue): unknown => ('value' in value ? value.value : value.type);
  const variables = [...last.locals, ...(last.outers ?? [])];
  return { line: last.line, ...Object.fromEntries(variables.map(({ key, value }) => [key, plain(value)])) };
}

describe('a snapshot on throw', () => {
  it.each([
    ['a function with two bodies', 'function'],
    ['an async function', 'async function'],
  ])('shows the variables of the last line that ran, of %s', async (_form, kind) => {
    const { captures, value } = armScript(
      `(${kind} settle(order) {
        let total = 0;
        for (const item of order.items) {
          const price = item.price * 2;
          if (price > 5) throw new RangeError('too dear');
          total += price;
        }
        return total;
      })`,
      endOf('settle'),
    );
    const thrown = await new Promise((resolve) => {
      try {
        Promise.resolve((value as Call)({ items: [{ price: 1 }, { price: 3 }, { price: 9 }] })).catch(
          resolve,
        );
      } catch (error) {
        resolve(error);
      }
    });
    expect(thrown).toBeInstanceOf(RangeError);
    expect(captures).toHaveLength(1);
    expect(captures[0]?.threw).toMatchObject({ class: 'RangeError', message: 'too dear' });
    expect(lastLineOf(captures[0])).toEqual({
      line: 5,
      order: 'reference',
      total: 2,
      item: 'object',
      price: 6,
    });
  });

  it('shows where a callee threw through it, and what it reads of outer variables', () => {
    const { captures, value } = armScript(
      `(() => {
        const limit = 10;
        function check(n) { return n.missing.deep; }
        function assess(n) {
          const doubled = n * 2;
          const checked = check(doubled);
          return checked < limit;
        }
        return assess;
      })()`,
      endOf('assess'),
    );
    expect(() => (value as Call)(4)).toThrow(TypeError);
    expect(lastLineOf(captures[0])).toEqual({ line: 6, n: 4, doubled: 8, limit: 10 });
  });

  it('is of its own call in recursion', () => {
    const { captures, value } = armScript(
      `(function descend(n) {
        const here = n * 10;
        if (n === 0) throw new Error('bottom');
        return descend(n - 1) + here;
      })`,
      endOf('descend'),
    );
    expect(() => (value as Call)(2)).toThrow('bottom');
    expect(captures.map(lastLineOf)).toEqual([
      { line: 3, n: 0, here: 0 },
      { line: 4, n: 1, here: 10 },
      { line: 4, n: 2, here: 20 },
    ]);
  });

  it('is of its own call where calls overlap, and after a rejected await', async () => {
    const { captures, value } = armScript(
      `(async function pay(id, gate) {
        const started = id + '!';
        await gate;
        const after = started + id;
        return after;
      })`,
      endOf('pay'),
    );
    const pay = value as (id: string, gate: Promise<unknown>) => Promise<unknown>;
    let fail: (error: Error) => void = () => {};
    const first = pay('a', new Promise((_resolve, reject) => (fail = reject)));
    await pay('b', Promise.resolve());
    fail(new Error('declined'));
    await expect(first).rejects.toThrow('declined');
    expect(captures.map(lastLineOf)).toEqual([{ line: 3, id: 'a', gate: 'promise', started: 'a!' }]);
  });

  it('shows no line of a call that reached none', () => {
    const { captures, value } = armScript(
      `(function first({ id }) {
        return id;
      })`,
      endOf('first'),
    );
    expect(() => (value as Call)(undefined)).toThrow(TypeError);
    for (const capture of captures) expect(capture).not.toHaveProperty('lastLine');
  });
});

describe('a snapshot on end', () => {
  it('shows the last line of calls that return too', () => {
    const { captures, value } = armScript(
      `(function add(a, b) {
        const sum = a + b;
        return sum;
      })`,
      endOf('add', 'end'),
    );
    expect((value as Call)(1, 2)).toBe(3);
    expect(captures[0]?.returned).toEqual({ type: 'number', value: 3 });
    expect(lastLineOf(captures[0])).toEqual({ line: 3, a: 1, b: 2, sum: 3 });
  });
});

it('the last line is kept without running anything that the program may have replaced', () => {
  const { captures, value } = armScript(
    `(function fails(password) {
      const part = password + '!';
      throw part;
    })`,
    endOf('fails'),
  );
  const call = (): void => {
    try {
      (value as Call)('hunter2');
    } catch {
      // It is to throw.
    }
  };
  call();
  expect(callsOfPatched(call)).toEqual([]);
  expect(captures[1]?.lastLine?.locals[0]?.value.type).toBe('redacted');
});
