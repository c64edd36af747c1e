import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { TransformerError } from '../transformer-error.js';
import type { WeaveReport } from './weave-files.js';
import { type WeavePathsOptions, weavePaths } from './weave-paths.js';

export interface WatchPathsOptions extends WeavePathsOptions {
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** In ms. A compiler is taken to be done after a pause; a directory that was deleted and made anew is found this often. */
const SETTLED_AFTER = 50;
const LOOK_EVERY = 1_000;

/**
 * Does what {@link weavePaths} does, and again whenever a compiler has written. What we write ourselves is
 * woven, so it ends there. Returns when the signal is given.
 * @param onWoven receives the account of each time that something is new
 */
export async function watchPaths(
  paths: readonly string[],
  { signal, ...options }: WatchPathsOptions,
  onWoven: (report: WeaveReport) => void,
): Promise<void> {
  let last: string | undefined;
  const weave = (): void => {
    const report = weaveIfThere(paths, options);
    if (report === undefined || report.manifest.buildId === last) return;
    last = report.manifest.buildId;
    onWoven(report);
  };
  let settled: NodeJS.Timeout | undefined;
  const weaveSoon = (): void => {
    clearTimeout(settled);
    settled = setTimeout(weave, SETTLED_AFTER);
  };
  const watches = paths.map((path) => new DirectoryWatch(directoryOf(path), weaveSoon));
  weave();
  const look = setInterval(() => watches.forEach((each) => each.follow()), LOOK_EVERY);
  await aborted(signal);
  clearInterval(look);
  clearTimeout(settled);
  for (const each of watches) each.close();
}

/** A build that has just been deleted will come again. */
function weaveIfThere(paths: readonly string[], options: WeavePathsOptions): WeaveReport | undefined {
  try {
    return weavePaths(paths, options);
  } catch (error) {
    if (error instanceof TransformerError && error.code === 'NO_FILES') return undefined;
    throw error;
  }
}

/** Hears of changes below a path, whichever directory is there at the time. */
class DirectoryWatch {
  readonly #path: string;
  readonly #onChange: () => void;
  #inode: number | undefined;
  #watcher: FSWatcher | undefined;

  constructor(path: string, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
    this.#inode = inodeOf(path);
    this.#open();
  }

  follow(): void {
    const inode = inodeOf(this.#path);
    if (inode === this.#inode) return;
    this.#inode = inode;
    this.#open();
    this.#onChange();
  }

  close(): void {
    this.#watcher?.close();
  }

  #open(): void {
    this.close();
    if (this.#inode === undefined) return;
    this.#watcher = watch(this.#path, { recursive: true }, this.#onChange);
    this.#watcher.on('error', () => this.close());
  }
}

function directoryOf(path: string): string {
  const absolute = resolve(path);
  return statSync(absolute, { throwIfNoEntry: false })?.isFile() ? dirname(absolute) : absolute;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((fulfil) => {
    if (signal.aborted) fulfil();
    else signal.addEventListener('abort', () => fulfil(), { once: true });
  });
}
