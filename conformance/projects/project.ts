/** A public project whose own tests are run before and after weaving; see `projects.json`. */
export interface Project {
  readonly name: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** What its tests need besides its dependencies, at exact versions: its `devDependencies` are far more. */
  readonly install: readonly string[];
  /** Commands that make what is woven, where that is not what the repository has. */
  readonly prepare?: readonly (readonly string[])[];
  /** Globs of the files to weave. */
  readonly weave: readonly string[];
  readonly test: readonly string[];
  /** How its test runner says how many passed. */
  readonly counts: 'mocha' | 'node' | 'tap' | 'acorn' | 'qunit' | 'uvu';
  /** Tests that fail woven, for a reason in `docs/differences.md`. */
  readonly known?: readonly Known[];
}

export interface Known {
  readonly states: readonly ('idle' | 'armed')[];
  readonly tests: number;
  readonly why: string;
}
