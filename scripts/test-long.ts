/**
 * `npm run test:long`: what takes hours. 100,000 random programs, and the largest packages besides the others, woven
 * and compared; 100,000 cases of what holds for every expression, capture and secret; a million cycles of arming, hitting and
 * disarming; collectors that are killed while they write their trail, and whatever hostile processes and clients send. Ends with `N passed, N failed`.
 *
 * `npm run test:long -- 40000` takes a run of random programs that was broken off up again at that number; a failure
 * names its number, and `npm run test:long -- NUMBER 1` repeats it alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

/** Time that one test may take. */
const HOUR_MS = 3_600_000;

const [first = '0', count = String(100_000 - Number(first))] = process.argv.slice(2);

interface Step {
  /** Files and folders of tests. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Tests of a package. */
const testsOf = (name: string, ...tests: readonly string[]): string[] =>
  tests.map((test) => `packages/${name}/test/${test}.test.ts`);

const programs: Step = {
  files: testsOf('transformer', 'random-programs'),
  env: { DORMOUSE_FIRST_CASE: first, DORMOUSE_CASES: count },
};
const others: readonly Step[] = [
  { files: testsOf('transformer', 'real-programs'), env: { DORMOUSE_LONG: '1' } },
  {
    files: [
      ...testsOf('expression', 'equivalence', 'hostile', 'pattern', 'secrets', 'verify'),
      ...testsOf('runtime', 'capture', 'context', 'incoming', 'secrets', 'tictoc'),
      ...testsOf('collector', 'captures/accept', 'unpack'),
    ],
    env: { DORMOUSE_CASES: '100000' },
  },
  { files: testsOf('runtime', 'callers-property', 'random-paths'), env: { DORMOUSE_CASES: '2000' } },
  { files: testsOf('runtime', 'cycles'), env: { DORMOUSE_CASES: '1000000' } },
  { files: testsOf('collector', 'audit/killed'), env: { DORMOUSE_KILLS: '100' } },
  { files: ['packages/collector/test/hostile'], env: { DORMOUSE_CASES: '500' } },
];

const steps = process.argv.length > 2 ? [programs] : [programs, ...others];
const missing = steps.flatMap(({ files }) => files).filter((file) => !existsSync(join(ROOT, file)));
if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')}: a test has another name.`);

const failed = steps.filter(
  ({ files, env }) =>
    !run(process.execPath, [tool('vitest'), 'run', `--testTimeout=${HOUR_MS}`, ...files], { env }),
).length;
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
