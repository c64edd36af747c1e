import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import type { SourceMapInput } from '@jridgewell/trace-mapping';
import type { Goal } from '../1-parse/parse.js';
import { type WeaveResult, weave } from '../weave.js';
import { inlineMap, sourceMapOf, withoutMapComment } from './inline-map.js';

/** A script as a compiler has emitted it, not yet written. */
export interface EmittedText {
  readonly path: string;
  readonly text: string;
  /** JSON text, where the map is a file of its own. */
  readonly map: string | undefined;
  /** Whether a map inside the text was only asked for to be able to weave, and is to be taken off. Default: no. */
  readonly isMapBorrowed?: boolean;
}

/** A file that a script was made from. */
export interface OriginalText {
  readonly fileName: string;
  readonly text: string;
}

export interface WeaveTextOptions {
  /** Paths are relative to it. */
  readonly root: string;
  /** See {@link weave}. */
  readonly goal?: Goal | undefined;
  /** What the script was made from, where the compiler tells; otherwise the map does. */
  readonly originals?: readonly OriginalText[];
  /** See {@link weave}. Default: finds the `originals`. */
  readonly readSource?: (path: string) => string | undefined;
}

export interface WovenText {
  readonly text: string;
  /** JSON text, for the map's file; absent where there is none. */
  readonly map?: string;
  readonly result: WeaveResult;
}

type SourceMap = Pick<EncodedSourceMap, 'sources' | 'sourceRoot'>;

/**
 * Weaves an emitted script, whose map stays where it was: in a file, in the text, or nowhere. What cannot be woven is
 * as it was.
 */
export function weaveText(emitted: EmittedText, options: WeaveTextOptions): WovenText {
  const { path, text, map, isMapBorrowed = false } = emitted;
  const { root, goal, originals = [] } = options;
  const plain = isMapBorrowed ? withoutMapComment(text) : text;
  const given = map ?? sourceMapOf(path, text);
  const located = given === undefined ? undefined : locate(JSON.parse(given) as SourceMap, originals, root);
  const result = weave(plain, {
    filename: resolve(root, path),
    root,
    goal,
    map: located?.map as SourceMapInput | undefined,
    readSource:
      options.readSource ??
      ((source) => originals.find(({ fileName }) => resolve(root, fileName) === source)?.text),
  });
  if (result.manifest === null || result.map === null || located === undefined) {
    return { text: result.code, result, ...(map !== undefined && { map }) };
  }
  const woven = JSON.stringify({ ...located.restore(result.map), file: basename(path) });
  if (map !== undefined) return { text: result.code, map: woven, result };
  return { text: isMapBorrowed ? result.code : inlineMap(withoutMapComment(result.code), woven), result };
}

/**
 * Maps name their sources relative to a directory that hosts make up at will. While it is woven, a map of one source
 * names the source that the compiler says it has emitted.
 */
function locate(
  map: SourceMap,
  originals: readonly OriginalText[],
  root: string,
): { readonly map: SourceMap; restore(woven: EncodedSourceMap): EncodedSourceMap } {
  const [original, ...others] = originals;
  if (original === undefined || others.length > 0 || map.sources.length !== 1) {
    return { map, restore: (woven) => woven };
  }
  const { sourceRoot, ...rest } = map;
  return {
    map: { ...rest, sources: [pathToFileURL(resolve(root, original.fileName)).href] },
    restore: (woven) => ({ ...woven, ...(sourceRoot !== undefined && { sourceRoot }), sources: map.sources }),
  };
}
