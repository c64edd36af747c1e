/**
 * `npm run test:nodes`: the tests again, with users' programs on every Node line that Dormouse supports. Ends with
 * `N passed, N failed`, where a Node counts as one.
 *
 * `npm run test:nodes -- 22 26` runs only those lines.
 */
import { installNode, NODE_VERSIONS } from './lib/nodes.ts';
import { tool } from './lib/paths.ts';
import { read, run } from './lib/run.ts';

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(NODE_VERSIONS);
let failed = 0;
for (const line of wanted) {
  const node = installNode(line);
  console.log(`\n── Node ${read(node, ['--version']).trim()} ${'─'.repeat(60)}`);
  const passed = run(process.execPath, [tool('vitest'), 'run'], { env: { DORMOUSE_HOST_NODE: node } });
  if (!passed) failed++;
}
console.log(`\n${wanted.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
