import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a path is that of emitted JavaScript. */
export function isJavaScript(path: string): boolean {
  return /\.[mc]?js$/.test(path);
}

/** Every `.js`, `.mjs` and `.cjs` below `directory`; packages that were installed into it are somebody else's. */
export function javaScriptIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : javaScriptIn(path);
    return entry.isFile() && isJavaScript(path) ? [path] : [];
  });
}
