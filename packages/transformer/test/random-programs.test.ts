import vm from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeVersions } from './harness/nodes.ts';
import { Batches, type Difference, type RandomProgram } from './random-programs/batches.ts';
import { randomProgram } from './random-programs/program.ts';
import { reduce } from './random-programs/reduce.ts';

/** How many programs are run; `npm run test:long` runs 100,000. */
const CASES = Number(process.env['DORMOUSE_CASES'] ?? 120);
/** The number of the first; a run that was broken off is taken up again where it was. */
const FIRST = Number(process.env['DORMOUSE_FIRST_CASE'] ?? 0);
const BATCH = 100;
/** Runs longer than this take the Node versions in turn, one for each batch. */
const LONG_RUN = 2_000;
const NODES = nodeVersions();

describe('random programs', () => {
  const batches = new Batches(NODES.map(({ path }) => path));
  afterAll(() => batches.close());

  it(`do the same woven: ${CASES} from number ${FIRST}`, { timeout: 24 * 3_600_000 }, async () => {
    let traced = 0;
    for (let from = FIRST; from < FIRST + CASES; from += BATCH) {
      const programs = programsFrom(from, Math.min(BATCH, FIRST + CASES - from));
      const result = await batches.run(
        programs,
        CASES > LONG_RUN ? (from / BATCH) % NODES.length : undefined,
      );
      traced += result.traced;
      const [difference] = result.differences;
      if (difference !== undefined) expect.fail(await explain(difference, programs, batches));
      if (from % 10_000 === 0 && CASES > 10_000) console.log(`No difference before number ${from + BATCH}.`);
    }
    expect(traced).toBeGreaterThan(CASES * 10);
  });

  it('that fail are made small', async () => {
    const program = randomProgram(8, 'script');
    const marked = `${program}\nif (fuel) { trace('needle', 5 + 'x'.length); trace('y') }`;
    const small = await reduce(marked, 'script', async (texts) => {
      const found = texts.findIndex((text) => text.includes("trace('needle'") && compiles(text));
      return found < 0 ? undefined : found;
    });
    expect(small).toBe(`trace('needle')`);
  });
});

function compiles(text: string): boolean {
  try {
    return typeof vm.compileFunction(text) === 'function';
  } catch {
    return false;
  }
}

function programsFrom(from: number, count: number): readonly RandomProgram[] {
  return Array.from({ length: count }, (_, n) => {
    const number = from + n;
    const goal = number % 2 === 0 ? 'script' : 'module';
    return { number, goal, code: randomProgram(number, goal) };
  });
}

/** The difference, and the smallest program found that shows one in the same state. */
async function explain(
  { number, state, difference }: Difference,
  programs: readonly RandomProgram[],
  batches: Batches,
): Promise<string> {
  const program = programs.find((candidate) => candidate.number === number) as RandomProgram;
  const small = await reduce(program.code, program.goal, async (codes) => {
    const { differences } = await batches.run(codes.map((code, n) => ({ ...program, number: n, code })));
    const failing = differences.filter((other) => other.state === state).map((other) => other.number);
    return failing.length === 0 ? undefined : Math.min(...failing);
  });
  return `Program ${number} (${program.goal}), ${state}: ${difference}\n\n${small}\n`;
}
