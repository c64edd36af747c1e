import { execFileSync } from 'node:child_process';
import { CONTRACT_VERSION, type FunctionAddress, type ManifestFunction } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import type { CallHook, CallPoint } from '../src/switchboard/call-hooks.ts';
import { createSwitchboard, type Switchboard } from '../src/switchboard/switchboard.ts';
import { runWoven, type WovenScript } from './support/woven.ts';

interface Followed {
  readonly board: Switchboard;
  readonly woven: WovenScript;
  readonly f: FunctionAddress;
  /** `1 begins 5`, `1 line 2: 5`, `1 waits`, `1 goes on`, `1 returns 6`: each call under a number of its own. */
  readonly told: string[];
  readonly hook: CallHook;
  // oxlint-disable-next-line typescript/no-explicit-any -- the script's last value, of whatever kind
  readonly run: any;
}

/** A hook that writes down what it hears of the calls of a function. @param isFollowed by its parameters' values */
function recorder(
  fn: ManifestFunction,
  told: string[],
  isFollowed: (values: readonly unknown[]) => boolean = () => true,
): CallHook {
  let calls = 0;
  const points = fn.points.map(({ index, locals, outers }): CallPoint => ({
    index,
    passes: 1 + locals.length + (outers === undefined ? 0 : 1),
  }));
  return {
    entered([, ...values]) {
      const parameters = values.slice(0, fn.parameters.length);
      if (!isFollowed(parameters)) return undefined;
      told.push(`${++calls} begins ${parameters.map(String).join(' ')}`.trimEnd());
      return calls;
    },
    lines: {
      points,
      reached(call, index, values) {
        const point = fn.points[index];
        const locals = values.slice(1, 1 + (point?.locals.length ?? 0)).map(String);
        told.push(`${String(call)} line ${point?.line}: ${locals.join(' ')}`.trimEnd());
      },
    },
    suspended: (call) => void told.push(`${String(call)} waits`),
    resumed: (call) => void told.push(`${String(call)} goes on`),
    returned: (call, value) => void told.push(`${String(call)} returns ${String(value)}`),
    threw: (call, error) => void told.push(`${String(call)} throws ${String(error)}`),
    ended: (call) => void told.push(`${String(call)} ends`),
  };
}

function functionNamed(woven: WovenScript, name: string): ManifestFunction {
  const found = woven.file.functions.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

/** Runs a script that has a function `f`, and follows its calls line by line. */
function follow(source: string, isFollowed?: (values: readonly unknown[]) => boolean, name = 'f'): Followed {
  const woven = runWoven(source);
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
  const fn = functionNamed(woven, name);
  const told: string[] = [];
  const hook = recorder(fn, told, isFollowed);
  const f = { file: woven.file.id, functionIndex: fn.index };
  expect(board.plugCalls(f, hook)).toBe('plugged');
  return { board, woven, f, told, hook, run: woven.value };
}

/** What was told of one call, without its number. */
const ofCall = (told: readonly string[], call: number): string[] =>
  told.filter((line) => line.startsWith(`${call} `)).map((line) => line.slice(2));

describe('the lines of a call', () => {
  it('are told between its begin and its end', () => {
    const { run, told } = follow(`function f(n) {
      let total = 0;
      for (let i = 0; i < n; i++) {
        total += i;
      }
      return total;
    } f`);
    expect(run(2)).toBe(1);
    expect(told).toEqual([
      '1 begins 2',
      '1 line 2: 2',
      '1 line 3: 2 0',
      '1 line 4: 2 0 0',
      '1 line 4: 2 0 1',
      '1 line 6: 2 1',
      '1 returns 1',
    ]);
  });

  it.each([
    ['with two bodies', ''],
    ['with one body', '(() => () => () => 1)()()();'],
  ])('are those of the innermost call, in a function %s that calls itself', (_what, text) => {
    const { run, told } = follow(`function f(n) {${text}
      if (n > 0) {
        f(n - 1);
        n += 10;
      }
      return n;
    } f`);
    run(2);
    const heard = told.filter((line) => !line.includes('line 1'));
    const call = (number: number, n: number): string[] => [
      `${number} begins ${n}`,
      `${number} line 2: ${n}`,
      ...(n > 0
        ? [
            `${number} line 3: ${n}`,
            ...call(number + 1, n - 1),
            `${number} line 4: ${n}`,
            `${number} line 6: ${n + 10}`,
            `${number} returns ${n + 10}`,
          ]
        : [`${number} line 6: 0`, `${number} returns 0`]),
    ];
    expect(heard).toEqual(call(1, 2));
  });

  it('stay with their calls where one throws through the others', () => {
    const { run, told } = follow(`function f(n) {
      if (n === 0) throw 'no';
      try {
        f(n - 1);
      } catch (error) {
        if (n === 1) throw error;
      }
      return n;
    } f`);
    expect(run(2)).toBe(2);
    expect(ofCall(told, 1)).toEqual([
      'begins 2',
      'line 2: 2',
      'line 3: 2',
      'line 4: 2',
      'line 6: 2 no',
      'line 8: 2',
      'returns 2',
    ]);
    expect(ofCall(told, 2).slice(-2)).toEqual(['line 6: 1 no', 'throws no']);
    expect(ofCall(told, 3)).toEqual(['begins 0', 'line 2: 0', 'line 2: 0', 'throws no']);
  });

  it('stay with their calls where callees call the function again', () => {
    const { run, told } = follow(`function g(n) { return f(n - 1) }
    function f(n) {
      const below = n > 0 ? g(n) : 0;
      return below;
    } f`);
    run(1);
    expect(told).toEqual([
      '1 begins 1',
      '1 line 3: 1',
      '2 begins 0',
      '2 line 3: 0',
      '2 line 4: 0 0',
      '2 returns 0',
      '1 line 4: 1 0',
      '1 returns 0',
    ]);
  });

  it('of a call that is not followed are not taken for those of a followed one around it', () => {
    const { run, told } = follow(
      `function f(n) {
      if (n > 0) f(n - 1);
      return n;
    } f`,
      ([n]) => n === 1,
    );
    run(2);
    expect(told).toEqual(['1 begins 1', '1 line 2: 1', '1 line 2: 1', '1 line 3: 1', '1 returns 1']);
  });

  it('of async calls that overlap do not mix', async () => {
    const { run, told } = follow(`async function f(name, wait) {
      let got = await wait;
      got += name;
      return got;
    } f`);
    let finishFirst: ((value: string) => void) | undefined;
    const first = run('a', new Promise((resolve) => (finishFirst = resolve)));
    await run('b', 'x');
    finishFirst?.('y');
    await first;
    expect(ofCall(told, 1)).toEqual([
      'begins a [object Promise]',
      'line 2: a [object Promise]',
      'waits',
      'goes on',
      'line 3: a [object Promise] y',
      'line 4: a [object Promise] ya',
      'returns ya',
    ]);
    expect(ofCall(told, 2).map((line) => line.split(' ')[0])).toEqual([
      'begins',
      'line',
      'waits',
      'goes',
      'line',
      'line',
      'returns',
    ]);
  });

  it('are told with where an async call waits', async () => {
    const { run, told } = follow(`async function f(wait) {
      const got = await wait;
      return got;
    } f`);
    await run('x');
    expect(told.map((line) => line.slice(2))).toEqual([
      'begins x',
      'line 2: x',
      'waits',
      'goes on',
      'line 3: x x',
      'returns x',
    ]);
  });

  it('of generators that are run in turn do not mix', () => {
    const { run, told } = follow(`function* f(n) {
      yield n;
      n++;
      return n;
    } f`);
    const one = run(1);
    const two = run(2);
    one.next();
    two.next();
    two.next();
    one.next();
    expect(ofCall(told, 1)).toEqual(['begins 1', 'line 2: 1', 'line 3: 1', 'line 4: 2', 'returns 2']);
    expect(ofCall(told, 2)).toEqual(['begins 2', 'line 2: 2', 'line 3: 2', 'line 4: 3', 'returns 3']);
  });

  it('of copies in a second body are those of the copy', () => {
    const { run, told, board, woven } = follow(
      `function outer(n) {
      const g = function g(m) {
        if (m > 0) g(m - 1);
        return m;
      };
      return g(n);
    } outer`,
      undefined,
      'g',
    );
    run(1);
    const asTwin = [...told];
    told.length = 0;
    const outer = { file: woven.file.id, functionIndex: functionNamed(woven, 'outer').index };
    board.plugCalls(outer, { entered: () => undefined });
    run(1);
    const renumbered = told.map((line) => line.replace(/^\d+/, (number) => String(Number(number) - 2)));
    expect(renumbered).toEqual(asTwin);
    expect(asTwin.slice(0, 5)).toEqual([
      '1 begins 1',
      '1 line 3: 1',
      '1 line 3: 1',
      '2 begins 0',
      '2 line 3: 0',
    ]);
  });

  it.each([
    ['with two bodies', 'function', (run: (act: () => void) => unknown, act: () => void) => run(act)],
    ['that is async', 'async function', (run: (act: () => void) => unknown, act: () => void) => run(act)],
  ])('of a call of a function %s that began before are not told', async (_what, text, call) => {
    const { run, told, board, f, hook } = follow(`${text} f(act) {
      act();
      return 1;
    } f`);
    board.unplugCalls(f, hook);
    await call(run, () => void board.plugCalls(f, hook));
    expect(told).toEqual([]);
    await call(run, () => {});
    expect(told.map((line) => line.split(' ')[1])).toEqual(['begins', 'line', 'line', 'returns']);
  });

  it('end when the hook is pulled out in the middle of the call, and do not begin again in it', () => {
    const { run, told, board, f, hook } = follow(`function f(act) {
      act(0);
      act(1);
      return 1;
    } f`);
    run((step: number) => {
      if (step === 0) board.unplugCalls(f, hook);
      else board.plugCalls(f, hook);
    });
    expect(told.map((line) => line.split(' ')[1])).toEqual(['begins', 'line']);
  });

  it('are told to each of several hooks, of the points that it asked for', () => {
    const { run, told, board, woven, f, hook } = follow(`function f(n) {
      n++;
      return n;
    } f`);
    const seconds: string[] = [];
    const second = recorder(functionNamed(woven, 'f'), seconds);
    const only: CallHook = {
      ...second,
      lines: { ...second.lines!, points: second.lines!.points.slice(1) },
    };
    const plain: unknown[] = [];
    board.plug({ ...f, pointIndex: 1 }, (_self, n) => void plain.push(n));
    board.plugCalls(f, only);
    run(1);
    board.unplugCalls(f, hook);
    run(5);
    board.unplugCalls(f, only);
    run(7);
    expect(told).toEqual(['1 begins 1', '1 line 2: 1', '1 line 3: 2', '1 returns 2']);
    expect(seconds).toEqual([
      '1 begins 1',
      '1 line 3: 2',
      '1 returns 2',
      '2 begins 5',
      '2 line 3: 6',
      '2 returns 6',
    ]);
    expect(plain).toEqual([2, 6, 8]);
  });

  it('leave the source line that Node prints for an uncaught error, where nobody asks for errors', () => {
    const script = `
      const { weave } = await import(process.argv[1]);
      const { createSwitchboard } = await import(process.argv[2]);
      const { code, manifest } = weave('function f() {\\n  if (1) throw new Error("mine");\\n}\\nf', { filename: 'f.cjs' });
      const f = (await import('node:vm')).runInThisContext(code, { filename: 'f.cjs' });
      const board = createSwitchboard();
      board.add({ contract: ${CONTRACT_VERSION}, file: manifest.id, functions: manifest.functions.length });
      const points = [{ index: 0, passes: 1 }, { index: 1, passes: 1 }];
      board.plugCalls({ file: manifest.id, functionIndex: manifest.functions.find(({ name }) => name === 'f').index }, { entered: () => 1, lines: { points, reached: () => console.log('line') } });
      f();`;
    const failure = fails(() =>
      execFileSync(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          script,
          import.meta.resolve('@dormouse/transformer'),
          new URL('../dist/switchboard/switchboard.js', import.meta.url).href,
        ],
        { encoding: 'utf8', stdio: 'pipe' },
      ),
    );
    expect(failure.stdout).toBe('line\nline\n');
    expect(failure.stderr).toMatch(/^f\.cjs:1\n.*throw new Error\("mine"\)/);
  });
});

function fails(run: () => unknown): { readonly stdout: string; readonly stderr: string } {
  try {
    run();
  } catch (error) {
    return error as { stdout: string; stderr: string };
  }
  throw new Error('it did not fail');
}
