import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE, type ManifestFile } from '@dormouse/protocol';
import { type WeaveResult, readManifest } from '@dormouse/transformer';
import { relativeTo } from './paths.js';

/**
 * The manifest entries that came with a module which had been woven before, by the build of the package it is from:
 * those of the nearest manifest above it, with their sources relative to `root`.
 */
export function manifestOfWoven(
  path: string,
  { skipped }: WeaveResult,
  root: string,
): readonly ManifestFile[] {
  if (!skipped.some(({ code }) => code === 'already-woven')) return [];
  const above = ancestors(dirname(path));
  const place = above.find((directory) => existsSync(join(directory, MANIFEST_FILE)));
  const files = place === undefined ? [] : (readManifest(join(place, MANIFEST_FILE))?.files ?? []);
  return files.flatMap((entry) => {
    const home = above.find((directory) => resolve(directory, entry.output) === path);
    if (home === undefined) return [];
    const sources = entry.sources.map((source) => ({
      ...source,
      path: relativeTo(root, resolve(home, source.path)),
    }));
    return [{ ...entry, sources }];
  });
}

function ancestors(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
