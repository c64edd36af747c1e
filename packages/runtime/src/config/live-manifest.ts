import type { Manifest } from '@dormouse/protocol';
import { buildOf, type Build } from './manifest.js';

/**
 * The manifest of a build that comes into being while the program runs, because a loader weaves its files when they
 * are loaded.
 */
export interface LiveManifest {
  /** The directory that the manifest's paths are relative to, absolute. */
  readonly root: string;
  /** What has been woven so far. */
  read(): Manifest;
  /**
   * The source map of a file, JSON text, given its absolute path: on disk the file is as it was before. Undefined where
   * it was not woven.
   */
  sourceMap(path: string): string | undefined;
  /** Calls `listener` after every change, in place of any earlier listener. */
  onChange(listener: () => void): void;
}

/** The build as it is now; undefined while nothing has been woven. */
export function readLiveBuild(live: LiveManifest): Build | undefined {
  const manifest = live.read();
  if (manifest.files.length === 0) return undefined;
  return buildOf(manifest, 'what the loader has woven', live.root, () => manifest);
}
