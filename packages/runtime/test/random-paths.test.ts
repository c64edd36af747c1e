import { inspect } from 'node:util';
import vm from 'node:vm';
import { DEFAULT_PROCESS_LIMITS, type Capture } from '@dormouse/protocol';
import { expect, it } from 'vitest';
import { randomProgram } from '../../transformer/test/random-programs/program.ts';
import { createProbeSet, type ProbeSet } from '../src/agent/probe-set.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { OWN_REALM } from '../src/switchboard/realm.ts';
import { takeRegistry } from '../src/switchboard/registry.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { pathOf } from './support/paths.ts';
import { weaveSource, type WovenPoints } from './support/woven.ts';

/** How many programs are run. */
const CASES = Number(process.env['DORMOUSE_CASES'] ?? 25);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How deep a program may recurse is one of the documented differences. */
const OVERFLOW = 'RangeError';

/** What a program traces. The text of functions is what weaving changes, so nobody gets to see it. */
async function run(code: string, filename: string): Promise<string[]> {
  const traced: string[] = [];
  const show = (value: unknown): string => {
    if (value instanceof Error) return value.name;
    return inspect(value, { depth: 3, breakLength: Infinity }).replaceAll(/\n\s+at .*/g, '');
  };
  const host = {
    trace: (...values: unknown[]) => void traced.push(values.map(show).join(' ')),
    later: (promise: unknown) => void promise,
  };
  const { toString } = Function.prototype;
  Function.prototype.toString = function text(this: { readonly name: string }) {
    return `function ${this.name}`;
  };
  try {
    const names = ['exports', 'require', 'module', 'host'];
    const body = vm.compileFunction(code, names, { filename }) as (...values: unknown[]) => void;
    body.call({}, {}, undefined, {}, host);
    await nextTurn();
  } catch (error) {
    traced.push(`ended by ${show(error)}`);
  } finally {
    Function.prototype.toString = toString;
  }
  await nextTurn();
  return traced;
}

/** A path of every function that tells of its calls: every other one a flight recorder, with the next ones included. */
function recordAll(points: WovenPoints, captures: Capture[]): { probes: ProbeSet; release: () => void } {
  const board = createSwitchboard();
  const probes = createProbeSet(
    board,
    {
      budget: new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, cpuShare: 1, loopDelayMs: Infinity }),
      nextCaptureId: () => `capture-${captures.length}`,
      enqueue: (capture) => void captures.push(capture),
    },
    () => true,
    () => undefined,
  );
  const told = points.file.functions.filter(({ exits, points: own }) => exits !== 'none' && own.length > 0);
  const release = takeRegistry((file) => {
    board.add(file, OWN_REALM);
    probes.fileLoaded();
  });
  probes.apply(
    told.map((called, index) =>
      pathOf(points, called, {
        steps: 20,
        includes: told.slice(index, index + 3),
        ...(index % 2 === 1 && { condition: '$duration >= 0' }),
      }),
    ),
  );
  return { probes, release };
}

it(
  `random programs do the same while their calls are recorded: ${CASES}`,
  { timeout: 24 * 3_600_000 },
  async () => {
    const ignore = (): void => {};
    process.on('unhandledRejection', ignore);
    let recorded = 0;
    for (let number = 0; number < CASES; number++) {
      const code = randomProgram(number, 'script');
      const filename = `random-${number}.cjs`;
      const expected = await run(code, filename);
      if (expected.some((line) => line.includes(OVERFLOW))) continue;
      let woven;
      try {
        woven = weaveSource(code, filename);
      } catch {
        continue;
      }
      const captures: Capture[] = [];
      const { probes, release } = recordAll(woven.points, captures);
      expect(await run(woven.code, filename), `program ${number}`).toEqual(expected);
      probes.settle();
      const problems = probes.takeReports().filter(({ cause }) => cause === 'error' || cause === 'invalid');
      expect(problems, `program ${number}`).toEqual([]);
      probes.apply([]);
      release();
      for (const { path } of captures) {
        const { steps, calls, functions } = path!;
        recorded += steps.length;
        expect(steps.every(({ call }) => call < calls.length)).toBe(true);
        expect(calls.every((call) => call.function < functions.length)).toBe(true);
        expect(steps.map(({ us }) => us)).toEqual(steps.map(({ us }) => us).sort((a, b) => a - b));
      }
    }
    process.off('unhandledRejection', ignore);
    expect(recorded).toBeGreaterThan(CASES);
  },
);
