import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Manifest, ManifestFile, SkippedFile } from '@dormouse/protocol';
import { buildManifest } from './manifest.js';
import { ancestors, commonDirectory } from './manifest-place.js';
import { readManifest, readManifestOrThrow } from './read-manifest.js';

/**
 * One manifest for several builds that run in one process. A file that several describe is described once;
 * the commit stays where all agree on it.
 */
export function mergeManifests(manifests: readonly Manifest[]): Manifest {
  const files = new Map<string, ManifestFile>();
  const skipped = new Map<string, SkippedFile>();
  for (const manifest of manifests) {
    for (const file of manifest.files) files.set(file.id, file);
    for (const skip of manifest.skipped) skipped.set(`${skip.path}\0${skip.code}\0${skip.reason}`, skip);
  }
  const [commit, ...others] = new Set(manifests.map((manifest) => manifest.commit));
  return buildManifest([...files.values()], [...skipped.values()], others.length === 0 ? commit : undefined);
}

/**
 * Merges the manifests at `paths`. Builds of different directories get paths that are relative to the one
 * that they have in common, so that their `src/index.ts` can be told apart.
 * @throws TransformerError where one is no manifest, or of another format or contract
 */
export function mergeManifestFiles(paths: readonly string[]): Manifest {
  const builds = paths.map((path) => {
    const manifest = readManifestOrThrow(path);
    return { manifest, root: rootOf(manifest, resolve(path)) };
  });
  const common = commonDirectory(builds.flatMap(({ root }) => root ?? []));
  return mergeManifests(
    builds.map(({ manifest, root }) =>
      root === undefined || common === undefined ? manifest : moved(manifest, relative(common, root)),
    ),
  );
}

/** The manifest at `path` as it looks from `root`; undefined where there is none to go on with. */
export function manifestSeenFrom(root: string, path: string): Manifest | undefined {
  const manifest = readManifest(path);
  if (manifest === undefined) return undefined;
  const own = rootOf(manifest, path);
  return own === undefined ? undefined : moved(manifest, relative(root, own));
}

/** The directory that a manifest's paths are relative to: the one from which its outputs are found. */
function rootOf({ files }: Manifest, path: string): string | undefined {
  return ancestors(dirname(path)).find((directory) =>
    files.some(({ output }) => existsSync(resolve(directory, output))),
  );
}

/** The same build as it looks from `prefix` directories further up. */
function moved(manifest: Manifest, prefix: string): Manifest {
  if (prefix === '') return manifest;
  const move = (path: string): string => join(prefix, path).replaceAll('\\', '/');
  return {
    ...manifest,
    files: manifest.files.map((file) => ({
      ...file,
      output: move(file.output),
      sources: file.sources.map((source) => ({ ...source, path: move(source.path) })),
    })),
    skipped: manifest.skipped.map((skip) => ({ ...skip, path: move(skip.path) })),
  };
}
