import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ManifestFile } from '@dormouse/protocol';
import { type Goal, type Skip, weave } from '../../src/index.ts';

export interface ProgramFile {
  readonly path: string;
  readonly code: string;
  readonly goal: Goal;
}

/** `original`: not woven. The others are woven and run: alone, beside an idle runtime, with every point armed. */
export type State = 'original' | 'idle' | 'registry' | 'armed';

export const WOVEN_STATES: readonly State[] = ['idle', 'registry', 'armed'];

export interface Hit {
  readonly function: string;
  readonly form: string;
  readonly line: number;
  readonly column: number;
  readonly self?: string;
  readonly locals: Readonly<Record<string, string>>;
  readonly outers: Readonly<Record<string, string>>;
  /** What contradicts the manifest. */
  readonly wrong?: string;
}

export interface Outcome {
  readonly traced: readonly string[];
  readonly hits: readonly Hit[];
  readonly error?: string;
  readonly globals: readonly string[];
}

export interface WovenFile extends ProgramFile {
  readonly manifest: ManifestFile | null;
  readonly skipped: readonly Skip[];
}

export function weaveProgram(files: readonly ProgramFile[]): readonly WovenFile[] {
  return files.map((file) => {
    const { code, manifest, skipped } = weave(file.code, { filename: file.path, goal: file.goal, root: '.' });
    return { ...file, code, manifest, skipped };
  });
}

interface Program {
  readonly files: readonly ProgramFile[];
  readonly state: State;
}

const RUNNER = fileURLToPath(new URL('run-programs.mjs', import.meta.url));

/** Runs programs, each in a realm of its own, on the Node at `node`. */
export function runPrograms(programs: readonly Program[], node: string): readonly Outcome[] {
  const output = execFileSync(node, ['--no-warnings', '--experimental-vm-modules', RUNNER], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
    maxBuffer: 256 * 1_048_576,
  });
  return JSON.parse(output) as Outcome[];
}

/** The outcomes of one program in every state. */
export type Outcomes = Readonly<Record<State, Outcome>>;

/** Runs each program unwoven and woven, in all states. */
export function compareAll(programs: readonly (readonly ProgramFile[])[], node: string): readonly Outcomes[] {
  const states: readonly State[] = ['original', ...WOVEN_STATES];
  const all = programs.flatMap((files) => {
    const woven = weaveProgram(files);
    return states.map((state): Program => ({ files: state === 'original' ? files : woven, state }));
  });
  const outcomes = runPrograms(all, node);
  return programs.map(
    (_, n) =>
      Object.fromEntries(
        states.map((state, s) => [state, outcomes[n * states.length + s]]),
      ) as unknown as Outcomes,
  );
}
