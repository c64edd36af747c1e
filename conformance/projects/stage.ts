import { cpSync, existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { weaveFiles, type WeaveReport } from '@dormouse/transformer';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { read } from '../../scripts/lib/run.ts';
import type { Project } from './project.ts';

/** Not below a folder whose name begins with a dot: servers of files refuse what is in those, and test that. */
const CACHE = join(tmpdir(), 'dormouse-conformance');

export interface Stage {
  readonly original: string;
  readonly woven: string;
  readonly report: WeaveReport;
}

/**
 * Sets a project up twice below the system's temporary folder: as it is, and woven. What is there already at the same commit, with the
 * same packages, is used again; the weaving is always new.
 */
export function stage(project: Project): Stage {
  const directory = join(CACHE, project.name);
  const original = join(directory, 'original');
  const ready = join(directory, `ready-${project.commit}`);
  if (!existsSync(ready)) {
    rmSync(directory, { recursive: true, force: true });
    checkOut(project, original);
    read('npm', ['pkg', 'delete', 'devDependencies'], { cwd: original });
    for (const [command = '', ...args] of [installation(project), ...(project.prepare ?? [])]) {
      read(command, args, { cwd: original, env: environment(original) });
    }
    writeFileSync(ready, '');
  }
  const woven = join(directory, 'woven');
  rmSync(woven, { recursive: true, force: true });
  cpSync(original, woven, { recursive: true, verbatimSymlinks: true });
  return { original, woven, report: weaveProject(project, woven) };
}

/** The commands of installed packages, and this Node, come first. */
export function environment(directory: string): Readonly<Record<string, string>> {
  const path = [join(directory, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']];
  return { PATH: path.join(':'), CI: 'true' };
}

/** From GitHub, or from a folder of bare clones, `owner+name/repo`, named by `PROJECTS_DIR`. */
function checkOut({ repository, commit }: Project, directory: string): void {
  const local = process.env['PROJECTS_DIR'];
  const url =
    local === undefined
      ? `https://github.com/${repository}.git`
      : join(local, repository.replace('/', '+'), 'repo');
  mkdirSync(directory, { recursive: true });
  read('git', ['init', '--quiet'], { cwd: directory });
  read('git', ['fetch', '--quiet', '--depth=1', url, commit], { cwd: directory });
  read('git', ['checkout', '--quiet', commit], { cwd: directory });
}

function installation({ install }: Project): readonly string[] {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return [
    'npm',
    'install',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--legacy-peer-deps',
    ...quiet,
    ...install,
  ];
}

function weaveProject({ weave }: Project, directory: string): WeaveReport {
  const files = globSync([...weave], { cwd: directory }).sort();
  return weaveFiles(
    files.map((file) => join(directory, file)),
    { root: directory, manifestPath: join(directory, MANIFEST_FILE) },
  );
}
