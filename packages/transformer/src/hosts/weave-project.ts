import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE, type ManifestFile } from '@dormouse/protocol';
import type * as tsMorph from 'ts-morph';
import type { Diagnostic, FileSystemHost, Project, ts } from 'ts-morph';
import type { Goal } from '../1-parse/parse.js';
import { gitCommit } from '../build/git-commit.js';
import { buildManifest } from '../build/manifest.js';
import { packageGoal } from '../build/package-goal.js';
import type { FileSize, WeaveReport } from '../build/weave-files.js';
import type { Skip } from '../weave.js';
import { weaveText } from './weave-text.js';

export interface WeaveProjectOptions {
  /** Paths in the manifest are relative to it. Default: the directory of the tsconfig.json, else the working directory. */
  readonly root?: string;
  /** Relative to the root. Default: `dormouse.manifest.json` in the `outDir`, or in the root where there is none. */
  readonly manifestPath?: string;
  /** Whether the files and the manifest are written, into the project's file system. Default: yes. */
  readonly write?: boolean;
}

export interface WovenFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

export interface WovenProject {
  /** All that the project emits: scripts, which are woven, their maps, declarations. */
  readonly files: readonly WovenFile[];
  /** What the compiler has to say of the original sources. With `noEmitOnError`, errors leave no files. */
  readonly diagnostics: readonly Diagnostic[];
  readonly report: WeaveReport;
}

/**
 * Emits a ts-morph project and weaves what it emits. Source maps are switched on, since without them no position could
 * be told in terms of the original; the project itself stays as it is.
 * @param target a project, or the path of a tsconfig.json
 * @throws where the tsconfig.json cannot be read
 */
export function weaveProject(target: string | Project, options: WeaveProjectOptions = {}): WovenProject {
  const started = performance.now();
  const project = typeof target === 'string' ? openProject(target) : target;
  const root = resolve(options.root ?? rootOf(project));
  const { texts, diagnostics } = emitWithMaps(project);
  const { files, woven, skipped, sizes } = weaveAll(texts, project, root);

  const fileSkips = skipped.filter(({ line }) => line === undefined);
  const manifest = buildManifest(woven, fileSkips, gitCommit(root));
  const outDir = project.compilerOptions.get().outDir ?? '.';
  const manifestPath = resolve(root, options.manifestPath ?? join(outDir, MANIFEST_FILE));
  if (options.write !== false && files.length > 0) {
    const manifestText = `${JSON.stringify(manifest)}\n`;
    writeAll([...files, { path: manifestPath, text: manifestText }], project.getFileSystem());
  }
  return {
    files,
    diagnostics,
    report: {
      manifestPath,
      manifest,
      woven: woven.length,
      kept: 0,
      cached: 0,
      functions: sum(woven, ({ functions }) => functions.length),
      points: sum(woven, ({ functions }) => sum(functions, ({ points }) => points.length)),
      skipped,
      size: { before: sum(sizes, ({ before }) => before), after: sum(sizes, ({ after }) => after) },
      sizes,
      ms: performance.now() - started,
    },
  };
}

/** Who weaves no projects does not wait for ts-morph. */
function openProject(tsConfigFilePath: string): Project {
  const { Project } = createRequire(import.meta.url)('ts-morph') as typeof tsMorph;
  return new Project({ tsConfigFilePath });
}

function rootOf(project: Project): string {
  const { configFilePath } = project.compilerOptions.get();
  return typeof configFilePath === 'string' ? dirname(configFilePath) : process.cwd();
}

interface Emitted {
  /** By path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** One program emits and is checked: a change of options makes another. */
function emitWithMaps(project: Project): Emitted {
  const before = project.compilerOptions.get();
  const hasMaps = before.sourceMap === true || before.inlineSourceMap === true;
  if (!hasMaps) project.compilerOptions.set({ sourceMap: true });
  try {
    const files = project.emitToMemory().getFiles();
    const texts = new Map(files.map(({ filePath, text }) => [filePath, text]));
    return { texts, diagnostics: project.getPreEmitDiagnostics() };
  } finally {
    if (!hasMaps) restore(project, before);
  }
}

function restore(project: Project, options: ts.CompilerOptions): void {
  project.compilerOptions.reset();
  project.compilerOptions.set(options);
}

interface Woven {
  readonly files: readonly WovenFile[];
  readonly woven: readonly ManifestFile[];
  readonly skipped: readonly Skip[];
  readonly sizes: readonly FileSize[];
}

function weaveAll(emitted: ReadonlyMap<string, string>, project: Project, root: string): Woven {
  const texts = new Map(emitted);
  const woven: ManifestFile[] = [];
  const skipped: Skip[] = [];
  const sizes: FileSize[] = [];
  const goals = new Map<string, Goal | undefined>();
  for (const [path, text] of emitted) {
    if (!/\.[mc]?jsx?$/.test(path)) continue;
    const readSource = (source: string): string | undefined => project.getSourceFile(source)?.getFullText();
    const goal = packageGoal(path, goals);
    const map = emitted.get(`${path}.map`);
    const { result, ...after } = weaveText({ path, text, map }, { root, goal, readSource });
    skipped.push(...result.skipped);
    if (result.manifest === null) continue;
    woven.push(result.manifest);
    texts.set(path, after.text);
    if (after.map !== undefined) texts.set(`${path}.map`, after.map);
    sizes.push({ path: result.manifest.output, before: bytes(text), after: bytes(after.text) });
  }
  return { files: [...texts].map(([path, text]) => ({ path, text })), woven, skipped, sizes };
}

function writeAll(files: readonly WovenFile[], fileSystem: FileSystemHost): void {
  for (const { path, text } of files) {
    fileSystem.mkdirSync(dirname(path));
    fileSystem.writeFileSync(path, text);
  }
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
