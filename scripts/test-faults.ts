/**
 * `npm run test:faults [-- N [WORDS]]`: woven programs under traffic while the collector, its PostgreSQL, the network or one of
 * two collectors breaks, N times each at another moment; 100 unless told otherwise, which takes hours. With words only the
 * faults that have them in their names.
 */
import { tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

const [rounds = '100', ...only] = process.argv.slice(2);
const pattern = only.length === 0 ? [] : ['-t', only.join(' ')];
const passed = run(process.execPath, [tool('vitest'), 'run', 'test/faults.test.ts', ...pattern], {
  env: { DORMOUSE_FAULTS: rounds },
});
process.exit(passed ? 0 : 1);
