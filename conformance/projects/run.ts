import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';
import type { Project } from './project.ts';
import { type TestRun, runTests } from './run-tests.ts';
import { type Stage, stage } from './stage.ts';

const PROJECTS = JSON.parse(
  readFileSync(new URL('projects.json', import.meta.url), 'utf8'),
) as readonly Project[];

const OUTPUTS = join(ROOT, '.cache/conformance/outputs');

const ATTEMPTS = 3;

type Runs = Readonly<Record<'original' | 'idle' | 'armed', TestRun>>;

/**
 * Runs the tests of the projects of these names, of all without names, before and after weaving. Returns whether each
 * has the same number of tests passed and failed in every state.
 */
export async function runProjects(names: readonly string[]): Promise<boolean> {
  const unknown = names.filter((name) => !PROJECTS.some((project) => project.name === name));
  if (unknown.length > 0) throw new Error(`conformance/projects/projects.json has no ${unknown.join(', ')}.`);
  const rows: string[] = [];
  let allSame = true;
  for (const project of PROJECTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const staged = stage(project);
    const runs = await inAllStates(project, staged);
    const same =
      isSame(project, runs.original, runs.idle, 'idle') &&
      isSame(project, runs.original, runs.armed, 'armed');
    allSame &&= same;
    rows.push(row(project, staged, runs, same));
    console.log(rows.at(-1));
    for (const sentence of runs.armed.wrong) console.log(`  ${sentence}`);
  }
  if (names.length === 0) writeFileSync(join(ROOT, 'conformance/results/projects.md'), page(rows));
  return allSame;
}

/** Keeps what each run printed, for whoever has to find out why one differs. */
async function inAllStates(project: Project, { original, woven }: Stage): Promise<Runs> {
  const unwoven = await runTests(project, original, /* armed: */ false);
  const runs = {
    original: unwoven,
    idle: await runLike(unwoven, 'idle', project, woven),
    armed: await runLike(unwoven, 'armed', project, woven),
  };
  mkdirSync(OUTPUTS, { recursive: true });
  for (const [state, { output }] of Object.entries(runs)) {
    writeFileSync(join(OUTPUTS, `${project.name}-${state}.txt`), output);
  }
  return runs;
}

/** Some tests wait for the clock and fail now and then, unwoven too: what differs has to differ each time. */
async function runLike(
  original: TestRun,
  state: 'idle' | 'armed',
  project: Project,
  woven: string,
): Promise<TestRun> {
  for (let attempt = 1; ; attempt++) {
    const run = await runTests(project, woven, state === 'armed');
    if (attempt === ATTEMPTS || isSame(project, original, run, state)) return run;
  }
}

/** Whether the woven tests ended as the unwoven ones did, but for those whose failing has a documented reason. */
function isSame({ known = [] }: Project, original: TestRun, run: TestRun, state: 'idle' | 'armed'): boolean {
  const failing = known
    .filter(({ states }) => states.includes(state))
    .reduce((sum, { tests }) => sum + tests, 0);
  return (
    original.passed > 0 &&
    run.passed === original.passed - failing &&
    run.failed === original.failed + failing &&
    run.wrong.length === 0
  );
}

function row({ name, commit, known = [] }: Project, { report }: Stage, runs: Runs, same: boolean): string {
  const counts = [runs.original, runs.idle, runs.armed].map(({ passed, failed }) =>
    failed === 0 ? `${passed}` : `${passed} (${failed} fail)`,
  );
  const left = report.skipped.filter(({ line, code }) => line === undefined && code !== 'empty').length;
  const reasons = known.map(({ why }) => why).join(' ');
  const verdict = same ? reasons || 'yes' : 'NO';
  const cells = [name, commit.slice(0, 7), report.woven, left, report.functions, ...counts, verdict];
  return `| ${cells.join(' | ')} |`;
}

function page(rows: readonly string[]): string {
  return `# Projects' own tests, before and after weaving, on Node ${process.version}

\`npm run conformance -- projects\`. Tests that fail unwoven need what is not installed here: a linter, a browser, a network.

| project | commit | files woven | left | functions | tests unwoven | idle | every point armed | same |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
