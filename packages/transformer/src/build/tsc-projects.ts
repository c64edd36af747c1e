import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadTypeScript, ts } from '../1-parse/typescript.js';
import type { TscCommandLine } from './tsc-command-line.js';

/** What the configurations of a tsc command line say. */
export interface TscProjects {
  /** The directory of the one project that is named or found, else the working directory. */
  readonly root: string;
  /** The files that the projects make, whether or not a run has to make them. */
  readonly outputs: readonly string[];
  /** The compiler options of each project, those of the command line included. */
  readonly options: readonly ts.CompilerOptions[];
}

/** Reads the configurations that are meant; one that cannot be read says nothing, and tsc will complain. */
export function tscProjects(commandLine: TscCommandLine, cwd: string): TscProjects {
  loadTypeScript();
  const configs = configsOf(commandLine, cwd);
  const projects = new Map<string, ts.ParsedCommandLine>();
  const read = (config: string): void => {
    if (projects.has(config)) return;
    const project = readProject(config, commandLine.options);
    if (project === undefined) return;
    projects.set(config, project);
    if (!commandLine.build) return;
    for (const { path } of project.projectReferences ?? []) read(configAt(path));
  };
  for (const config of configs) read(config);
  const [only, ...others] = configs;
  return {
    root: only !== undefined && others.length === 0 ? dirname(only) : cwd,
    outputs: [...projects.values()].flatMap(outputsOf),
    options: commandLine.hasFiles
      ? [commandLine.options]
      : [...projects.values()].map(({ options }) => options),
  };
}

function configsOf({ projects, hasFiles, build }: TscCommandLine, cwd: string): readonly string[] {
  if (projects.length > 0) return projects.map(configAt);
  if (hasFiles) return [];
  const found = build ? undefined : ts.findConfigFile(cwd, existsSync);
  return [found ?? join(cwd, 'tsconfig.json')];
}

function configAt(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path;
}

function readProject(config: string, options: ts.CompilerOptions): ts.ParsedCommandLine | undefined {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  };
  return ts.getParsedCommandLineOfConfigFile(config, options, host);
}

function outputsOf(project: ts.ParsedCommandLine): readonly string[] {
  const { noEmit, emitDeclarationOnly } = project.options;
  if (noEmit || emitDeclarationOnly) return [];
  return project.fileNames.flatMap((file) => outputsOfFile(project, file));
}

function outputsOfFile(project: ts.ParsedCommandLine, file: string): readonly string[] {
  try {
    return ts.getOutputFileNames(project, file, !ts.sys.useCaseSensitiveFileNames);
  } catch {
    return [];
  }
}
