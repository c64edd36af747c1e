import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome, Program } from './programs.ts';

const SERVER = fileURLToPath(new URL('serve-realms.mjs', import.meta.url));

interface Answer {
  readonly id: number;
  readonly outcome: Outcome;
}

/** A process that runs programs, each in a realm of its own, on the Node at `node`. */
export class Realms {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #next = 0;

  constructor(node: string) {
    this.#process = fork(SERVER, {
      execPath: node,
      execArgv: ['--no-warnings', '--experimental-vm-modules'],
    });
    this.#process.on('message', ({ id, outcome }: Answer) => {
      this.#waiting.get(id)?.(outcome);
      this.#waiting.delete(id);
    });
  }

  /** Fails when the program has not ended after ten seconds. */
  run(program: Program): Promise<Outcome> {
    const id = this.#next++;
    return new Promise((fulfil, reject) => {
      const timer = setTimeout(() => reject(new Error(`No end:\n${program.files[0]?.code}`)), 10_000);
      this.#waiting.set(id, (outcome) => {
        clearTimeout(timer);
        fulfil(outcome);
      });
      this.#process.send({ id, program });
    });
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
