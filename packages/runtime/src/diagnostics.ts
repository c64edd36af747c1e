import { reflectApply } from './intrinsics.js';
import { process } from './process.js';

/** What the agent says of itself: nothing, unless it is asked to on stderr. */
export interface Diagnostics {
  note(message: string): void;
  /** Exception barrier of everything that Node calls: what `run` throws is noted and goes no further. */
  guard<Args extends unknown[]>(run: (...args: Args) => void): (...args: Args) => void;
}

/** @param enabled otherwise stderr is not even opened */
export function createDiagnostics(enabled: boolean): Diagnostics {
  const note = enabled ? noteOn(process.stderr) : () => {};
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

function noteOn(stderr: NodeJS.WriteStream): Diagnostics['note'] {
  const { write } = stderr;
  return (message) => void reflectApply(write, stderr, [`dormouse: ${message}\n`]);
}
