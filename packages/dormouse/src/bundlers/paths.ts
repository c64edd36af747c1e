import { relative } from 'node:path';

/** The path of the file that a bundler's module id names; undefined for a virtual module. */
export function pathOfModule(id: string): string | undefined {
  const path = id.replace(/\?.*$/s, '');
  return path.startsWith('\0') || path === '' ? undefined : path;
}

/** A path relative to `root`, with `/` on every system. */
export function relativeTo(root: string, path: string): string {
  return relative(root, path).replaceAll('\\', '/');
}
