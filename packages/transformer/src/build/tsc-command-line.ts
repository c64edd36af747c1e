import { resolve } from 'node:path';
import { loadTypeScript, ts } from '../1-parse/typescript.js';

/**
 * What a tsc command line asks for.
 *
 * - `answer`: something to read, or nothing on disk (`--help`, `--init`, `--showConfig`, `--noEmit`, `-b --dry`, …).
 * - `clean`: the outputs of `-b` deleted.
 * - `compile`: JavaScript, once; `watch`: again whenever a source changes.
 */
export type TscPurpose = 'answer' | 'clean' | 'compile' | 'watch';

export interface TscCommandLine {
  readonly purpose: TscPurpose;
  /** Whether it is about projects and what they refer to (`-b`). */
  readonly build: boolean;
  /** Absolute; as `-p` or `-b` name them, a directory or a configuration. Empty: the one around the working directory. */
  readonly projects: readonly string[];
  /** Whether it names source files instead of a project. */
  readonly hasFiles: boolean;
  /** What the command line says about compilation; its directories are absolute. */
  readonly options: ts.CompilerOptions;
}

/** The compiler exports these to its own command; its declarations leave them out. */
interface BuildCommands {
  isBuildCommand(args: readonly string[]): boolean;
  parseBuildCommand(args: readonly string[]): {
    readonly buildOptions: BuildOptions;
    readonly projects: readonly string[];
  };
}

interface BuildOptions extends ts.CompilerOptions {
  readonly clean?: boolean;
  readonly dry?: boolean;
}

/** Reads `args` as tsc does, response files included; what it does not know is left to tsc to refuse. */
export function readTscCommandLine(args: readonly string[], cwd: string): TscCommandLine {
  loadTypeScript();
  const { isBuildCommand } = ts as unknown as BuildCommands;
  return isBuildCommand(args) ? readBuild(args, cwd) : readCompilation(args, cwd);
}

function readBuild(args: readonly string[], cwd: string): TscCommandLine {
  const { parseBuildCommand } = ts as unknown as BuildCommands;
  const { buildOptions: options, projects } = parseBuildCommand(args);
  const answers = options['help'] === true || options.dry === true || options.noEmit === true;
  return {
    purpose: answers ? 'answer' : options.clean === true ? 'clean' : purposeOf(options),
    build: true,
    projects: projects.map((path) => resolve(cwd, path)),
    hasFiles: false,
    options,
  };
}

const ANSWERS = ['help', 'all', 'version', 'init', 'showConfig', 'listFilesOnly', 'noEmit'] as const;

function readCompilation(args: readonly string[], cwd: string): TscCommandLine {
  const { options, fileNames } = ts.parseCommandLine(args, (path) => ts.sys.readFile(resolve(cwd, path)));
  const { project } = options;
  return {
    purpose: ANSWERS.some((name) => options[name] === true) ? 'answer' : purposeOf(options),
    build: false,
    projects: project === undefined ? [] : [resolve(cwd, project)],
    hasFiles: fileNames.some((name) => /\.[mc]?[jt]sx?$/.test(name)),
    options: withAbsoluteDirectories(options, cwd),
  };
}

function purposeOf(options: ts.CompilerOptions): TscPurpose {
  return options['watch'] === true ? 'watch' : 'compile';
}

function withAbsoluteDirectories(options: ts.CompilerOptions, cwd: string): ts.CompilerOptions {
  const absolute = { ...options };
  for (const key of ['outDir', 'rootDir', 'outFile', 'declarationDir'] as const) {
    const path = options[key];
    if (typeof path === 'string') absolute[key] = resolve(cwd, path);
  }
  return absolute;
}
