import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../bin/dormouse.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command, started as a user would. */
export class Dormouse {
  readonly finished: Promise<Finished>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #out = '';
  #err = '';

  constructor(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    node = process.execPath,
    cwd = process.cwd(),
  ) {
    this.#process = spawn(node, [PROGRAM, ...args], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment },
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#out += text));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#err += text));
    this.finished = once(this.#process, 'close').then(([code]) => ({
      code: code as number | null,
      out: this.#out,
      err: this.#err,
    }));
  }

  /** Resolves as soon as it has printed that much to standard output or error. */
  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#out) && !pattern.test(this.#err)) {
      const more = [once(this.#process.stdout, 'data'), once(this.#process.stderr, 'data')];
      await Promise.race([
        ...more,
        this.finished.then((result) => Promise.reject(new Error(JSON.stringify(result)))),
      ]);
    }
  }

  get out(): string {
    return this.#out;
  }

  /** Gives it something to read, and no more. */
  type(text: string): void {
    this.#process.stdin.end(text);
  }

  kill(signal: NodeJS.Signals): Promise<Finished> {
    this.#process.kill(signal);
    return this.finished;
  }
}

export interface RunningCollector {
  readonly url: string;
  readonly adminToken: string;
  readonly agentToken: string;
  readonly stop: () => Promise<Finished>;
}

/** `dormouse collector` on a free port, keeping its data in memory; or in a folder, on a certain port. */
export async function startCollector(
  data = ':memory:',
  port = '0',
  flags: readonly string[] = [],
): Promise<RunningCollector> {
  const adminToken = 'admin-token-of-the-test'.padEnd(32, '.');
  const agentToken = 'agent-token-of-the-test'.padEnd(32, '.');
  const collector = new Dormouse(
    ['collector', '--json', '--port', port, '--data', data, '--log-level', 'error', ...flags],
    { DORMOUSE_ADMIN_TOKEN: adminToken, DORMOUSE_AGENT_TOKEN: agentToken },
  );
  await collector.printed(/"url"/);
  const { url } = JSON.parse(collector.out) as { url: string };
  return { url, adminToken, agentToken, stop: () => collector.kill('SIGTERM') };
}
