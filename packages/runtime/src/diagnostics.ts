import process from 'node:process';
import { reflectApply } from './intrinsics.js';

/** What the agent says of itself: nothing, unless it is asked to on stderr. */
export interface Diagnostics {
  note(message: string): void;
  /** Exception barrier of everything that Node calls: what `run` throws is noted and goes no further. */
  guard<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void;
}

const { stderr } = process;
const { write } = stderr;

export function createDiagnostics(enabled: boolean): Diagnostics {
  const note = (message: string): void => {
    if (enabled) reflectApply(write, stderr, [`dormouse: ${message}\n`]);
  };
  return {
    note,
    guard:
      (run) =>
      (...args) => {
        try {
          run(...args);
        } catch (error) {
          note(`defect, please report: ${error instanceof Error ? error.stack : String(error)}`);
        }
      },
  };
}
