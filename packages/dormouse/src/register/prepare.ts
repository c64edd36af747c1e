import { basename } from 'node:path';
import {
  type Goal,
  type WeaveCache,
  type WeaveResult,
  inlineMap,
  sourceMapOf,
  withoutMapComment,
} from '@dormouse/transformer';
import { transpile } from './transpile.js';
import { stripsTypes } from './type-stripping.js';

/** A file as Node has read it. */
export interface LoadedFile {
  /** Absolute. */
  readonly path: string;
  readonly code: string;
  /** Undefined: its syntax decides. */
  readonly goal: Goal | undefined;
}

export interface Weaving {
  /** Paths in the manifest are relative to it. */
  readonly root: string;
  /** Whether {@link keep} defines the switches of a file. */
  readonly switches: 'own' | 'given';
  /** {@link WeaveCache.weave} */
  readonly weave: WeaveCache['weave'];
  isWoven(path: string): boolean;
  /** Called before a woven file runs. */
  keep(path: string, woven: WeaveResult): void;
}

/** JavaScript, or TypeScript that Node strips of its types later, and the way back to the original. */
interface Script {
  readonly code: string;
  /** JSON text. */
  readonly map: string | undefined;
  readonly language: 'js' | 'ts';
}

/**
 * The text to run instead of the loaded one: without types where Node cannot do that, woven where the file is to be
 * woven, its source map inline. What cannot be woven is as it was.
 * @throws where TypeScript cannot be compiled
 */
export function prepare(file: LoadedFile, weaving: Weaving): string {
  const script = toScript(file);
  const code = weaving.isWoven(file.path) ? weaveScript(file, script, weaving) : undefined;
  return code ?? (script.code === file.code ? file.code : inlineMap(script.code, script.map));
}

export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path);
}

function toScript(file: LoadedFile): Script {
  const { path, code } = file;
  if (isTypeScript(path) && !stripsTypes) return { ...transpile(file), language: 'js' };
  // Another loader may have compiled it already, and then says so in a map.
  return { code, map: sourceMapOf(path, code), language: isTypeScript(path) ? 'ts' : 'js' };
}

/** Undefined where nothing was woven. */
function weaveScript({ path, goal }: LoadedFile, script: Script, weaving: Weaving): string | undefined {
  try {
    const { root, switches } = weaving;
    const { map, language } = script;
    const woven = weaving.weave(script.code, {
      filename: path,
      root,
      output: path,
      map,
      language,
      goal,
      switches,
    });
    weaving.keep(path, woven);
    if (woven.manifest === null || woven.map === null) return undefined;
    return inlineMap(withoutMapComment(woven.code), JSON.stringify({ ...woven.map, file: basename(path) }));
  } catch {
    return undefined;
  }
}
