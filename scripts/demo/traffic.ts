import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BUILDS } from '../lib/example.ts';

/** Requests a second: busy, and far from saturating one core. */
const RATE = 60;

/** The longest that the clients go on if nobody stops them, seconds. */
const LONGEST_S = 3_600;

/**
 * Starts the example's clients. `stop` resolves with the summary that they print.
 * @param rate requests a second
 */
export async function startTraffic(url: string, rate: number = RATE): Promise<{ stop(): Promise<string> }> {
  const child = spawn(
    process.execPath,
    [
      join(BUILDS.unwoven, 'traffic/main.js'),
      `--url=${url}`,
      `--rate=${rate}`,
      `--seconds=${LONGEST_S}`,
      '--seed=7',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let summary = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (summary += text));
  process.once('exit', () => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return {
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill('SIGTERM');
        await closed;
      }
      return summary;
    },
  };
}
