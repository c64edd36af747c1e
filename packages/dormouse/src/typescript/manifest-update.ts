import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import type { Manifest, ManifestFile, SkippedFile } from '@dormouse/protocol';
import { type WeaveResult, buildManifest, gitCommit, readManifest } from '@dormouse/transformer';

const updates = new Map<string, ManifestUpdate>();

process.on('exit', () => {
  for (const update of updates.values()) update.flush();
});

/** The update of the manifest at `path` that collects what this process weaves. */
export function manifestUpdate(path: string, root: string): ManifestUpdate {
  let update = updates.get(path);
  if (update === undefined) {
    update = new ManifestUpdate(path, root);
    updates.set(path, update);
  }
  return update;
}

/**
 * A manifest on disk to which several processes add what they weave, file by file: ts-jest transforms in parallel
 * workers, a watching compiler emits only what has changed. It is written when an `emit` is over, at the latest when
 * the process ends.
 */
export class ManifestUpdate {
  readonly #path: string;
  readonly #root: string;
  #files: ManifestFile[] = [];
  #skipped: SkippedFile[] = [];
  #commit: string | undefined;
  #isScheduled = false;

  constructor(path: string, root: string) {
    this.#path = path;
    this.#root = root;
  }

  add({ manifest, skipped }: WeaveResult): void {
    if (manifest !== null) this.#files.push(manifest);
    this.#skipped.push(...skipped.filter(({ line }) => line === undefined));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Writes what has been added since the last time. */
  flush(): void {
    if (!this.#isScheduled) return;
    this.#isScheduled = false;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      whileLocked(`${this.#path}.lock`, () => this.#write());
    } catch (error) {
      process.emitWarning(`dormouse: the manifest was not written: ${(error as Error).message}`);
    }
    this.#files = [];
    this.#skipped = [];
  }

  #write(): void {
    this.#commit ??= gitCommit(this.#root);
    const manifest = merge(readManifest(this.#path), this.#files, this.#skipped, this.#root, this.#commit);
    const temporary = `${this.#path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(manifest)}\n`);
    renameSync(temporary, this.#path);
  }
}

/** What is new takes the place of the same output; what is gone from the sources is gone. */
function merge(
  previous: Manifest | undefined,
  files: readonly ManifestFile[],
  skipped: readonly SkippedFile[],
  root: string,
  commit: string | undefined,
): Manifest {
  const isThere = ({ sources }: ManifestFile): boolean =>
    sources.every(({ path }) => existsSync(resolve(root, path)));
  const skips = new Map([...(previous?.skipped ?? []), ...skipped].map((skip) => [skip.path, skip]));
  const merged = new Map([...(previous?.files ?? []), ...files].map((file) => [file.output, file]));
  for (const { output } of files) skips.delete(output);
  for (const { path } of skipped) merged.delete(path);
  return buildManifest([...merged.values()].filter(isThere), [...skips.values()], commit);
}

const LOCK_MS = 10_000;

/** One process at a time. A lock whose holder seems to have died is taken over. */
function whileLocked(lock: string, run: () => void): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!takes(lock)) Atomics.wait(sleeper, 0, 0, 5);
  try {
    run();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takes(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - since > LOCK_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
