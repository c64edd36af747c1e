import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

import { storageFlags } from '../../collector/test/support/storage-of.ts';
import { runHere } from './run-here.ts';

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
  /** Starts a command that asks it, as its admin. */
  readonly start: (...args: string[]) => Dormouse;
  /** Runs one in this process. */
  readonly run: (...args: string[]) => Promise<Finished>;
  /** What it answers in JSON, if it has nothing else to say. */
  readonly json: <Answer>(...args: string[]) => Promise<Answer>;
  readonly stop: () => Promise<Finished>;
}

/** `dormouse collector` on a free port, keeping its data in memory; or in a folder, on a certain port. */
export const startCollector = async (
  data = ':memory:',
  port = '0',
  flags: readonly string[] = [],
): Promise<RunningCollector> => startCollectorOn(await storageFlags(data), port, flags);

/** @param storage its flags for where it keeps its data */
export async function startCollectorOn(
  storage: readonly string[],
  port = '0',
  flags: readonly string[] = [],
): Promise<RunningCollector> {
  const adminToken = 'admin-token-of-the-test'.padEnd(32, '.');
  const agentToken = 'agent-token-of-the-test'.padEnd(32, '.');
  const collector = new Dormouse(
    ['collector', '--json', '--port', port, ...storage, '--log-level', 'error', ...flags],
    { DORMOUSE_ADMIN_TOKEN: adminToken, DORMOUSE_AGENT_TOKEN: agentToken },
  );
  await collector.printed(/"url"/);
  const { url } = JSON.parse(collector.out) as { url: string };
  const run = (...args: string[]): Promise<Finished> =>
    runHere(args.toSpliced(1, 0, '--url', url, '--token', adminToken));
  return {
    url,
    adminToken,
    agentToken,
    start: (...args) => new Dormouse(args, { DORMOUSE_URL: url, DORMOUSE_ADMIN_TOKEN: adminToken }),
    run,
    async json<Answer>(...args: string[]) {
      const { out, err } = await run(...args, '--json');
      expect(err).toBe('');
      return JSON.parse(out) as Answer;
    },
    stop: () => collector.kill('SIGTERM'),
  };
}
