import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Manifest, ManifestFile } from '@dormouse/protocol';
import type { Goal } from '../1-parse/parse.js';
import { wovenId } from '../3-write/switches.js';
import { type Skip, weave } from '../weave.js';
import { type EmittedFile, readEmittedFile, readIfThere, writeWoven } from './emitted-file.js';
import { gitCommit } from './git-commit.js';
import { buildManifest, readManifest } from './manifest.js';
import { packageGoal } from './package-goal.js';

export interface WeaveFilesOptions {
  /** The project's directory; paths in the manifest are relative to it. */
  readonly root: string;
  /** Where the manifest is read and written. */
  readonly manifestPath: string;
}

export interface WeaveReport {
  readonly manifestPath: string;
  readonly manifest: Manifest;
  /** Files woven now; `kept` were woven before and have not changed. */
  readonly woven: number;
  readonly kept: number;
  readonly functions: number;
  readonly points: number;
  /** Files and functions left as they were; those woven before are not among them. */
  readonly skipped: readonly Skip[];
  /** Of the files woven now, maps not counted. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly ms: number;
}

/**
 * Weaves emitted JavaScript files in place, composes their maps and brings the manifest up to date:
 * files woven earlier keep their entries, entries of vanished files are dropped.
 */
export function weaveFiles(files: readonly string[], options: WeaveFilesOptions): WeaveReport {
  const started = performance.now();
  const root = resolve(options.root);
  const previous = readManifest(options.manifestPath);
  const batch = new Batch(root);
  for (const file of [...files].sort()) batch.weave(resolve(file));

  const kept = batch.keptFrom(previous?.files ?? []);
  const skipped = [...batch.skipped, ...batch.unknownAmong(kept)];
  const fileSkips = skipped.filter(({ line }) => line === undefined);
  const manifest = buildManifest([...batch.woven, ...kept], fileSkips, gitCommit(root));
  mkdirSync(dirname(options.manifestPath), { recursive: true });
  writeFileSync(options.manifestPath, `${JSON.stringify(manifest)}\n`);
  return {
    manifestPath: options.manifestPath,
    manifest,
    woven: batch.woven.length,
    kept: kept.length,
    functions: sum(manifest.files, ({ functions }) => functions.length),
    points: sum(manifest.files, ({ functions }) => sum(functions, ({ points }) => points.length)),
    skipped,
    bytesBefore: batch.bytesBefore,
    bytesAfter: batch.bytesAfter,
    ms: performance.now() - started,
  };
}

/** The files of one run, and what became of them. */
class Batch {
  readonly woven: ManifestFile[] = [];
  readonly skipped: Skip[] = [];
  bytesBefore = 0;
  bytesAfter = 0;
  readonly #root: string;
  readonly #alreadyWoven: string[] = [];
  readonly #goals = new Map<string, Goal | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  weave(path: string): void {
    const emitted = readEmittedFile(path);
    if (wovenId(emitted.code) !== undefined) this.#alreadyWoven.push(this.#relative(path));
    else this.#weaveEmitted(emitted);
  }

  #weaveEmitted(emitted: EmittedFile): void {
    const { path, code, map } = emitted;
    const goal = packageGoal(path, this.#goals);
    const result = weave(code, { filename: path, map, root: this.#root, goal, readSource: readIfThere });
    this.skipped.push(...result.skipped);
    if (result.manifest === null) return;
    writeWoven(emitted, result.code, result.map);
    this.woven.push(result.manifest);
    this.bytesBefore += Buffer.byteLength(code);
    this.bytesAfter += Buffer.byteLength(result.code);
  }

  /** The earlier entries whose files are still there, woven, and have not been woven anew. */
  keptFrom(entries: readonly ManifestFile[]): readonly ManifestFile[] {
    const anew = new Set(this.woven.map(({ output }) => output));
    return entries.filter(({ output, id }) => {
      if (anew.has(output)) return false;
      const code = readIfThere(resolve(this.#root, output));
      return code !== undefined && wovenId(code) === id;
    });
  }

  /** Files that were woven by someone else: without their entries, no probe can be placed in them. */
  unknownAmong(kept: readonly ManifestFile[]): readonly Skip[] {
    const known = new Set(kept.map(({ output }) => output));
    return this.#alreadyWoven
      .filter((path) => !known.has(path))
      .map((path) => ({
        path,
        code: 'already-woven',
        reason: 'It has been woven before and its manifest entry is lost: build it again.',
      }));
  }

  #relative(path: string): string {
    return relative(this.#root, path).replaceAll('\\', '/');
  }
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
