import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { type EmittedText, weaveText, withoutMapComment } from '@dormouse/transformer';
import type ts from 'typescript';
import { type EmitHost, emitHostOf } from './emit-host.js';
import { manifestUpdate } from './manifest-update.js';
import { borrowInlineMap, returnInlineMap } from './inline-map-option.js';
import type { Settings } from './options.js';

/**
 * A transformer that transforms no tree. It sits where the compiler's output passes and weaves that: text and source
 * map as every other transformer and the compiler's own printer have made them.
 */
export function weaveEmitted(settings: Settings): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const host = emitHostOf(context);
    if (host === undefined) {
      process.emitWarning(
        'dormouse/typescript: this TypeScript does not show what it emits; nothing is woven.',
      );
      return (file) => file;
    }
    const options = context.getCompilerOptions();
    if (!intercepted.has(host)) intercept(host, options, settings);
    return (file) => {
      borrowInlineMap(options);
      return file;
    };
  };
}

/** Every emitted file gets transformers of its own, but they share the host of their `emit`. */
const intercepted = new WeakSet<EmitHost>();

const MAP = /\.[mc]?jsx?\.map$/;
const SCRIPT = /\.[mc]?jsx?$/;

type WriteArguments = Parameters<ts.WriteFileCallback>;

/** The compiler writes a script's map first, then the script. */
function intercept(host: EmitHost, options: ts.CompilerOptions, settings: Settings): void {
  intercepted.add(host);
  const write = host.writeFile.bind(host);
  const maps = new Map<string, WriteArguments>();
  const place = placed(settings, options);

  host.writeFile = (path, text, ...rest) => {
    if (MAP.test(path)) {
      maps.set(path.slice(0, -'.map'.length), [path, text, ...rest]);
      return;
    }
    const map = maps.get(path);
    maps.delete(path);
    const [, , sources = []] = rest;
    const emitted = { path, text, map: map?.[1], isMapBorrowed: returnInlineMap(options) };
    const written = SCRIPT.test(path) ? weaveOrLeave(emitted, sources, place) : emitted;
    if (map !== undefined) {
      const [mapPath, mapText, ...mapRest] = map;
      write(mapPath, written.map ?? mapText, ...mapRest);
    }
    write(path, written.text, ...rest);
  };
}

type Written = Pick<EmittedText, 'text' | 'map'>;

/** What cannot be woven is written as if nobody had tried. */
function weaveOrLeave(
  emitted: EmittedText,
  originals: readonly ts.SourceFile[],
  { root, manifest, isWoven }: Placed,
): Written {
  const { path, text, map, isMapBorrowed } = emitted;
  try {
    if (isWoven(relativeTo(root, originals[0]?.fileName ?? path))) {
      const { result, ...woven } = weaveText(emitted, { root, originals });
      manifestUpdate(manifest, root).add(result);
      return { map, ...woven };
    }
  } catch (error) {
    process.emitWarning(`dormouse/typescript: ${path} is not woven: ${String(error)}`);
  }
  return { map, text: isMapBorrowed ? withoutMapComment(text) : text };
}

interface Placed {
  readonly root: string;
  readonly manifest: string;
  isWoven(source: string): boolean;
}

function placed({ root, manifest, isWoven }: Settings, options: ts.CompilerOptions): Placed {
  const config = options['configFilePath'];
  const directory = resolve(root ?? (typeof config === 'string' ? dirname(config) : '.'));
  return {
    root: directory,
    manifest: resolve(directory, manifest ?? join(options.outDir ?? '.', MANIFEST_FILE)),
    isWoven,
  };
}

function relativeTo(root: string, path: string): string {
  return relative(root, resolve(root, path)).replaceAll('\\', '/');
}
