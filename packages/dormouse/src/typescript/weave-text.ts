import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type WeaveResult, weave } from '@dormouse/transformer';
import type ts from 'typescript';
import { inlineMap, sourceMapOf, withoutMapComment } from '../inline-map.js';

/** A script as the compiler has emitted it. */
export interface EmittedText {
  readonly path: string;
  readonly text: string;
  /** JSON text, where the map is a file of its own. */
  readonly map: string | undefined;
  readonly sources: readonly ts.SourceFile[];
}

export interface WovenText {
  readonly text: string;
  /** JSON text, for the map's file. */
  readonly map?: string;
  /** For the manifest; absent where the file was left out. */
  readonly result?: WeaveResult;
}

interface SourceMap {
  readonly sources: readonly (string | null)[];
  readonly sourceRoot?: string;
}

/**
 * Weaves an emitted script. Its map stays where it was: in a file, in the text, or, where it was only borrowed from the
 * compiler, nowhere.
 */
export function weaveText(
  { path, text, map, sources }: EmittedText,
  root: string,
  isMapBorrowed: boolean,
  isWanted: boolean,
): WovenText {
  const plain = isMapBorrowed ? withoutMapComment(text) : text;
  if (!isWanted) return { text: plain };
  const given = map ?? sourceMapOf(path, text);
  const located = given === undefined ? undefined : locate(JSON.parse(given) as SourceMap, sources, root);
  const result = weave(plain, {
    filename: resolve(root, path),
    root,
    map: located?.map as never,
    readSource: (source) => sources.find(({ fileName }) => resolve(root, fileName) === source)?.text,
  });
  if (result.manifest === null || result.map === null || located === undefined)
    return { text: plain, result };
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
  sources: readonly ts.SourceFile[],
  root: string,
): { readonly map: SourceMap; restore<M extends SourceMap>(woven: M): M } {
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0 || map.sources.length !== 1) {
    return { map, restore: (woven) => woven };
  }
  const { sourceRoot, ...rest } = map;
  return {
    map: { ...rest, sources: [pathToFileURL(resolve(root, source.fileName)).href] },
    restore: (woven) => ({ ...woven, ...(sourceRoot !== undefined && { sourceRoot }), sources: map.sources }),
  };
}
