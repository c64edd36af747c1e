import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface NodeBinary {
  readonly version: string;
  readonly path: string;
}

/** The Node that runs the tests and the machine's own; or only the one that `npm run test:nodes` is about. */
export const nodes: readonly NodeBinary[] = (() => {
  const host = process.env['DORMOUSE_HOST_NODE'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const byVersion = new Map<string, string>();
  for (const binary of host === undefined ? [process.execPath, ...onPath] : [host]) {
    if (!existsSync(binary)) continue;
    const version = execFileSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
    if (!byVersion.has(version)) byVersion.set(version, binary);
  }
  return [...byVersion].map(([version, path]) => ({ version, path }));
})();
