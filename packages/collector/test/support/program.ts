import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { TestApi } from './api.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Those of collectors that are started with {@link startProgram}. */
export const TOKENS = {
  DORMOUSE_ADMIN_TOKEN: 'an-admin-token-chosen-by-the-operator',
  DORMOUSE_AGENT_TOKEN: 'an-agent-token-chosen-by-the-operator',
};

const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

/** The collector as it is run: a process of its own, killed after the test at the latest. */
export function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  return child;
}

export interface StartedProgram {
  readonly child: ChildProcess;
  readonly url: string;
  /** As its admin. */
  readonly api: TestApi;
}

/** Runs it on a free port, until it listens. @throws with what it printed when it does not */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StartedProgram> {
  const child = runProgram(['--port', '0', '--json', ...args], { ...TOKENS, ...env });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [line] = (await Promise.race([
    once(createInterface(child.stdout!), 'line'),
    once(child, 'close').then(() => Promise.reject(new Error(errors))),
  ])) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return { child, url, api: new TestApi(url, TOKENS.DORMOUSE_ADMIN_TOKEN) };
}
