import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';
import { read } from '../../scripts/lib/run.ts';
import { Executor } from './executor.ts';
import { Summary } from './summary.ts';

/** The state of test262 that the figures in `results` are of. */
const COMMIT = 'be13516fb6441b950ba8a3df97eb34062c186972';
const URL = 'https://github.com/tc39/test262.git';

export interface Test262Options {
  /** The Node that runs the tests. */
  readonly node: string;
  /** Folders of tests below `test`, as globs. */
  readonly folders: readonly string[];
  /** Only every n-th test is run. */
  readonly every: number;
}

/** Runs test262 unwoven and woven, and returns whether no difference was found that is not explained. */
export async function runTest262({ node, folders, every }: Test262Options): Promise<boolean> {
  const directory = checkout();
  const paths = folders
    .flatMap((folder) => globSync(`test/${folder}/**/*.js`, { cwd: directory }))
    .filter((path) => !path.includes('_FIXTURE'))
    .sort()
    .filter((_, index) => index % every === 0);
  const summary = new Summary();
  const executor = new Executor(node, directory);
  for (const [index, path] of paths.entries()) {
    summary.add(path, await executor.execute(path));
    if (index % 1_000 === 999) console.log(`${index + 1} of ${paths.length} tests`);
  }
  executor.close();

  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const report = summary.report(`test262, ${folders.join(' and ')}, on Node ${version}`, paths.length);
  const folder = join(ROOT, 'conformance/results');
  mkdirSync(folder, { recursive: true });
  const sample = every === 1 ? '' : `-every-${every}`;
  const name = `test262-${folders.join('-').replaceAll('/', '-')}${sample}-node-${version.slice(1).split('.')[0]}.md`;
  writeFileSync(join(folder, name), report);
  console.log(report);
  return summary.unexplained.length === 0;
}

/** The checkout that `TEST262_DIR` names, or one made below `.cache`. */
function checkout(): string {
  const given = process.env['TEST262_DIR'];
  if (given !== undefined) return given;
  const directory = join(ROOT, '.cache/test262');
  if (!existsSync(join(directory, 'harness'))) {
    console.log('Fetching test262, about 50 MB…');
    mkdirSync(directory, { recursive: true });
    read('git', ['init', '--quiet'], { cwd: directory });
    read('git', ['fetch', '--quiet', '--depth=1', URL, COMMIT], { cwd: directory });
    read('git', ['checkout', '--quiet', COMMIT], { cwd: directory });
  }
  return directory;
}
