/**
 * `npm run test:long`: what takes hours. 100,000 random programs, and the largest packages besides the others, woven
 * and compared. Ends with `N passed, N failed`.
 *
 * `npm run test:long -- 40000` takes a run of random programs that was broken off up again at that number; a failure
 * names its number, and `npm run test:long -- NUMBER 1` repeats it alone.
 */
import { tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

const [first = '0', count = String(100_000 - Number(first))] = process.argv.slice(2);

const steps: readonly (readonly [file: string, env: Readonly<Record<string, string>>])[] = [
  ['random-programs', { DORMOUSE_FIRST_CASE: first, DORMOUSE_CASES: count }],
  ...(process.argv.length > 2 ? [] : [['real-programs', { DORMOUSE_LONG: '1' }] as const]),
];
const failed = steps.filter(
  ([file, env]) =>
    !run(process.execPath, [tool('vitest'), 'run', `packages/transformer/test/${file}`], { env }),
).length;
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
