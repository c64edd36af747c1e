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
  readonly state: 'alone' | 'idle' | 'armed' | 'skipped' | 'crash';
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

interface Task {
  readonly number: number;
  readonly original: string;
}

class ProcessEnded extends Error {}

class BatchProcess {
  readonly #node: string;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess;
  #next = 0;

  constructor(node: string) {
    this.#node = node;
    this.#process = this.#start();
  }

  #start(): ChildProcess {
    const child = fork(SERVER, {
      execPath: this.#node,
      execArgv: ['--no-warnings', '--experimental-vm-modules'],
    });
    child.on('message', ({ id, ...result }: BatchResult & { readonly id: number }) => {
      this.#waiting.get(id)?.fulfil(result);
      this.#waiting.delete(id);
    });
    child.on('exit', (code, signal) => {
      const how = `A program ended its process (${this.#node}): ${signal ?? `exit code ${code}`}.`;
      for (const { reject } of this.#waiting.values()) reject(new ProcessEnded(how));
      this.#waiting.clear();
    });
    return child;
  }

  /** Now and then a program crashes Node itself, unwoven too; that is no difference. */
  async run(programs: readonly Task[]): Promise<BatchResult> {
    try {
      return await this.#attempt(programs);
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error;
      this.#process = this.#start();
      const [only, ...others] = programs;
      if (only !== undefined && others.length === 0) return this.#crash(only, error);
      const results = [];
      for (const program of programs) results.push(await this.run([program]));
      return {
        traced: results.reduce((sum, { traced }) => sum + traced, 0),
        differences: results.flatMap(({ differences }) => differences),
      };
    }
  }

  async #crash(program: Task, { message }: Error): Promise<BatchResult> {
    const unwoven = { ...program, woven: program.original, manifest: null };
    const differs = await this.#attempt([unwoven]).then(
      () => true,
      () => false,
    );
    if (!differs) this.#process = this.#start();
    const difference: Difference = { number: program.number, state: 'crash', difference: message };
    return { traced: 0, differences: differs ? [difference] : [] };
  }

  async #attempt(programs: readonly Task[]): Promise<BatchResult> {
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
