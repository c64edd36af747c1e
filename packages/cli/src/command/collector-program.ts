import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { EXIT, OperationFailed, type ExitCode } from '../failure.js';

/** The first Node with `node:sqlite` as the collector needs it. */
const NODE_NEEDED = [22, 15] as const;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the collector's own program, which takes over the terminal, to its end. */
export async function runCollectorProgram(args: readonly string[]): Promise<ExitCode> {
  checkNode(process.versions.node);
  const child = spawn(process.execPath, [collectorProgram(), ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, forward);
      resolve(code ?? EXIT.failure);
    });
  });
}

/** The collector is a program of its own: it is found through its package, never imported. */
function collectorProgram(): string {
  const packageUrl = import.meta.resolve('@dormouse/collector/package.json');
  const { bin } = JSON.parse(readFileSync(new URL(packageUrl), 'utf8')) as { bin: Record<string, string> };
  return fileURLToPath(new URL(bin['dormouse-collector'] ?? '', packageUrl));
}

function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = NODE_NEEDED;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new OperationFailed(
    'UNSUPPORTED',
    `The collector needs Node ${NODE_NEEDED.join('.')} or newer; this is ${version}. Services may run on Node 20.19.`,
  );
}
