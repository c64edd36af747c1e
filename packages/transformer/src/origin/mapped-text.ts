import { AnyMap, type SourceMapInput, type TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import type { ts } from '../1-parse/typescript.js';
import type { Origin, Place } from './origin.js';
import { sha256 } from './sha256.js';

/** Where the sources of a map are found. */
export interface SourceReader {
  /** The path of a map's source in the manifest. */
  pathOf(source: string): string;
  /** The text of a map's source, where the map does not carry it. */
  read(source: string): string | undefined;
}

/** Reads a source map, sectioned or not. Throws what JSON or the map's text makes it throw. */
export function readMap(input: SourceMapInput | string): TraceMap {
  return new AnyMap(input);
}

/** The origin of compiled text, as its source map tells it. */
export function mappedText(file: ts.SourceFile, map: TraceMap, reader: SourceReader): Origin {
  const texts = map.resolvedSources.map(
    (source, index) => map.sourcesContent?.[index] ?? reader.read(source),
  );
  const words = texts.map((text) => (text === undefined ? undefined : wordsOf(text)));
  const trace = (offset: number): Trace | undefined => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    const segment = traceSegment(map, line, character);
    if (segment === null || segment.length === 1) return undefined;
    const [column, source, originalLine, originalColumn] = segment;
    return {
      source,
      line: originalLine + 1,
      column: originalColumn + 1,
      name: segment.length === 5 && column === character ? map.names[segment[4]] : undefined,
    };
  };
  return {
    sources: map.resolvedSources.map((source, index) => ({
      path: reader.pathOf(source),
      hash: texts[index] === undefined ? '' : sha256(texts[index]),
    })),
    texts,
    isOriginal: (offset) => trace(offset) !== undefined,
    placeOf: trace,
    originalName(name, offset) {
      const found = trace(offset);
      if (found === undefined) return undefined;
      if (found.name !== undefined) return found.name;
      const known = words[found.source];
      return known === undefined ? name : spelledIn(known, name);
    },
  };
}

interface Trace extends Place {
  /** The map's own name for exactly this token. */
  readonly name: string | undefined;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/gu));
}

/**
 * The name under which the original text knows a compiled variable: itself, or without the number
 * that compilers append to keep names apart (`x_1`). Undefined for one they made up (`cart_1`, `_a`).
 */
function spelledIn(words: ReadonlySet<string>, name: string): string | undefined {
  if (words.has(name)) return name;
  const plain = /^(.+)_\d+$/.exec(name)?.[1];
  return plain !== undefined && words.has(plain) ? plain : undefined;
}
