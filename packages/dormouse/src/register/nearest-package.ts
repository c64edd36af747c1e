import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageJson {
  readonly name?: string;
  readonly type?: string;
}

const known = new Map<string, PackageJson>();

/** The package.json that a file belongs to; empty where there is none, or none that can be read. */
export function nearestPackage(path: string): PackageJson {
  const directory = dirname(path);
  if (directory === path) return {};
  let nearest = known.get(directory);
  if (nearest === undefined) {
    nearest = readPackage(directory) ?? nearestPackage(directory);
    known.set(directory, nearest);
  }
  return nearest;
}

function readPackage(directory: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageJson;
  } catch {
    return undefined;
  }
}
