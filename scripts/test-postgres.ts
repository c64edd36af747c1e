/**
 * `npm run test:postgres`: the tests of the collector, of the command and of the woven example again, with a PostgreSQL under
 * every collector that they open.
 * Ends with `1 passed, 0 failed`, or the other way round.
 *
 * `npm run test:postgres -- PATTERN` runs only the test files whose path contains PATTERN.
 */
import { join } from 'node:path';
import { ROOT, tool } from './lib/paths.ts';
import { startPostgres } from './lib/postgres.ts';
import { run } from './lib/run.ts';

/** Of the tests of the whole product, those that choose where the collector keeps everything. */
const PRODUCT = ['delivery', 'mcp', 'probing', 'safety', 'targets'];

const patterns = process.argv.slice(2);
const all = [
  'packages/collector/test',
  'packages/cli/test',
  ...PRODUCT.map((name) => join(ROOT, `test/${name}.test.ts`)),
];
const files = patterns.length > 0 ? patterns : all;
const postgres = await startPostgres();
let passed: boolean;
try {
  const env = { DORMOUSE_TEST_DATABASE: postgres.url };
  passed = run(process.execPath, [tool('vitest'), 'run', ...files], { env });
} finally {
  await postgres.stop();
}
console.log(passed ? '\n1 passed, 0 failed' : '\n0 passed, 1 failed');
process.exit(passed ? 0 : 1);
