import { readFileSync } from 'node:fs';
import {
  CONTRACT_VERSION,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFile,
  type SkippedFile,
} from '@dormouse/protocol';
import { sha256 } from '../origin/sha256.js';
import { readIfThere } from './emitted-file.js';

/** Assembles the manifest of a build: the same files always give the same one. */
export function buildManifest(
  files: readonly ManifestFile[],
  skipped: readonly SkippedFile[],
  commit: string | undefined,
): Manifest {
  const sorted = [...files].sort((a, b) => byText(a.output, b.output));
  return {
    manifest: MANIFEST_VERSION,
    contract: CONTRACT_VERSION,
    weaver: weaver(),
    buildId: sha256(sorted.map(({ id }) => id).join('\n')).slice(0, 24),
    ...(commit !== undefined && { commit }),
    files: sorted,
    skipped: [...skipped].sort((a, b) => byText(a.path, b.path)),
  };
}

/** The manifest at `path`, or undefined where there is none that this weaver understands. */
export function readManifest(path: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readIfThere(path) ?? 'null') as Manifest | null;
    const known = manifest?.manifest === MANIFEST_VERSION && manifest.contract === CONTRACT_VERSION;
    return known ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function weaver(): string {
  const url = new URL('../../package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(url, 'utf8')) as { name: string; version: string };
  return `${name} ${version}`;
}
