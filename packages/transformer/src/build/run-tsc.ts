import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { TransformerError } from '../transformer-error.js';
import { findTsc } from './find-typescript.js';
import { tscProjects } from './tsc-projects.js';
import { isJavaScript } from './weave-directory.js';
import { type WeaveReport, weaveFiles } from './weave-files.js';

export interface RunTscOptions {
  /** Default: the working directory. */
  readonly cwd?: string;
  /** Receives each line that tsc prints. Default: standard output. */
  readonly onLine?: (line: string) => void;
  /** Whether tsc may use colours. Default: whether standard output is a terminal. */
  readonly pretty?: boolean;
}

export interface TscResult {
  /** What tsc exited with: 0, or 1 or 2 after type errors. */
  readonly exitCode: number;
  /** Absent where the project has no JavaScript on disk. */
  readonly report?: WeaveReport;
}

const EMITTED = 'TSFILE: ';

/**
 * Runs the project's own tsc with the given arguments, then weaves what it emitted, and what an
 * earlier incremental run of a plain tsc left unwoven. Source maps are switched on, since without them
 * no position could be told in terms of the original. tsc's output is shown when it has ended.
 */
export async function runTsc(args: readonly string[], options: RunTscOptions = {}): Promise<TscResult> {
  if (args.some((arg) => /^--?(w|watch)$/i.test(arg))) {
    throw new TransformerError(
      'WATCH_NOT_SUPPORTED',
      'Weaving has no watch mode yet: run it without --watch.',
    );
  }
  const cwd = resolve(options.cwd ?? '.');
  const { root, outputs } = tscProjects(args, cwd);
  const { exitCode, lines } = await compileWithMaps(findTsc([cwd, root]), withPretty(args, options), cwd);
  const emitted = lines.filter((line) => line.startsWith(EMITTED)).map((line) => line.slice(EMITTED.length));
  const onLine = options.onLine ?? ((line) => process.stdout.write(`${line}\n`));
  for (const line of lines) if (!line.startsWith(EMITTED)) onLine(line);

  const scripts = unique([...emitted, ...outputs].map((path) => resolve(path))).filter(isScriptOnDisk);
  if (scripts.length === 0) return { exitCode };
  return { exitCode, report: weaveFiles(scripts, { root, manifestPath: manifestPath(scripts, root) }) };
}

interface Compilation {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** A configuration that asks for inline maps refuses `--sourceMap`; then its own choice is good enough. */
async function compileWithMaps(tsc: string, args: readonly string[], cwd: string): Promise<Compilation> {
  const listing = [...args, '--listEmittedFiles'];
  if (args.some((arg) => /^--(inlineSourceMap|sourceMap)$/i.test(arg))) return compile(tsc, listing, cwd);
  const compilation = await compile(tsc, [...listing, '--sourceMap'], cwd);
  return compilation.lines.some(isInlineMapClash) ? compile(tsc, listing, cwd) : compilation;
}

function isInlineMapClash(line: string): boolean {
  return line.includes('TS5053') && line.includes("'inlineSourceMap'");
}

function compile(tsc: string, args: readonly string[], cwd: string): Promise<Compilation> {
  return new Promise((fulfil, reject) => {
    const child = spawn(process.execPath, [tsc, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    child.on('error', reject);
    child.on('close', (code) => fulfil({ exitCode: code ?? 1, lines }));
  });
}

function withPretty(args: readonly string[], options: RunTscOptions): readonly string[] {
  const pretty = options.pretty ?? process.stdout.isTTY;
  return pretty && !args.includes('--pretty') ? [...args, '--pretty'] : args;
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}

function isScriptOnDisk(path: string): boolean {
  return isJavaScript(path) && existsSync(path);
}

/** Where an earlier build left the manifest, else the directory that all emitted files have in common. */
function manifestPath(files: readonly string[], root: string): string {
  const common = commonDirectory(files);
  for (let directory = common; isWithin(directory, root); directory = dirname(directory)) {
    const path = join(directory, MANIFEST_FILE);
    if (existsSync(path)) return path;
  }
  return join(common, MANIFEST_FILE);
}

function commonDirectory(files: readonly string[]): string {
  let common = dirname(resolve(files[0] ?? '.'));
  for (const file of files) while (!isWithin(resolve(file), common)) common = dirname(common);
  return common;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
