import { afterAll, describe, expect, it } from 'vitest';
import { loadTypeScript, ts } from '../src/1-parse/typescript.ts';
import { weave } from '../src/index.ts';
import { type TypedCase, typedCases } from './cases/typescript.ts';
import { nodeVersions } from './harness/nodes.ts';
import type { WovenFile } from './harness/programs.ts';
import { Realms } from './harness/realms.ts';

loadTypeScript();

/** Syntax that no engine runs: woven as TypeScript and compiled, or compiled and woven. */
describe.each(nodeVersions())('TypeScript on Node $major', ({ path }) => {
  const realms = new Realms(path);
  afterAll(() => realms.close());

  it.each(typedCases)('$name', async (test) => {
    const original = await realms.run({ files: [file(compile(test.code, test))], state: 'original' });
    expect(original.error).toBeUndefined();
    expect(original.traced).not.toEqual([]);
    for (const woven of [wovenThenCompiled(test), compiledThenWoven(test)]) {
      for (const state of ['idle', 'registry', 'armed'] as const) {
        const { traced, error, hits, wrong } = await realms.run({ files: [woven], state });
        expect({ state, traced, error }).toEqual({ state, traced: original.traced, error: original.error });
        expect(wrong).toEqual([]);
        expect(hits.length > 0).toBe(state === 'armed');
      }
    }
  });
});

function wovenThenCompiled(test: TypedCase): WovenFile {
  const { code, manifest, skipped } = weave(test.code, {
    filename: fileName(test),
    goal: 'script',
    root: '.',
  });
  expect(skipped).toEqual([]);
  return { ...file(compile(code, test)), manifest, skipped };
}

function compiledThenWoven(test: TypedCase): WovenFile {
  const compiled = file(compile(test.code, test));
  const { code, manifest, skipped } = weave(compiled.code, {
    filename: compiled.path,
    goal: 'script',
    root: '.',
  });
  expect(skipped).toEqual([]);
  return { ...compiled, code, manifest, skipped };
}

function file(code: string): WovenFile {
  return { path: 'main.cjs', code, goal: 'script', manifest: null, skipped: [] };
}

function fileName({ language = 'ts' }: TypedCase): string {
  return `main.${language}`;
}

function compile(code: string, test: TypedCase): string {
  const { outputText, diagnostics } = ts.transpileModule(code, {
    fileName: fileName(test),
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      jsx: ts.JsxEmit.React,
      experimentalDecorators: test.legacyDecorators === true,
    },
  });
  expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  return outputText;
}
