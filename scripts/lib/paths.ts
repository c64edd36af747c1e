import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The TypeScript compiler that builds and checks the packages: TypeScript 7, native. */
export const TSC: string = join(ROOT, 'node_modules/@typescript/native/bin/tsc');

/** The machine's own Node, which may be as old as 20.19: what users' programs run on. */
export const HOST_NODE: string = process.env['DORMOUSE_HOST_NODE'] ?? process.execPath;

/** An executable of an installed development tool. */
export function tool(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}
