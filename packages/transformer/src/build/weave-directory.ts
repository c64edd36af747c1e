import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { type WeaveReport, weaveFiles } from './weave-files.js';

export interface WeaveDirectoryOptions {
  /** The project's directory; paths in the manifest are relative to it. Default: the directory's parent. */
  readonly root?: string;
}

/** Weaves every `.js`, `.mjs` and `.cjs` below `directory` in place and writes the manifest into it. */
export function weaveDirectory(directory: string, options: WeaveDirectoryOptions = {}): WeaveReport {
  const absolute = resolve(directory);
  return weaveFiles(javaScriptIn(absolute), {
    root: options.root ?? dirname(absolute),
    manifestPath: join(absolute, MANIFEST_FILE),
  });
}

export function isJavaScript(path: string): boolean {
  return /\.[mc]?js$/.test(path);
}

function javaScriptIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : javaScriptIn(path);
    return entry.isFile() && isJavaScript(path) ? [path] : [];
  });
}
