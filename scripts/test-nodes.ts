/**
 * `npm run test:nodes`: the tests again, with users' programs on every Node line that Dormouse supports. Installs
 * those Nodes from npm into `.cache/nodes` (about 200 MB each) the first time. Ends with `N passed, N failed`, where
 * a Node counts as one.
 *
 * `npm run test:nodes -- 22 26` runs only those lines.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tool } from './lib/paths.ts';
import { read, run } from './lib/run.ts';

/** Exact versions, so that a failure can be repeated. */
const VERSIONS: Readonly<Record<string, string>> = {
  '20': '20.20.2',
  '22': '22.23.3',
  '24': '24.21.0',
  '26': '26.10.0',
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(VERSIONS);
let failed = 0;
for (const line of wanted) {
  const version = VERSIONS[line];
  if (version === undefined)
    throw new Error(`Node ${line} is not one of ${Object.keys(VERSIONS).join(', ')}.`);
  const node = install(version);
  console.log(`\n── Node ${read(node, ['--version']).trim()} ${'─'.repeat(60)}`);
  const passed = run(process.execPath, [tool('vitest'), 'run'], { env: { DORMOUSE_HOST_NODE: node } });
  if (!passed) failed++;
}
console.log(`\n${wanted.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** The executable of that version, installed from npm's package for this platform if need be. */
function install(version: string): string {
  const folder = join(ROOT, '.cache/nodes', version);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    read('npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      `${name}@${version}`,
    ]);
  }
  return node;
}
