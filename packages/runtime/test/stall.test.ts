import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodes } from './support/program.ts';

/** The event loop's delay, ms. */
const LONGEST_MS = 20;

/** For so long the process is stopped, and goes on, ms. */
const PAUSE_MS = 50;

const child = (name: string): string => fileURLToPath(new URL(`support/${name}.mjs`, import.meta.url));

/** In a process of its own, where nothing was captured before; the best of some fresh objects, for machines are busy. */
it.each(nodes)(
  'a million of anything does not hold up the event loop, on Node $version',
  { timeout: 300_000 },
  ({ path, version }) => {
    const output = execFileSync(path, ['--expose-gc', '--max-old-space-size=2048', child('stall')], {
      encoding: 'utf8',
    });
    const delays = JSON.parse(output) as Record<string, number>;
    console.log(`Node ${version}, ms: ${output.trim()}`);
    expect(Object.keys(delays)).not.toHaveLength(0);
    for (const [what, delay] of Object.entries(delays)) expect(delay, what).toBeLessThan(LONGEST_MS);
  },
);

it.skipIf(process.platform === 'win32')(
  'small objects are shown with all their keys however often the process is stopped in between',
  async () => {
    const { path } = nodes[0]!;
    const looking = spawn(path, [child('pauses')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    looking.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = once(looking, 'close');
    await once(looking.stdout, 'data');
    while (looking.exitCode === null) {
      looking.kill('SIGSTOP');
      await sleep(PAUSE_MS);
      looking.kill('SIGCONT');
      await sleep(PAUSE_MS * Math.random());
    }
    await ended;
    const { looks, incomplete } = JSON.parse(output.split('\n')[1]!) as {
      looks: number;
      incomplete: string[];
    };
    expect(looks).toBeGreaterThan(2);
    expect(incomplete).toEqual([]);
  },
);
