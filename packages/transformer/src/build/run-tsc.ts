import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findTsc } from './find-typescript.js';
import { isJavaScript } from './javascript-in.js';
import { manifestPlace } from './manifest-place.js';
import { readTscCommandLine } from './tsc-command-line.js';
import { type Tsc, answerByTsc, hearTsc, heardArguments } from './tsc-process.js';
import { type TscProjects, tscProjects } from './tsc-projects.js';
import { type WeaveReport, type WeaveSettings, weaveFiles } from './weave-files.js';

export interface RunTscOptions extends WeaveSettings {
  /** Default: the working directory. */
  readonly cwd?: string;
  /** Receives each line that tsc prints. Default: standard output. */
  readonly onLine?: (line: string) => void;
  /** Receives the account of each time that a watching tsc has emitted. Default: nobody does. */
  readonly onWoven?: (report: WeaveReport) => void;
  /** Whether tsc may use colours. Default: whether standard output is a terminal and `NO_COLOR` is not set. */
  readonly pretty?: boolean;
  /** Ends tsc early; what it has emitted by then and is not woven stays so. Default: it ends by itself. */
  readonly signal?: AbortSignal;
}

export interface TscResult {
  /** What tsc exited with: 0, or 1 or 2 after type errors. */
  readonly exitCode: number;
  /** How many JavaScript files tsc wrote; absent where it was not asked to (`--help`, `--noEmit`, `-b --clean`, …). */
  readonly emitted?: number;
  /** Absent where the project has no JavaScript on disk, and after a watch. */
  readonly report?: WeaveReport;
}

/**
 * Runs the project's own tsc with the given arguments, and weaves what it emitted, and what an earlier
 * incremental run of a plain tsc left unwoven. Returns when tsc has ended; a tsc that watches is heard
 * meanwhile, and what it emits is woven each time.
 */
export async function runTsc(args: readonly string[], options: RunTscOptions = {}): Promise<TscResult> {
  const cwd = resolve(options.cwd ?? '.');
  const commandLine = readTscCommandLine(args, cwd);
  const projects = tscProjects(commandLine, cwd);
  const tsc: Tsc = { path: findTsc([cwd, projects.root]), cwd, signal: options.signal };
  if (commandLine.purpose === 'answer') return { exitCode: await answerByTsc(tsc, args) };

  const build = new Build(projects, options);
  const onLine = options.onLine ?? ((line: string) => process.stdout.write(`${line}\n`));
  const pretty = options.pretty ?? (process.stdout.isTTY && !process.env['NO_COLOR']);
  const heard = heardArguments(args, commandLine, projects.options, pretty);
  if (commandLine.purpose === 'watch') return build.watch(tsc, heard, onLine);
  const exitCode = await build.hear(tsc, heard, onLine);
  if (options.signal?.aborted) return { exitCode };
  const report = build.weave();
  return {
    exitCode,
    ...(commandLine.purpose === 'compile' && { emitted: build.emitted }),
    ...(report !== undefined && { report }),
  };
}

/** tsc lists what it has written in one go: a pause this long, in ms, is the end of it. */
const SETTLED_AFTER = 20;

/** The JavaScript of a build, and what becomes of it. */
class Build {
  emitted = 0;
  readonly #projects: TscProjects;
  readonly #options: RunTscOptions;
  readonly #outputs: Set<string>;

  constructor(projects: TscProjects, options: RunTscOptions) {
    this.#projects = projects;
    this.#options = options;
    this.#outputs = new Set(projects.outputs.map((path) => resolve(path)).filter(isJavaScript));
  }

  /** Runs tsc and collects what it emits; lines that only we asked for are not passed on. */
  hear(
    tsc: Tsc,
    args: readonly string[],
    onLine: (line: string) => void,
    onScript?: () => void,
  ): Promise<number> {
    const isListed = this.#projects.options.some((project) => project['listEmittedFiles'] === true);
    return hearTsc(tsc, args, onLine, (path, line) => {
      if (isListed) onLine(line);
      if (!isJavaScript(path)) return;
      this.#outputs.add(path);
      this.emitted++;
      onScript?.();
    });
  }

  /** What was there before is woven first: an incremental tsc may see no reason to emit it again. */
  async watch(tsc: Tsc, args: readonly string[], onLine: (line: string) => void): Promise<TscResult> {
    this.weave();
    let settled: NodeJS.Timeout | undefined;
    const exitCode = await this.hear(tsc, args, onLine, () => {
      clearTimeout(settled);
      settled = setTimeout(() => {
        const report = this.weave();
        if (report !== undefined) this.#options.onWoven?.(report);
      }, SETTLED_AFTER);
    });
    clearTimeout(settled);
    return { exitCode };
  }

  /** All outputs are looked at each time: those that are woven already cost no more than being read. */
  weave(): WeaveReport | undefined {
    const outputs = [...this.#outputs];
    const place = manifestPlace(outputs, this.#projects.root);
    const files = outputs.filter((path) => existsSync(path));
    if (files.length === 0 && !existsSync(place.manifestPath)) return undefined;
    return weaveFiles(files, { ...this.#options, ...place });
  }
}
