import {
  CONTRACT_VERSION,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFile,
  type SkippedFile,
} from '@dormouse/protocol';
import { sha256 } from '../origin/sha256.js';
import { weaver } from './weaver-name.js';

/**
 * Assembles the manifest of a build: the same files always give the same one. Its id is over all that is said about them:
 * a comment or a type added above moves every line of a source, and may leave the woven code what it was.
 */
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
    buildId: sha256(JSON.stringify(sorted)).slice(0, 24),
    ...(commit !== undefined && { commit }),
    files: sorted,
    skipped: [...skipped].sort((a, b) => byText(a.path, b.path)),
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
