import { spawnSync } from 'node:child_process';
import { ROOT } from './paths.ts';

/** How {@link run} and {@link read} start a command; `cwd` defaults to the repository's root. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command with the terminal's own output. Returns whether it exited with 0. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...options.env },
  });
  return status === 0;
}

/** Runs a command and returns its standard output. Throws, with what it printed, when it fails. */
export function read(command: string, args: readonly string[], options: RunOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    env: { ...process.env, ...options.env },
  });
  if (error) throw error;
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} exited with ${status}:\n${stdout}${stderr}`);
  }
  return stdout;
}
