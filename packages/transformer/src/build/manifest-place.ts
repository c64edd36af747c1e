import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { readManifest } from './read-manifest.js';

export interface ManifestPlace {
  /** Where the manifest is read and written. */
  readonly manifestPath: string;
  /** The directory that its paths are relative to. */
  readonly root: string;
  /**
   * Manifests of earlier, smaller builds between the outputs and this one. A process that starts beside them would find
   * them first.
   */
  readonly nearer: readonly string[];
}

/**
 * Where the manifest of a project's outputs belongs: where an earlier build left it, be it the build of a
 * whole workspace that has some of these outputs, else into the directory that all outputs have in common.
 */
export function manifestPlace(outputs: readonly string[], root: string): ManifestPlace {
  const place = placeOfBuild(outputs, root);
  return { ...place, nearer: manifestsBetween(outputs, dirname(place.manifestPath)) };
}

function manifestsBetween(outputs: readonly string[], top: string): readonly string[] {
  const below = (directory: string): boolean => directory !== top && isWithin(directory, top);
  const directories = new Set(
    outputs.map((path) => dirname(path)).flatMap((path) => ancestors(path).filter(below)),
  );
  return [...directories]
    .map((directory) => join(directory, MANIFEST_FILE))
    .filter((path) => existsSync(path));
}

function placeOfBuild(outputs: readonly string[], root: string): Omit<ManifestPlace, 'nearer'> {
  const common = commonDirectory(outputs.map((path) => dirname(path))) ?? root;
  for (const directory of ancestors(common)) {
    const manifestPath = join(directory, MANIFEST_FILE);
    if (existsSync(manifestPath)) {
      if (isWithin(directory, root)) return { manifestPath, root };
      const wider = rootWith(manifestPath, outputs);
      if (wider !== undefined) return { manifestPath, root: wider };
    }
    if (existsSync(join(directory, '.git'))) break;
  }
  return { manifestPath: join(common, MANIFEST_FILE), root };
}

/** The directory relative to which a manifest names one of these outputs, if there is one. */
function rootWith(manifestPath: string, outputs: readonly string[]): string | undefined {
  const ours = new Set(outputs);
  const { files = [] } = readManifest(manifestPath) ?? {};
  return ancestors(dirname(manifestPath)).find((directory) =>
    files.some(({ output }) => ours.has(resolve(directory, output))),
  );
}

/** The nearest directory that has all these in it; undefined without any. */
export function commonDirectory([first, ...others]: readonly string[]): string | undefined {
  let common = first;
  for (const other of others) {
    while (common !== undefined && !isWithin(other, common)) common = dirname(common);
  }
  return common;
}

/** A directory, then the one above it, and so on. */
export function ancestors(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

/** Whether a path is a directory or in it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
