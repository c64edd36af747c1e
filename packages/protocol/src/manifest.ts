/**
 * The manifest: what the weaver knows about a build, written beside the woven files and sent to the
 * collector, so that a probe can be checked against the build before any process sees it.
 */

/** Version of the manifest's format. */
export const MANIFEST_VERSION = 2;

/** The manifest's file name, beside (or above) the woven output. */
export const MANIFEST_FILE = 'dormouse.manifest.json';

export interface Manifest {
  readonly manifest: typeof MANIFEST_VERSION;
  /** Version of the woven-code contract, see `woven.ts`. */
  readonly contract: number;
  /** Which tool wove the build: `"@dormouse/transformer 0.1.0"`. */
  readonly weaver: string;
  /** 24 hexadecimal digits over all `files`: the same code from the same sources always has the same build id. */
  readonly buildId: string;
  /** The commit the build was made from, where git knows it. */
  readonly commit?: string;
  readonly files: readonly ManifestFile[];
  /** Files left as they were, each with its reason. */
  readonly skipped: readonly SkippedFile[];
}

export interface SkippedFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly code: SkipCode;
  /** One sentence for a person. */
  readonly reason: string;
}

/** Why a file, or a function of it, was left unwoven. */
export type SkipCode =
  | 'already-woven'
  | 'declaration-file'
  | 'empty'
  | 'ignored'
  | 'no-source-map'
  | 'parse-error'
  | 'reparse-failed'
  | 'shadowed-global'
  | 'weaver-error';

/** One woven output file. */
export interface ManifestFile {
  /** 12 hexadecimal digits over path and woven content; also the suffix of its switch object. */
  readonly id: string;
  /** The emitted file, relative to the project's root, with `/`: `dist/risk.js`. */
  readonly output: string;
  /** The original files it was made from; usually one. */
  readonly sources: readonly ManifestSource[];
  /** Variable names, original spelling; points refer to them by index. */
  readonly names: readonly string[];
  /** Variables that `@secret` comments mark, as indices into `names`: no hook is given their values. Absent: none. */
  readonly secrets?: readonly number[];
  /** Properties that they mark: what has such a name is redacted in the whole process. Absent: none. */
  readonly secretProperties?: readonly number[];
  /** In index order: `functions[k].index === k`. */
  readonly functions: readonly ManifestFunction[];
}

export interface ManifestSource {
  /** Relative to the project's root, with `/`: `src/risk.ts`. */
  readonly path: string;
  /** SHA-256 of the original text, hexadecimal; empty where the text was not at hand. */
  readonly hash: string;
}

/** How a function is woven, see `woven.ts`. */
export type WovenForm = 'twin' | 'inline';

export type FunctionKind =
  | 'function'
  | 'arrow'
  | 'method'
  | 'getter'
  | 'setter'
  | 'constructor'
  | 'field'
  | 'static-block'
  | 'module';

/**
 * What can be seen of a function's calls besides its lines:
 *
 * - `all`: their begin and their end, with the value returned or the error thrown.
 * - `ends`: the same, but of errors only those of its own `throw` statements are known; any other error
 *   of a generator cannot be told from its being closed early.
 * - `returns`: their begin, every `return` and its own `throw` statements; where something that it calls
 *   throws through it, no end is seen.
 * - `none`: lines only.
 *
 * A function made while the function around it was armed is seen as `returns` at least, see `woven.ts`.
 */
export type Exits = 'all' | 'ends' | 'returns' | 'none';

/** Positions are those of the original source; lines and columns both count from 1. */
export interface ManifestFunction {
  readonly index: number;
  /** As a debugger would show it: `Ledger.settle`, `price`, `<anonymous>`, `<module>`. */
  readonly name: string;
  readonly kind: FunctionKind;
  readonly form: WovenForm;
  readonly async: boolean;
  readonly generator: boolean;
  readonly exits: Exits;
  /** Index into {@link ManifestFile.sources}. */
  readonly source: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Indices into {@link ManifestFile.names}, in the order in which a twin receives them. */
  readonly parameters: readonly number[];
  /** In index order: `points[n].index === n`. */
  readonly points: readonly ManifestPoint[];
}

/** A statement or initialiser before which a hook stands. */
export interface ManifestPoint {
  readonly index: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Stands for the text of its line, see `lineTextHash`; absent where that was not at hand. */
  readonly text?: number;
  /** Indices into {@link ManifestFile.names}: the values the hook passes, in order. */
  readonly locals: readonly number[];
  /** The outer variables the function uses, in the order of the thunk's array; absent: no thunk. */
  readonly outers?: readonly number[];
  /** Whether `self` is this function's `this`. */
  readonly self: boolean;
  /** The innermost branching statement of the function around it, by the index of its point, and the arm it stands in. */
  readonly branch?: readonly [of: number, arm: BranchArm];
}

/** A part of a branching statement that runs, or does not: of `if`, of loops, of `switch`, of `try`. */
export type BranchArm = 'then' | 'else' | 'body' | 'case' | 'default' | 'catch' | 'finally';
