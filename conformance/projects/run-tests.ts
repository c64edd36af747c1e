import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MANIFEST_FILE } from '@dormouse/protocol';
import type { Project } from './project.ts';
import { environment } from './stage.ts';

const PRELOAD = pathToFileURL(fileURLToPath(new URL('preload.mjs', import.meta.url))).href;
const MS_FOR_A_SUITE = 600_000;

export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  /** What hooks were passed that contradicts the manifest. */
  readonly wrong: readonly string[];
}

/** Runs a project's own tests in `directory`. */
export async function runTests(project: Project, directory: string, armed: boolean): Promise<TestRun> {
  const notes = join(directory, '..', 'notes.jsonl');
  rmSync(notes, { force: true });
  const arming = {
    NODE_OPTIONS: `--import ${PRELOAD}`,
    DORMOUSE_CONFORMANCE_MANIFEST: join(directory, MANIFEST_FILE),
    DORMOUSE_CONFORMANCE_NOTES: notes,
  };
  const env = { ...process.env, ...environment(directory), ...(armed && arming) };
  const output = await outputOf(project.test, directory, env);
  return { ...COUNTS[project.counts](output), output, wrong: wrongIn(notes) };
}

function outputOf(
  [command = '', ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MS_FOR_A_SUITE,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', reject).on('close', () => resolve(output));
  });
}

function wrongIn(notes: string): readonly string[] {
  if (!existsSync(notes)) return [];
  const lines = readFileSync(notes, 'utf8').trim().split('\n');
  return [...new Set(lines.flatMap((line) => (JSON.parse(line) as { wrong: string[] }).wrong))];
}

type Counts = Pick<TestRun, 'passed' | 'failed'>;

/** What each kind of test runner prints at its end. */
const COUNTS: Readonly<Record<Project['counts'], (output: string) => Counts>> = {
  mocha: summed(/^\s+(\d+) passing/gm, /^\s+(\d+) failing/gm),
  node: summed(/^(?:ℹ|#) pass (\d+)/gm, /^(?:ℹ|#) (?:fail|cancelled) (\d+)/gm),
  tap: (output) => ({
    passed: count(output, /^\s*ok \d+/gm),
    failed: count(output, /^\s*not ok \d+/gm),
  }),
  acorn: summed(/\b(\d+) tests run/g, /(\d+) failures/gm),
  qunit: summed(/PASS: (\d+)/g, /FAIL: (\d+)/g),
  uvu: (output) => {
    const passed = sum(output, /Passed:\s+(\d+)/g);
    return { passed, failed: sum(output, /Total:\s+(\d+)/g) - passed };
  },
};

function summed(passed: RegExp, failed: RegExp): (output: string) => Counts {
  return (output) => ({ passed: sum(output, passed), failed: sum(output, failed) });
}

function sum(output: string, pattern: RegExp): number {
  return [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
}

function count(output: string, pattern: RegExp): number {
  return [...output.matchAll(pattern)].length;
}
