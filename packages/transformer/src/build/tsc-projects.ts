import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ts } from '../1-parse/typescript.js';

/** What a tsc command line is about. */
export interface TscProjects {
  /** The directory of the one project that the arguments name, else the working directory. */
  readonly root: string;
  /** The JavaScript that its configurations say it makes, whether or not this run has to make it. */
  readonly outputs: readonly string[];
}

/** Reads the configurations that `args` mean; one that cannot be read has no outputs. */
export function tscProjects(args: readonly string[], cwd: string): TscProjects {
  const build = args.some((arg) => /^(-b|--build)$/i.test(arg));
  const named = build ? pathsAfterBuild(args) : pathAfterProject(args);
  const configs = named.map((path) => configAt(resolve(cwd, path)));
  const [only, ...others] = configs;
  const root = only !== undefined && others.length === 0 ? dirname(only) : cwd;
  const hasFiles = !build && args.some((arg) => /\.[mc]?[jt]sx?$/.test(arg));
  const roots = configs.length > 0 || hasFiles ? configs : [join(cwd, 'tsconfig.json')];
  const seen = new Set<string>();
  const options = build ? {} : optionsIn(args, cwd);
  return { root, outputs: roots.flatMap((config) => outputsOf(config, options, build, seen)) };
}

/** Options on the command line prevail over the configuration's; directories in it are relative to `cwd`. */
function optionsIn(args: readonly string[], cwd: string): ts.CompilerOptions {
  const { options } = ts.parseCommandLine(args);
  for (const key of ['outDir', 'rootDir', 'outFile', 'declarationDir'] as const) {
    const directory = options[key];
    if (typeof directory === 'string') options[key] = resolve(cwd, directory);
  }
  return options;
}

function pathsAfterBuild(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith('-'));
}

function pathAfterProject(args: readonly string[]): readonly string[] {
  const flag = args.findIndex((arg) => /^(-p|--project)$/i.test(arg));
  return flag < 0 ? [] : args.slice(flag + 1, flag + 2);
}

function configAt(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path;
}

function outputsOf(
  config: string,
  options: ts.CompilerOptions,
  followReferences: boolean,
  seen: Set<string>,
): readonly string[] {
  if (seen.has(config)) return [];
  seen.add(config);
  const project = readProject(config, options);
  if (project === undefined) return [];
  const references = followReferences ? (project.projectReferences ?? []) : [];
  return [
    ...project.fileNames.flatMap((file) => outputsOfFile(project, file)),
    ...references.flatMap(({ path }) => outputsOf(configAt(path), options, followReferences, seen)),
  ];
}

function readProject(config: string, options: ts.CompilerOptions): ts.ParsedCommandLine | undefined {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  };
  return ts.getParsedCommandLineOfConfigFile(config, options, host);
}

function outputsOfFile(project: ts.ParsedCommandLine, file: string): readonly string[] {
  try {
    return ts.getOutputFileNames(project, file, !ts.sys.useCaseSensitiveFileNames);
  } catch {
    return [];
  }
}
