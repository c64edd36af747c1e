import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Goal, weave } from '../../src/index.ts';

const SERVER = fileURLToPath(new URL('serve-batches.mjs', import.meta.url));

/** A batch of some hundred small programs takes a second. */
const DEADLINE_MS = 120_000;

export interface RandomProgram {
  readonly number: number;
  readonly goal: Goal;
  readonly code: string;
}

/** What a program did when it was woven, and not otherwise. */
export interface Difference {
  readonly number: number;
  readonly state: 'alone' | 'idle' | 'armed' | 'skipped';
  readonly difference: string;
}

export interface BatchResult {
  /** How much the original programs traced: a batch that traces nothing has tested nothing. */
  readonly traced: number;
  readonly differences: readonly Difference[];
}

/** Weaves programs and has one process per Node run them, woven and not. */
export class Batches {
  readonly #processes: readonly BatchProcess[];

  constructor(nodes: readonly string[]) {
    this.#processes = nodes.map((node) => new BatchProcess(node));
  }

  /** @param only the index of the one Node to use; default: all */
  async run(programs: readonly RandomProgram[], only?: number): Promise<BatchResult> {
    const skipped: Difference[] = [];
    const woven = programs.map(({ number, goal, code }) => {
      const name = goal === 'module' ? 'main.mjs' : 'main.cjs';
      const { code: text, manifest, skipped: skips } = weave(code, { filename: name, goal, root: '.' });
      for (const skip of skips.filter(isFailure))
        skipped.push({ number, state: 'skipped', difference: `${skip.code}: ${skip.reason}` });
      return { number, name, original: code, woven: text, manifest };
    });
    const results = await Promise.all(
      this.#processes
        .filter((_, index) => only === undefined || index === only)
        .map((process) => process.run(woven)),
    );
    return {
      traced: results.reduce((sum, { traced }) => sum + traced, 0),
      differences: [...skipped, ...results.flatMap(({ differences }) => differences)],
    };
  }

  close(): void {
    for (const process of this.#processes) process.close();
  }
}

/** Now and then a random program does not parse; then nothing of it is woven, and it is compared all the same. */
function isFailure({ code }: { readonly code: string }): boolean {
  return code === 'reparse-failed' || code === 'weaver-error';
}

interface Waiting {
  readonly fulfil: (result: BatchResult) => void;
  readonly reject: (error: Error) => void;
}

class BatchProcess {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(node: string) {
    this.#process = fork(SERVER, {
      execPath: node,
      execArgv: ['--no-warnings', '--experimental-vm-modules'],
    });
    this.#process.on('message', ({ id, ...result }: BatchResult & { readonly id: number }) => {
      this.#waiting.get(id)?.fulfil(result);
      this.#waiting.delete(id);
    });
    this.#process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('A program ended its process.'));
    });
  }

  async run(programs: readonly unknown[]): Promise<BatchResult> {
    const id = this.#next++;
    const answer = new Promise<BatchResult>((fulfil, reject) => this.#waiting.set(id, { fulfil, reject }));
    const timer = setTimeout(
      () => this.#waiting.get(id)?.reject(new Error('A program does not end.')),
      DEADLINE_MS,
    );
    this.#process.send({ id, programs });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#process.removeAllListeners('exit').kill('SIGKILL');
  }
}
