import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { armedFirst, collect, launch, priceProbe } from './support/processes.ts';
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

/**
 * Prints the longest time between two turns of the event loop around a hit on each, and around none, ms; the best of some
 * fresh ones.
 */
const HITS = `const makers = {
  nothing: () => undefined,
  object: () => {
    const object = {};
    for (let n = 0; n < 1_000_000; n++) object['key' + n] = n;
    return object;
  },
  array: () => Array.from({ length: 1_000_000 }, (_, n) => n),
};
async function longestTurn(act) {
  let longest = 0;
  let last = performance.now();
  const end = last + 50;
  act();
  while (last < end) {
    await new Promise(setImmediate);
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}
const delays = {};
for (const [what, make] of Object.entries(makers)) {
  delays[what] = Infinity;
  for (let time = 0; time < 4; time++) {
    const value = make();
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const act = value === undefined ? () => {} : () => price(1, { value });
    delays[what] = Math.min(delays[what], await longestTurn(act));
  }
}
console.log(JSON.stringify(delays));`;

it(
  'hits on a million of anything, of a process with a collector, do not hold up its event loop either',
  { timeout: 120_000 },
  async () => {
    const collector = await collect();
    const program = armedFirst(HITS);
    collector.want(priceProbe(program, { limits: { hits: 100, hitsPerSecond: 100 } }));
    const { stdout } = await launch(program, {
      node: nodes[0]!,
      url: collector.url,
      flags: ['--expose-gc'],
      env: { DORMOUSE_MAX_CPU: '100', DORMOUSE_MAX_DELAY: '0' },
    }).outcome;
    console.log(`Turns of the event loop, ms: ${stdout.trim()}`);
    const { nothing = 0, ...delays } = JSON.parse(stdout) as Record<string, number>;
    // A machine that is busy holds up a process that is hit by nothing, too.
    for (const [what, delay] of Object.entries(delays))
      expect(delay - nothing, what).toBeLessThan(LONGEST_MS);
    const shown = JSON.stringify(collector.captures.map(({ locals }) => locals));
    expect(shown).toContain('fieldCount');
    expect(shown).toContain('collectionSize');
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
