import { afterAll, describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';
import { asi } from './cases/asi.ts';
import { asynchronous } from './cases/async.ts';
import { calls, fields } from './cases/calls.ts';
import type { Case } from './cases/case.ts';
import { classes } from './cases/classes.ts';
import { fieldBugs } from './cases/field-bugs.ts';
import { functions } from './cases/functions.ts';
import { modules } from './cases/modules.ts';
import { statements } from './cases/statements.ts';
import { syntaxList } from './cases/syntax-list.ts';
import { text } from './cases/text.ts';
import { waits } from './cases/waits.ts';
import { nodeVersions } from './harness/nodes.ts';
import {
  type Hit,
  type ProgramFile,
  WOVEN_STATES,
  runInAllStates,
  weaveProgram,
} from './harness/programs.ts';
import { Realms } from './harness/realms.ts';

interface Run {
  readonly title: string;
  readonly test: Case;
  readonly files: readonly ProgramFile[];
}

const SECTIONS = {
  fieldBugs,
  statements,
  asi,
  functions,
  classes,
  asynchronous,
  waits,
  calls,
  fields,
  modules,
  text,
  syntaxList,
};

const runs: readonly Run[] = Object.values(SECTIONS)
  .flat()
  .flatMap((test) =>
    (test.goal === undefined ? (['script', 'module'] as const) : [test.goal]).map((goal) =>
      runOf(test, goal),
    ),
  );

function runOf(test: Case, goal: 'script' | 'module'): Run {
  const extension = goal === 'module' ? 'mjs' : 'cjs';
  const main: ProgramFile = { path: `main.${extension}`, code: test.code, goal };
  const others = Object.entries(test.files ?? {}).map(([path, code]): ProgramFile => ({ path, code, goal }));
  return { title: `${test.name} (${goal})`, test, files: [main, ...others] };
}

describe.each(nodeVersions())('on Node $major', ({ path }) => {
  const realms = new Realms(path);
  afterAll(() => realms.close());

  it.each(runs)('$title', async ({ test, files }) => {
    const outcomes = await runInAllStates(files, realms);
    const { original } = outcomes;
    expect(original.error).toBe(test.error);
    expect(original.traced).not.toEqual([]);
    for (const state of WOVEN_STATES) {
      if (state === 'armed' && test.idleOnly) continue;
      const { traced, error, globals } = outcomes[state];
      expect({ state, traced, error, globals }).toEqual({
        state,
        traced: original.traced,
        error: original.error,
        globals: original.globals,
      });
    }
    expect(outcomes.idle.hits).toEqual([]);
    expect(outcomes.idle.calls).toEqual([]);
    expect(outcomes.armed.wrong).toEqual([]);
    checkHits(test, outcomes.armed.hits);
    expect(outcomes.armed.calls).toEqual(expect.arrayContaining([...(test.calls ?? [])]));
    expect(outcomes.armed.waits).toEqual(expect.arrayContaining([...(test.waits ?? [])]));
    checkForms(test, files);
  });
});

function checkHits(test: Case, hits: readonly Hit[]): void {
  expect(hits.length).toBeGreaterThan(0);
  const texts = hits.flatMap((hit) => [
    hitText(hit),
    hitText({ ...hit, locals: { this: hit.self ?? '', ...hit.locals } }),
    ...(hit.call === undefined ? [] : [`${hitText(hit)} in ${hit.call}`]),
  ]);
  for (const hit of test.hits ?? []) expect(texts).toContain(hit);
  for (const absent of test.noHits ?? [])
    expect(texts.filter((found) => found.startsWith(absent))).toEqual([]);
}

/** `f:3 a=1 b='x' | LIMIT=10` */
function hitText({ function: name, line, locals, outers }: Hit): string {
  const words = [`${name}:${line}`, ...pairs(locals)];
  if (Object.keys(outers).length > 0) words.push('|', ...pairs(outers));
  return words.join(' ');
}

function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

function checkForms(test: Case, files: readonly ProgramFile[]): void {
  const woven = weaveProgram(files).flatMap(({ manifest, skipped }) => {
    expect(skipped).toEqual([]);
    return manifest?.functions ?? [];
  });
  for (const [name, form] of Object.entries(test.forms ?? {})) {
    const found = woven.filter((candidate) => candidate.name === name);
    expect(found.map(({ name, form }) => ({ name, form }))).toContainEqual({ name, form });
  }
}

describe('every case', () => {
  it.each(runs)('$title: is the original plus insertions, without a new line', ({ files }) => {
    for (const { path, code, goal } of files) {
      const woven = weave(code, { filename: path, goal }).code;
      expect(isSubsequence(code, woven)).toBe(true);
      expect(lines(woven)).toBe(lines(code));
      expect(weave(code, { filename: path, goal }).code).toBe(woven);
      expect(weave(woven, { filename: path, goal })).toMatchObject({
        code: woven,
        skipped: [{ code: 'already-woven' }],
      });
    }
  });
});

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (part.startsWith(char, at)) at += char.length;
  return at === part.length;
}

function lines(code: string): number {
  return code.split(/\r\n|[\n\r\u2028\u2029]/).length;
}
