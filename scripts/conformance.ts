/**
 * `npm run conformance`: proves on suites that were not written for it that the weaver changes nothing; see
 * `conformance/README.md`.
 *
 *     npm run conformance -- test262 [--node PATH] [--every N] [FOLDER…]
 *     npm run conformance -- projects [NAME…]
 */
import { parseArgs } from 'node:util';
import { runProjects } from '../conformance/projects/run.ts';
import { runTest262 } from '../conformance/test262/run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string', default: process.execPath },
    every: { type: 'string', default: '1' },
  },
});
const [suite, ...names] = positionals;

const SUITES: Readonly<Record<string, () => Promise<boolean>>> = {
  test262: () =>
    runTest262({
      node: values.node,
      folders: names.length > 0 ? names : ['language'],
      every: Number(values.every),
    }),
  projects: () => runProjects(names),
};

const wanted = suite === undefined ? Object.values(SUITES) : [SUITES[suite]];
let same = true;
for (const run of wanted) {
  if (run === undefined) throw new Error(`${suite} is neither of ${Object.keys(SUITES).join(' and ')}.`);
  same = (await run()) && same;
}
process.exit(same ? 0 : 1);
