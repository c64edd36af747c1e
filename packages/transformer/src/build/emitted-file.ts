import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';

/** A JavaScript file on disk with the source map that it names in its last lines. */
export interface EmittedFile {
  readonly path: string;
  readonly code: string;
  /** JSON text. */
  readonly map: string | undefined;
  readonly mapPlace: MapPlace;
}

type MapPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'inline'; readonly comment: string };

/** Only as the last line: anywhere else it could be part of a string. */
const MAP_COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)/;
const DATA_URL = /^data:application\/json;(?:charset=[^;,]+;)?base64,(.*)$/;

export function readEmittedFile(path: string): EmittedFile {
  const code = readFileSync(path, 'utf8');
  const last = MAP_COMMENT.exec(code.slice(code.trimEnd().lastIndexOf('\n') + 1));
  if (last === null) return { path, code, map: undefined, mapPlace: { kind: 'none' } };
  const [comment, url] = last as unknown as readonly [string, string];
  const data = DATA_URL.exec(url)?.[1];
  if (data !== undefined) {
    return {
      path,
      code,
      map: Buffer.from(data, 'base64').toString('utf8'),
      mapPlace: { kind: 'inline', comment },
    };
  }
  const mapPath = join(dirname(path), decoded(url));
  const map = readIfThere(mapPath);
  return {
    path,
    code,
    map,
    mapPlace: map === undefined ? { kind: 'none' } : { kind: 'file', path: mapPath },
  };
}

/**
 * Writes woven code to `target`, and its map to where the file's map was, or beside the target as it was beside
 * the file. A file without a map gets none. The map comes first: who sees the new code finds the new map.
 */
export function writeWoven(
  { path, mapPlace }: EmittedFile,
  target: string,
  code: string,
  map: EncodedSourceMap | null,
): void {
  const json = map === null ? '' : JSON.stringify({ ...movedMap(map, path, target), file: basename(target) });
  switch (mapPlace.kind) {
    case 'none':
      return writeIfChanged(target, code);
    case 'file':
      writeIfChanged(resolve(dirname(target), relative(dirname(path), mapPlace.path)), json);
      return writeIfChanged(target, code);
    case 'inline': {
      const data = Buffer.from(json).toString('base64');
      const comment = `//# sourceMappingURL=data:application/json;base64,${data}`;
      const at = code.lastIndexOf(mapPlace.comment);
      const after = code.slice(at + mapPlace.comment.length);
      return writeIfChanged(target, code.slice(0, at) + comment + after);
    }
  }
}

/** Sources are relative to the map: seen from another directory, they are elsewhere. */
function movedMap(map: EncodedSourceMap, path: string, target: string): EncodedSourceMap {
  const from = dirname(path);
  const to = dirname(target);
  if (from === to) return map;
  return { ...map, sources: map.sources.map((source) => source && movedSource(source, from, to)) };
}

function movedSource(source: string, from: string, to: string): string {
  if (isAbsolute(source) || /^[a-z][a-z\d+.-]+:/i.test(source)) return source;
  return relative(to, resolve(from, source)).replaceAll('\\', '/');
}

/** Whoever watches the file hears nothing where nothing is new. */
export function writeIfChanged(path: string, text: string): void {
  if (readIfThere(path) !== text) writeFileSync(path, text);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** The text of a file, or undefined where there is none to read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
