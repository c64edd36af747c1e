import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders below a project in which a build may lie. */
const DEPTH = 4;

/** All files of one name in a folder and a few levels below, but in no dependency and nothing hidden. */
export function filesNamed(folder: string, name: string, depth = DEPTH): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name === name ? [path] : [];
    const isOutside = !entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.');
    return isOutside || depth === 0 ? [] : filesNamed(path, name, depth - 1);
  });
}
