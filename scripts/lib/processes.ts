import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from './paths.ts';

/** A started server process: what it announced, what it printed since, and how to end it. */
export interface Server {
  readonly url: string;
  /** The JSON object it printed first. */
  readonly announced: Readonly<Record<string, unknown>>;
  readonly pid: number;
  /** Everything printed so far, standard output and error in order of arrival; the last 10,000 lines. */
  readonly output: readonly string[];
  /** SIGTERM, then SIGKILL after 5 s; resolves with the exit code, `null` when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServerOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: the Node that runs this script. */
  readonly node?: string;
  /** Time until it listens, ms. Default: 45,000. */
  readonly patienceMs?: number;
}

const START_TIMEOUT_MS = 45_000;
const STOP_TIMEOUT_MS = 5_000;
const OUTPUT_LINES = 10_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a Node program that prints one line of JSON with a `url` when it is listening.
 * Throws, with what it printed, when it exits first or says nothing for too long.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const child = spawn(options.node ?? process.execPath, options.args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const output: string[] = [];
  const announced = await announcement(
    child,
    output,
    options.args.join(' '),
    options.patienceMs ?? START_TIMEOUT_MS,
  );
  return {
    url: String(announced['url']),
    announced,
    pid: child.pid ?? 0,
    output,
    stop: (signal = 'SIGTERM') => stop(child, signal),
  };
}

function announcement(
  child: ChildProcess,
  output: string[],
  name: string,
  patienceMs: number,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${name} ${why}. It printed:\n${output.join('\n')}`));
    };
    const timer = setTimeout(() => failed(`did not listen within ${patienceMs} ms`), patienceMs);
    child.once('error', (error) => failed(`could not be started: ${error.message}`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(`exited with ${code}`);
    });
    const read = (line: string): void => {
      output.push(line);
      if (output.length > OUTPUT_LINES) output.shift();
      const message = parseObject(line);
      if (message === undefined || typeof message['url'] !== 'string') return;
      clearTimeout(timer);
      resolve(message);
    };
    if (child.stdout) createInterface({ input: child.stdout }).on('line', read);
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  });
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}
