import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Manifest, ManifestFile, SkippedFile } from '@dormouse/protocol';
import type { Goal } from '../1-parse/parse.js';
import { wovenId } from '../3-write/switches.js';
import { type Skip, weave } from '../weave.js';
import {
  type EmittedFile,
  readEmittedFile,
  readIfThere,
  writeIfChanged,
  writeWoven,
} from './emitted-file.js';
import { gitCommit } from './git-commit.js';
import { buildManifest } from './manifest.js';
import { manifestSeenFrom, mergeManifests } from './merge-manifests.js';
import { packageGoal } from './package-goal.js';
import { readManifest, whyUnreadable } from './read-manifest.js';
import type { WeaveCache } from './weave-cache.js';

/** What every way to weave files can be told. */
export interface WeaveSettings {
  /** Remembers what was woven from what. Default: nothing is remembered. */
  readonly cache?: WeaveCache | undefined;
  /** Whether sizes are measured gzipped as well, which takes about a tenth of the time of weaving. Default: no. */
  readonly gzip?: boolean | undefined;
  /** Is told after each file. Default: nobody is. */
  readonly onProgress?: ((progress: WeaveProgress) => void) | undefined;
}

export interface WeaveProgress {
  readonly done: number;
  readonly total: number;
  /** The file just done, relative to the root, with `/`. */
  readonly path: string;
}

export interface WeaveFilesOptions extends WeaveSettings {
  /** The project's directory; paths in the manifest are relative to it. */
  readonly root: string;
  /** Where the manifest is read and written. */
  readonly manifestPath: string;
  /** Manifests of earlier, smaller builds, which this one takes over: they are deleted. Default: none. */
  readonly nearer?: readonly string[];
  /** The absolute path that a file, given its own, is written to. Default: it is woven in place. */
  readonly targetOf?: (path: string) => string;
}

export interface WeaveReport {
  readonly manifestPath: string;
  readonly manifest: Manifest;
  /** Files woven now; `kept` were woven before and have not changed. */
  readonly woven: number;
  readonly kept: number;
  /** Of the files woven now, those that the cache had. */
  readonly cached: number;
  readonly functions: number;
  readonly points: number;
  /** Files and functions left as they were; those woven before are not among them. */
  readonly skipped: readonly Skip[];
  /** Of the files woven now, all together and one by one; maps are not counted. */
  readonly size: Size;
  readonly sizes: readonly FileSize[];
  readonly ms: number;
}

/** In bytes. */
export interface Size {
  readonly before: number;
  readonly after: number;
  /** Where it was measured; each file for itself, as a server would send it. */
  readonly gzip?: { readonly before: number; readonly after: number };
}

export interface FileSize extends Size {
  /** The woven file, relative to the root, with `/`. */
  readonly path: string;
}

/**
 * Weaves emitted JavaScript files, composes their maps and brings the manifest up to date: files woven
 * earlier keep their entries, entries of vanished files are dropped, and so is a manifest of nothing.
 */
export function weaveFiles(files: readonly string[], options: WeaveFilesOptions): WeaveReport {
  const started = performance.now();
  const { manifestPath, nearer = [], cache } = options;
  const root = resolve(options.root);
  const batch = new Batch(root, options);
  batch.weaveAll(files);
  cache?.prune();

  const previous = mergeManifests(
    [readManifest(manifestPath), ...nearer.map((path) => manifestSeenFrom(root, path))].filter(isThere),
  );
  const kept = batch.keptFrom(previous.files);
  const unreadable = [manifestPath, ...nearer].map(whyUnreadable).find(isThere);
  const skipped = [...batch.skipped, ...batch.unknownAmong(kept, unreadable)];
  const skippedFiles = [
    ...batch.stillSkipped(previous.skipped),
    ...skipped.filter(({ line }) => line === undefined),
  ];
  const manifest = buildManifest([...batch.woven, ...kept], skippedFiles, gitCommit(root));
  writeManifest(manifestPath, manifest);
  for (const path of nearer) rmSync(path);
  return {
    manifestPath,
    manifest,
    woven: batch.woven.length,
    kept: kept.length,
    cached: batch.cached,
    functions: sum(manifest.files, ({ functions }) => functions.length),
    points: sum(manifest.files, ({ functions }) => sum(functions, ({ points }) => points.length)),
    skipped,
    size: totalOf(batch.sizes),
    sizes: batch.sizes,
    ms: performance.now() - started,
  };
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** A manifest of nothing would only be in the way of another one further up. */
function writeManifest(path: string, manifest: Manifest): void {
  if (manifest.files.length === 0 && manifest.skipped.length === 0) return rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeIfChanged(path, `${JSON.stringify(manifest)}\n`);
}

/** The files of one run, and what became of them. */
class Batch {
  readonly woven: ManifestFile[] = [];
  readonly skipped: Skip[] = [];
  readonly sizes: FileSize[] = [];
  cached = 0;
  readonly #root: string;
  readonly #options: WeaveFilesOptions;
  readonly #alreadyWoven: string[] = [];
  readonly #seen = new Set<string>();
  readonly #goals = new Map<string, Goal | undefined>();

  constructor(root: string, options: WeaveFilesOptions) {
    this.#root = root;
    this.#options = options;
  }

  weaveAll(files: readonly string[]): void {
    const paths = files.map((path) => resolve(path)).sort();
    for (const [index, path] of paths.entries()) {
      this.#weave(path, this.#options.targetOf?.(path) ?? path);
      this.#options.onProgress?.({ done: index + 1, total: paths.length, path: this.#relative(path) });
    }
  }

  #weave(path: string, target: string): void {
    const emitted = readEmittedFile(path);
    const output = this.#relative(target);
    this.#seen.add(output);
    if (target !== path) mkdirSync(dirname(target), { recursive: true });
    if (wovenId(emitted.code) === undefined) return this.#weaveEmitted(emitted, target, output);
    this.#alreadyWoven.push(output);
    copyEmitted(emitted, target);
  }

  #weaveEmitted(emitted: EmittedFile, target: string, output: string): void {
    const { path, code, map } = emitted;
    const { cache } = this.#options;
    const hits = cache?.hits;
    const result = (cache?.weave ?? weave)(code, {
      filename: path,
      map,
      root: this.#root,
      output: target,
      goal: packageGoal(path, this.#goals),
      readSource: readIfThere,
    });
    this.skipped.push(...result.skipped);
    if (result.manifest === null) return copyEmitted(emitted, target);
    if (readIfThere(path) !== code) return this.#leaveChanged(output);
    writeWoven(emitted, target, result.code, result.map);
    this.woven.push(result.manifest);
    if (cache?.hits !== hits) this.cached++;
    this.sizes.push({ path: output, ...this.#measure(code, result.code) });
  }

  /** A compiler has just written the file again: its newer text must not be lost. */
  #leaveChanged(path: string): void {
    const reason = 'It was written again while it was being woven: weave it once more.';
    this.skipped.push({ path, code: 'weaver-error', reason });
  }

  #measure(before: string, after: string): Size {
    return {
      before: Buffer.byteLength(before),
      after: Buffer.byteLength(after),
      ...(this.#options.gzip && {
        gzip: { before: gzipSync(before).length, after: gzipSync(after).length },
      }),
    };
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

  /** Of what earlier runs left unwoven, what this one did not look at and is still there. */
  stillSkipped(earlier: readonly SkippedFile[]): readonly SkippedFile[] {
    return earlier.filter(({ path }) => !this.#seen.has(path) && existsSync(resolve(this.#root, path)));
  }

  /** Files that were woven by someone else: without their entries, no probe can be placed in them. */
  unknownAmong(kept: readonly ManifestFile[], unreadable: string | undefined): readonly Skip[] {
    const known = new Set(kept.map(({ output }) => output));
    const reason =
      unreadable === undefined
        ? 'It has been woven before and its manifest entry is lost: build it again.'
        : `It has been woven before; the manifest ${unreadable}`;
    return this.#alreadyWoven
      .filter((path) => !known.has(path))
      .map((path) => ({ path, code: 'already-woven', reason }));
  }

  #relative(path: string): string {
    return relative(this.#root, path).replaceAll('\\', '/');
  }
}

/** What is not woven has to be where the woven files are all the same. */
function copyEmitted({ path, mapPlace }: EmittedFile, target: string): void {
  if (path === target) return;
  copyFileSync(path, target);
  if (mapPlace.kind === 'file') {
    copyFileSync(mapPlace.path, resolve(dirname(target), relative(dirname(path), mapPlace.path)));
  }
}

function totalOf(sizes: readonly FileSize[]): Size {
  return {
    before: sum(sizes, ({ before }) => before),
    after: sum(sizes, ({ after }) => after),
    ...(sizes.some(({ gzip }) => gzip !== undefined) && {
      gzip: {
        before: sum(sizes, ({ gzip }) => gzip?.before ?? 0),
        after: sum(sizes, ({ gzip }) => gzip?.after ?? 0),
      },
    }),
  };
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
