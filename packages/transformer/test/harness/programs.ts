import type { ManifestFile } from '@dormouse/protocol';
import { type Goal, type Skip, weave } from '../../src/index.ts';
import type { Realms } from './realms.ts';

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
  /** The call it is told to be in, as in {@link Outcome.calls}: of functions with one body only. */
  readonly call?: string;
}

export interface Outcome {
  readonly traced: readonly string[];
  readonly hits: readonly Hit[];
  /** Every call that was told of, and how it ended: `f(1) returned 2`, `f(1) threw Error: no`, `g() ended`, `h() runs`. */
  readonly calls: readonly string[];
  /** The same calls, and how they were suspended and went on: `f(1) waits, goes on, returned`. */
  readonly waits: readonly string[];
  /** What contradicts the manifest. */
  readonly wrong: readonly string[];
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

export interface Program {
  readonly files: readonly ProgramFile[];
  readonly state: State;
}

/** The outcomes of one program in every state. */
export type Outcomes = Readonly<Record<State, Outcome>>;

/** Runs a program unwoven and woven, in all states. */
export async function runInAllStates(files: readonly ProgramFile[], realms: Realms): Promise<Outcomes> {
  const woven = weaveProgram(files);
  return {
    original: await realms.run({ files, state: 'original' }),
    idle: await realms.run({ files: woven, state: 'idle' }),
    registry: await realms.run({ files: woven, state: 'registry' }),
    armed: await realms.run({ files: woven, state: 'armed' }),
  };
}
