import { dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { javaScriptIn } from './javascript-in.js';
import { type WeaveReport, type WeaveSettings, weaveFiles } from './weave-files.js';

export interface WeaveDirectoryOptions extends WeaveSettings {
  /** The project's directory; paths in the manifest are relative to it. Default: the directory's parent. */
  readonly root?: string;
}

/** Weaves every `.js`, `.mjs` and `.cjs` below `directory` in place and writes the manifest into it. */
export function weaveDirectory(directory: string, options: WeaveDirectoryOptions = {}): WeaveReport {
  const absolute = resolve(directory);
  return weaveFiles(javaScriptIn(absolute), {
    ...options,
    root: options.root ?? dirname(absolute),
    manifestPath: join(absolute, MANIFEST_FILE),
  });
}
