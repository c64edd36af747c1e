import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const exclude = ['**/fixtures/**', '**/node_modules/**', '**/dist/**'];

/** What needs a browser needs all of the product. */
const browsing = ['packages/console/test/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Most tests wait for the processes they start: of two cores both are used.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Where others use the machine, what waits for processes and browsers gets a second chance; the report tells of it.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // What hangs is found all the same; where others use the machine, to start a process alone takes many seconds.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // As patient as a test: what is polled often starts a process, and machines are busy.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
          exclude: [...exclude, ...browsing],
        },
      },
      {
        extends: true,
        test: {
          name: 'product',
          include: ['test/**/*.test.ts', ...browsing],
          exclude,
          globalSetup: ['test/build-example.ts', 'test/build-console.ts', 'test/share-chromium.ts'],
        },
      },
    ],
  },
});
