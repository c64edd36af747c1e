import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeVersions } from './harness/nodes.ts';
import { type ProgramFile, WOVEN_STATES, runInAllStates } from './harness/programs.ts';
import { Realms } from './harness/realms.ts';
import { randomProgram } from './random-program.ts';

/** More are run with DORMOUSE_CASES=100000. */
const CASES = Number(process.env['DORMOUSE_CASES'] ?? 60);

describe.each(nodeVersions())('random programs on Node $major', ({ path }) => {
  const realms = new Realms(path);
  afterAll(() => realms.close());

  it.each(['script', 'module'] as const)('do the same woven (%s)', { timeout: 3_600_000 }, async (goal) => {
    let traced = 0;
    const property = fc.asyncProperty(fc.gen(), async (draw) => {
      const files: readonly ProgramFile[] = [
        { path: goal === 'module' ? 'main.mjs' : 'main.cjs', code: randomProgram(draw, goal), goal },
      ];
      const outcomes = await runInAllStates(files, realms);
      const { original } = outcomes;
      traced += original.traced.length;
      for (const state of WOVEN_STATES) {
        const { traced, error, hits } = outcomes[state];
        expect({ state, traced, error }).toEqual({ state, traced: original.traced, error: original.error });
        expect(hits.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
      }
    });
    await fc.assert(property, { numRuns: CASES, endOnFailure: true });
    expect(traced).toBeGreaterThan(CASES);
  });
});
