import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { read } from './run.ts';

/** The Node lines that users' programs may run on. Exact versions, so that a failure or a figure can be repeated. */
export const NODE_VERSIONS: Readonly<Record<string, string>> = {
  '20': '20.20.2',
  '22': '22.23.3',
  '24': '24.21.0',
  '26': '26.10.0',
};

/**
 * The executable of a Node line, installed from npm's package for this platform into `.cache/nodes` (about 200 MB)
 * the first time. Throws for a line that is not in {@link NODE_VERSIONS}.
 */
export function installNode(line: string): string {
  const version = NODE_VERSIONS[line];
  if (version === undefined)
    throw new Error(`Node ${line} is not one of ${Object.keys(NODE_VERSIONS).join(', ')}.`);
  const folder = join(ROOT, '.cache/nodes', version);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const options = ['--no-save', '--no-audit', '--no-fund', '--prefix', folder];
    read('npm', ['install', ...options, `${name}@${version}`]);
  }
  return node;
}
