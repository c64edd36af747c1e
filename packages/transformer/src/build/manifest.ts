import {
  CONTRACT_VERSION,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFile,
  type SkippedFile,
} from '@dormouse/protocol';
import { sha256 } from '../origin/sha256.js';
import { weaver } from './weaver-name.js';

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

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
