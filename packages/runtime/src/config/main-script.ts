import path from 'node:path';
import { process } from '../process.js';

const { realpathSync } = process.getBuiltinModule('node:fs');

/** Directory of the program's main script, links followed; the working directory where there is none. */
export function mainDirectory(): string {
  const script = process.argv[1];
  if (script === undefined) return process.cwd();
  try {
    return path.dirname(realpathSync(script));
  } catch {
    return process.cwd();
  }
}

/** A directory and everything above it. */
export function ancestors(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
