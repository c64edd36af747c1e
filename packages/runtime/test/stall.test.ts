import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodes } from './support/program.ts';

/** The event loop's delay, ms. */
const LONGEST_MS = 20;

const CHILD = fileURLToPath(new URL('support/stall.mjs', import.meta.url));

/** In a process of its own, where nothing was captured before; the best of some fresh objects, for machines are busy. */
it.each(nodes)(
  'a million of anything does not hold up the event loop, on Node $version',
  { timeout: 120_000 },
  ({ path, version }) => {
    const output = execFileSync(path, ['--expose-gc', '--max-old-space-size=2048', CHILD], {
      encoding: 'utf8',
    });
    const delays = JSON.parse(output) as Record<string, number>;
    console.log(`Node ${version}, ms: ${output.trim()}`);
    expect(Object.keys(delays)).not.toHaveLength(0);
    for (const [what, delay] of Object.entries(delays)) expect(delay, what).toBeLessThan(LONGEST_MS);
  },
);
