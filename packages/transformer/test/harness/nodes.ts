import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface NodeVersion {
  readonly major: number;
  readonly path: string;
}

/** The Nodes at hand that the transformer supports: the one that runs the tests, and any other major version on the PATH. */
export function nodeVersions(): readonly NodeVersion[] {
  const found = new Map<number, string>([[major(process.execPath), process.execPath]]);
  for (const directory of (process.env['PATH'] ?? '').split(':')) {
    const path = join(directory, 'node');
    if (!contains(dirname(path), 'node')) continue;
    const version = major(path);
    if (version >= 20 && !found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ major: version, path }));
}

function contains(directory: string, name: string): boolean {
  try {
    return readdirSync(directory).includes(name);
  } catch {
    return false;
  }
}

function major(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
}
