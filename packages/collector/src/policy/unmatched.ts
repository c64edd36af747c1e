import { compileDenyEntry } from '@dormouse/expression/deny';
import type { BuildIndex } from '../builds/build-index.js';

/** The entries of a deny list that protect nothing in some builds, which may be mistyped. Without builds nobody can tell. */
export function unmatched(deny: readonly string[], builds: readonly BuildIndex[]): string[] {
  if (builds.length === 0) return [];
  const files = builds.flatMap(({ manifest }) => manifest.files);
  return deny.filter((entry) => {
    const denies = compileDenyEntry(entry);
    return !files.some((file) => file.functions.some((fn) => denies(file, fn)));
  });
}
