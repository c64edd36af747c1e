import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ts } from '../1-parse/typescript.js';
import type { TscCommandLine } from './tsc-command-line.js';

/** The command to run, and how. */
export interface Tsc {
  readonly path: string;
  readonly cwd: string;
  /** Ends tsc, and all that it started. Default: it ends by itself. */
  readonly signal?: AbortSignal | undefined;
}

const EMITTED = 'TSFILE: ';

/** Runs tsc so that nothing of ours is between it and the terminal. Returns its exit code. */
export function answerByTsc(tsc: Tsc, args: readonly string[]): Promise<number> {
  return endOf(spawn(process.execPath, [tsc.path, ...args], { cwd: tsc.cwd, stdio: 'inherit' }), tsc.signal);
}

/**
 * Runs tsc and hears what it writes. Returns its exit code.
 * @param onLine receives each line of standard output but those about emitted files
 * @param onEmitted receives the absolute path of a file that tsc has written, and the line that told it
 */
export function hearTsc(
  { path, cwd, signal }: Tsc,
  args: readonly string[],
  onLine: (line: string) => void,
  onEmitted: (path: string, line: string) => void,
): Promise<number> {
  const child = spawn(process.execPath, [path, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: HAS_GROUPS,
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(EMITTED)) onEmitted(resolve(cwd, line.slice(EMITTED.length)), line);
    else onLine(line);
  });
  return endOf(child, signal);
}

/** On Windows a process of its own group would open a window. */
const HAS_GROUPS = process.platform !== 'win32';

async function endOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<number> {
  const end = (): void => endGroup(child);
  signal?.addEventListener('abort', end);
  process.once('exit', end);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? INTERRUPTED;
  } finally {
    signal?.removeEventListener('abort', end);
    process.off('exit', end);
  }
}

/** What a shell reports for a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** TypeScript 7 can be a process below the one that we started, which would survive it. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(HAS_GROUPS ? -child.pid : child.pid, 'SIGTERM');
  } catch {
    child.kill();
  }
}

/**
 * The arguments, and what we need besides: the list of emitted files, source maps, without which no position
 * could be told in terms of the original, and the colours that a pipe would cost.
 */
export function heardArguments(
  args: readonly string[],
  { options }: TscCommandLine,
  projects: readonly ts.CompilerOptions[],
  pretty: boolean,
): readonly string[] {
  const says = (name: string): boolean => projects.some((project) => project[name] !== undefined);
  const hasMaps = options.sourceMap !== undefined || projects.some(({ inlineSourceMap }) => inlineSourceMap);
  return [
    ...args,
    ...(options['listEmittedFiles'] === true ? [] : ['--listEmittedFiles']),
    ...(hasMaps ? [] : ['--sourceMap']),
    ...(pretty && !says('pretty') ? ['--pretty'] : []),
  ];
}
