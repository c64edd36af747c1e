import { setImmediate } from 'node:timers/promises';
import type { SourceLineView, SourceSearchView } from '@dormouse/protocol';
import type { SourceStore } from '../storage/contract/sources.js';
import type { BuildIndex } from './build-index.js';

/** After this time it is answered what has been found, ms. */
const PATIENCE_MS = 1_000;

/** UTF-16 units that are shown of a line, and how many of them stand before what was found. */
const SHOWN = 240;
const BEFORE = 60;

/**
 * The lines of a build's published sources that have a text, in any case, by file and number. One source at a time is in
 * memory, and between two of them others have their turn.
 */
export async function searchSources(
  sources: SourceStore,
  build: BuildIndex,
  text: string,
  limit: number,
): Promise<SourceSearchView> {
  const { buildId, paths } = build;
  const known = await sources.known([...new Set(paths.map((path) => build.hash(path) ?? ''))]);
  const published = paths.filter((path) => known.has(build.hash(path) ?? '')).toSorted();
  const unpublished = paths.length - published.length;
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`), 'iu');
  const endsAt = performance.now() + PATIENCE_MS;
  const lines: SourceLineView[] = [];
  for (const file of published) {
    if (lines.length > limit || performance.now() > endsAt)
      return { buildId, lines: lines.slice(0, limit), complete: false, unpublished };
    const source = (await sources.text(build.hash(file)!)) ?? '';
    if (pattern.test(source)) lines.push(...linesWith(pattern, file, source));
    await setImmediate();
  }
  return { buildId, lines: lines.slice(0, limit), complete: lines.length <= limit, unpublished };
}

function linesWith(pattern: RegExp, file: string, source: string): SourceLineView[] {
  return source.split(/\r\n|\n/u).flatMap((text, index) => {
    const at = text.search(pattern);
    if (at < 0) return [];
    const from = text.length <= SHOWN ? 0 : Math.max(0, at - BEFORE);
    return [{ file, line: index + 1, column: at + 1, text: text.slice(from, from + SHOWN) }];
  });
}
