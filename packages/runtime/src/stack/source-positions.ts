import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackFrame } from '@dormouse/protocol';
import { process } from '../process.js';

/** Decoding is synchronous, about 60 ms a megabyte: larger maps stay closed, their frames keep emitted positions. */
const MAX_MAP_CHARACTERS = 300_000;

/** Files whose paths are kept. */
const MAX_FILES = 1_000;

/** Decoded maps kept; the least recently loaded goes first. */
const MAX_MAPS = 32;

/** Translates emitted positions to those of the original source, off the hit path. */
export interface SourcePositions {
  /** Whether the maps of all frames have been looked for; begins to load those that have not. */
  ready(frames: readonly StackFrame[]): boolean;
  /** The frame at its original position, or as it was, with the file relative to the project's root. */
  translate(frame: StackFrame): StackFrame;
}

interface LoadedMap {
  readonly map: SourceMap;
  /** What the map's sources are relative to. */
  readonly directory: string;
}

/**
 * @param root the project's root: files below it are shown relative to it, with `/`
 * @param liveMap the source map, JSON text, of a file that was changed while it was loaded
 * @param onLoaded called when a map was loaded, or turned out to be none
 */
export function createSourcePositions(
  root: string | undefined,
  liveMap: (file: string) => string | undefined = () => undefined,
  onLoaded: () => void = () => {},
): SourcePositions {
  const maps = new Map<string, LoadedMap | 'loading' | 'none'>();

  async function load(file: string): Promise<void> {
    maps.set(file, 'loading');
    if (maps.size > MAX_MAPS) maps.delete(maps.keys().next().value as string);
    maps.set(file, await readMap(file, liveMap(file)).catch(() => 'none' as const));
    onLoaded();
  }

  const showFile = remembering((file) => {
    if (root === undefined || !path.isAbsolute(file)) return file;
    const relative = path.relative(root, file);
    return relative.startsWith('..') ? file : relative.split(path.sep).join('/');
  });

  return {
    ready(frames) {
      const files = frames.map(emittedPath).filter((file) => path.isAbsolute(file));
      for (const file of files) if (!maps.has(file)) void load(file);
      return files.every((file) => maps.get(file) !== 'loading');
    },

    translate(frame) {
      const emitted = { ...frame, file: emittedPath(frame) };
      const loaded = maps.get(emitted.file);
      const original = typeof loaded === 'object' ? findOriginal(loaded, emitted, root) : emitted;
      return { ...original, file: showFile(original.file) };
    },
  };
}

/** Stacks name CommonJS files by path, ES modules by URL; one that is no local path (`file://host/…`) stays a URL. */
const pathOf = remembering((file) => {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
});

const emittedPath = ({ file }: StackFrame): string => pathOf(file);

/** Stacks name the same files again and again. */
function remembering(find: (file: string) => string): (file: string) => string {
  const known = new Map<string, string>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    if (known.size >= MAX_FILES) known.clear();
    const found = find(file);
    known.set(file, found);
    return found;
  };
}

/** How webpack and Rspack name sources: `webpack://shop/./src/basket.ts?1f9c`, from the project's directory. */
const WEBPACK_SOURCE = /^webpack:\/\/[^/]*\/(.*?)(?:\?[0-9a-f]+)?$/;

function findOriginal({ map, directory }: LoadedMap, frame: StackFrame, root = directory): StackFrame {
  // Node's lookup counts lines and columns from 0, stacks count from 1.
  const entry = map.findEntry(frame.line - 1, frame.column - 1);
  if (!('originalSource' in entry) || entry.originalLine === undefined) return frame;
  const bundled = WEBPACK_SOURCE.exec(entry.originalSource)?.[1];
  const file =
    bundled === undefined
      ? path.resolve(directory, map.payload.sourceRoot ?? '', entry.originalSource)
      : path.resolve(root, bundled);
  return { ...frame, file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

async function readMap(file: string, live: string | undefined): Promise<LoadedMap | 'none'> {
  if (live !== undefined) return openMap(live, path.dirname(file));
  const { readFile } = process.getBuiltinModule('node:fs/promises');
  const url = sourceMappingUrl(await readFile(file, 'utf8'));
  if (url === undefined) return 'none';
  const inline = /^data:application\/json[^,]*;base64,/.exec(url);
  if (inline !== null) {
    return openMap(Buffer.from(url.slice(inline[0].length), 'base64').toString(), path.dirname(file));
  }
  const mapFile = path.resolve(path.dirname(file), decodeURIComponent(url));
  return openMap(await readFile(mapFile, 'utf8'), path.dirname(mapFile));
}

function openMap(text: string, directory: string): LoadedMap | 'none' {
  if (text.length > MAX_MAP_CHARACTERS) return 'none';
  return { map: new SourceMap(JSON.parse(text) as SourceMapPayload), directory };
}

function sourceMappingUrl(code: string): string | undefined {
  const start = code.lastIndexOf('//# sourceMappingURL=');
  return start === -1 ? undefined : /\S+/.exec(code.slice(start + 21))?.[0];
}
