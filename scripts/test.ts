/**
 * `npm test`: everything that must hold before a change lands, in the order in which a failure is
 * cheapest to learn. Ends with the line `N passed, N failed`; exits 1 if anything failed.
 *
 * `npm test -- PATTERN` runs only the test files whose path contains PATTERN.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TSC, tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const patterns = process.argv.slice(2);
const steps: readonly (readonly [name: string, step: () => Tally])[] =
  patterns.length > 0
    ? [['tests', tests]]
    : [
        ['types of tests and scripts', () => one(run(process.execPath, [TSC, '-p', 'tsconfig.tests.json']))],
        [
          'types of the console',
          () =>
            one(
              run(tool('svelte-check'), [
                '--tsconfig',
                'packages/console/tsconfig.json',
                '--output',
                'human',
              ]),
            ),
        ],
        ['lint, import direction and format', () => one(run(process.execPath, ['scripts/lint.ts']))],
        ['tests', tests],
        ['packed packages', () => one(run(process.execPath, ['scripts/check-packages.ts']))],
        ['demo', () => one(run(process.execPath, ['scripts/demo.ts']))],
      ];

const total = { passed: 0, failed: 0 };
for (const [name, step] of steps) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const started = performance.now();
  const { passed, failed } = step();
  total.passed += passed;
  total.failed += failed;
  console.log(
    `── ${name}: ${failed === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1_000).toFixed(1)} s`,
  );
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function one(ok: boolean): Tally {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs vitest and counts from its own report; a run that ends without a report counts as one failure. */
function tests(): Tally {
  const report = join(ROOT, '.cache', 'vitest.json');
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const started = Date.now();
  const ok = run(process.execPath, [
    tool('vitest'),
    'run',
    ...patterns,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      startTime: number;
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    if (result.startTime < started) throw new Error('The report is of an earlier run.');
    const failed = Math.max(result.numFailedTests, ok ? 0 : 1);
    return { passed: result.numPassedTests, failed };
  } catch {
    return one(false);
  }
}
