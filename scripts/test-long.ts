/**
 * `npm run test:long`: what takes hours. 100,000 random programs, and the largest packages besides the others, woven
 * and compared; 100,000 cases of what holds for every expression, capture and secret; a million cycles of arming, hitting and
 * disarming; collectors that are killed while they write their trail, and whatever hostile processes and clients send. Ends with `N passed, N failed`.
 *
 * `npm run test:long -- 40000` takes a run of random programs that was broken off up again at that number; a failure
 * names its number, and `npm run test:long -- NUMBER 1` repeats it alone.
 */
import { tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

/** Time that one test may take. */
const HOUR_MS = 3_600_000;

const [first = '0', count = String(100_000 - Number(first))] = process.argv.slice(2);

interface Step {
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const programs: Step = {
  files: ['packages/transformer/test/random-programs'],
  env: { DORMOUSE_FIRST_CASE: first, DORMOUSE_CASES: count },
};
const others: readonly Step[] = [
  { files: ['packages/transformer/test/real-programs'], env: { DORMOUSE_LONG: '1' } },
  {
    files: [
      ...['equivalence', 'hostile', 'pattern', 'verify'].map((file) => `packages/expression/test/${file}`),
      ...['capture', 'redact', 'secrets'].map((file) => `packages/runtime/test/${file}.test`),
    ],
    env: { DORMOUSE_CASES: '100000' },
  },
  { files: ['packages/runtime/test/cycles.test'], env: { DORMOUSE_CASES: '1000000' } },
  { files: ['packages/collector/test/audit/killed.test'], env: { DORMOUSE_KILLS: '100' } },
  { files: ['packages/collector/test/hostile'], env: { DORMOUSE_CASES: '500' } },
];

const steps = process.argv.length > 2 ? [programs] : [programs, ...others];
const failed = steps.filter(
  ({ files, env }) =>
    !run(process.execPath, [tool('vitest'), 'run', `--testTimeout=${HOUR_MS}`, ...files], { env }),
).length;
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
