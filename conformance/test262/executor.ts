import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('serve.mjs', import.meta.url));
const MS_PER_TEST = 30_000;
/** Realms are slow to be collected; a fresh process is cheaper than a large one. */
const TESTS_PER_PROCESS = 500;

export type State = 'original' | 'idle' | 'armed';

/** What one test did, run in one way. */
export interface Result extends Readonly<Record<State, string>> {
  readonly path: string;
  readonly mode: 'sloppy' | 'strict' | 'module';
  /** The outcome that the test asks for: its text, or for a test of errors the phase and kind of error. */
  readonly expected: string | { readonly phase: string; readonly type: string };
  /** Why the test's own file was left unwoven, where it was. */
  readonly skipped?: { readonly code: string; readonly reason: string };
  /** What hooks were passed that contradicts the manifest. */
  readonly wrong: readonly string[];
}

/** The results of a test in each of its modes; or the state in which it ended its process or never came to an end. */
export type Execution = { readonly results: readonly Result[] } | { readonly endedIn: State };

type Message = { readonly state: State } | { readonly results: readonly Result[] };

/** Executes tests one after the other in a process of its own, which is replaced when a test ends or blocks it. */
export class Executor {
  readonly #node: string;
  readonly #directory: string;
  #process: ChildProcess | undefined;
  #executed = 0;

  constructor(node: string, directory: string) {
    this.#node = node;
    this.#directory = directory;
  }

  async execute(path: string): Promise<Execution> {
    if (this.#executed++ % TESTS_PER_PROCESS === 0) this.close();
    const child = (this.#process ??= this.#start());
    const execution = await new Promise<Execution>((resolve) => {
      let state: State = 'original';
      const settle = (value: Execution): void => {
        clearTimeout(timer);
        child.removeAllListeners('message').removeAllListeners('exit');
        resolve(value);
      };
      const timer = setTimeout(() => settle({ endedIn: state }), MS_PER_TEST);
      child.on('message', (message: Message) => {
        if ('results' in message) settle(message);
        else ({ state } = message);
      });
      child.on('exit', () => settle({ endedIn: state }));
      child.send({ directory: this.#directory, path });
    });
    if ('endedIn' in execution) this.close();
    return execution;
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start(): ChildProcess {
    return fork(SERVER, {
      execPath: this.#node,
      execArgv: ['--no-warnings', '--experimental-vm-modules', '--expose-gc'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }
}
