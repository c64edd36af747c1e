import {
  lineTextHash,
  type ManifestFile,
  type ManifestFunction,
  type ManifestPoint,
} from '@dormouse/protocol';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type WeaveOptions, weave } from '../src/index.ts';

function manifestOf(code: string, options: Partial<WeaveOptions> = {}): ManifestFile {
  const { manifest, skipped } = weave(code, { filename: 'src/file.ts', root: '.', ...options });
  expect(skipped).toEqual([]);
  return manifest as ManifestFile;
}

function functionNamed(manifest: ManifestFile, name: string): ManifestFunction {
  const found = manifest.functions.find((candidate) => candidate.name === name);
  expect(found, name).toBeDefined();
  return found as ManifestFunction;
}

function pointAt({ points }: ManifestFunction, line: number): ManifestPoint {
  const found = points.find((candidate) => candidate.line === line);
  expect(found, `a point at line ${line}`).toBeDefined();
  return found as ManifestPoint;
}

function namesOf(
  manifest: ManifestFile,
  indices: readonly number[] | undefined,
): readonly (string | undefined)[] {
  return (indices ?? []).map((index) => manifest.names[index]);
}

describe('the manifest', () => {
  it('tells lines by their texts, those of the original', () => {
    const source = 'function f(a: number) {\r\n\tconst  b = a; use(b);\r\n  return b;\n}\n';
    const compiled = ts.transpileModule(source, {
      fileName: 'file.ts',
      compilerOptions: { sourceMap: true, inlineSources: true, target: ts.ScriptTarget.ES2022 },
    });
    for (const manifest of [
      manifestOf(source),
      manifestOf(compiled.outputText, { filename: 'dist/file.js', map: compiled.sourceMapText! }),
    ]) {
      const texts = functionNamed(manifest, 'f').points.map(({ text }) => text);
      const [first, last] = ['const b = a; use(b);', ' return  b;'].map(lineTextHash);
      expect(texts).toEqual([first, first, last]);
    }
    const { sourcesContent: _texts, ...map } = JSON.parse(compiled.sourceMapText!) as {
      sourcesContent: string[];
    };
    const bare = manifestOf(compiled.outputText, { filename: 'dist/file.js', map: JSON.stringify(map) });
    expect(functionNamed(bare, 'f').points[0]).not.toHaveProperty('text');
  });

  it('names functions as a debugger would', () => {
    const { functions } =
      manifestOf(`class Ledger { static { f() } constructor() { f() } settle() { f() } get total() { return 1 } static of() { f() } handler = () => f(); ['computed']() { f() } #p() { f() } }
      function price() { f() }
      const arrow = () => f(), expression = function () { f() }, own = function inner() { f() }, api = { get() { f() }, nested: { deep() { f() } }, key: () => f() }
      exports.named = () => f(); module.exports = () => f(); Ledger.prototype.late = function () { f() }; let { d = () => f() } = {}
      use(() => f()); use(class { m() { f() } })
      export default () => f()`);
    expect(functions.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      '<module> module',
      'Ledger.<static> static-block',
      'Ledger.constructor constructor',
      'Ledger.settle method',
      'Ledger.total getter',
      'Ledger.of method',
      'Ledger.handler arrow',
      "Ledger.['computed'] method",
      'Ledger.#p method',
      'price function',
      'arrow arrow',
      'expression function',
      'inner function',
      'api.get method',
      'api.nested.deep method',
      'api.key arrow',
      'named arrow',
      'exports arrow',
      'Ledger.late function',
      'd arrow',
      '<anonymous> arrow',
      'm method',
      'default arrow',
    ]);
  });

  it('has the original positions, through a map too', () => {
    const source =
      'import { rate } from "./rate.js"\nexport function price(cart: number[]): number {\n  let total: number = 0\n\n  for (const item of cart)\n    total += item * rate\n  return total\n}\n';
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: 'price.ts',
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, sourceMap: true },
    });
    const compiled = manifestOf(outputText, {
      filename: 'dist/price.js',
      map: JSON.stringify({ ...JSON.parse(sourceMapText as string), sources: ['../src/price.ts'] }),
      readSource: () => source,
    });
    const direct = manifestOf(source, { filename: 'src/price.ts' });
    expect(compiled.output).toBe('dist/price.js');
    expect(compiled.sources).toEqual(direct.sources);
    expect(compiled.sources).toEqual([
      { path: 'src/price.ts', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    ]);
    const positions = (manifest: ManifestFile): unknown => {
      const { line, column, endLine, points } = functionNamed(manifest, 'price');
      return {
        line,
        column,
        endLine,
        points: points.map(({ line, column, endLine, locals }) => ({
          line,
          column,
          endLine,
          locals: namesOf(manifest, locals),
        })),
      };
    };
    expect(positions(compiled)).toEqual(positions(direct));
    expect(positions(direct)).toMatchObject({
      line: 2,
      endLine: 8,
      points: [
        { line: 3, column: 3, locals: ['cart'] },
        { line: 5, column: 3, endLine: 6, locals: ['cart', 'total'] },
        { line: 6, column: 5, locals: ['cart', 'total', 'item'] },
        { line: 7, column: 3, locals: ['cart', 'total'] },
      ],
    });
  });

  it('lists no name that a compiler made up, and weaves no helper it added', () => {
    const source =
      'import { rate } from "./rate.js"\nimport * as ns from "./ns.js"\nexport const price = async (cart?: { a: number }) => {\n  const part = cart?.a ?? 1\n  return part * rate * ns.factor\n}\n';
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: 'price.ts',
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2015,
        sourceMap: true,
        esModuleInterop: true,
      },
    });
    expect(outputText).toContain('__awaiter');
    const manifest = manifestOf(outputText, {
      filename: 'price.js',
      map: sourceMapText,
      readSource: () => source,
    });
    expect(manifest.names).toEqual(expect.arrayContaining(['cart', 'part']) as string[]);
    for (const name of manifest.names) expect(name).not.toMatch(/^_|_\d+$/);
    expect(manifest.functions.map(({ line }) => line).every((line) => line === 1 || line >= 3)).toBe(true);
  });

  it('lists the outer variables that a function reads, not those it only calls', () => {
    const manifest = manifestOf(`import value, { named, called } from 'x'
      import * as space from 'y'
      const LIMIT = 1; let state = 2; class K {} function help() {} const tool = () => 1
      function f(a, g = () => 1) {
        state = LIMIT + named + value + a + space.x
        called(); help(); tool(); new K(); return help
      }`);
    const point = pointAt(functionNamed(manifest, 'f'), 5);
    expect(namesOf(manifest, point.outers)).toEqual(['value', 'named', 'LIMIT', 'state']);
    expect(namesOf(manifest, point.locals)).toEqual(['a', 'g']);
  });

  it('says how much can be seen of the calls of each function', () => {
    const { functions } = manifestOf(
      `function twin(a) { return a } const deep = (a) => () => () => a
      async function later() { await 1 } async function* stream() { yield 1 } function* list() { yield 1 }
      class B extends A { field = 1; static { f() } constructor() { super() } }
      function evil(a) { eval(a); return () => () => a } function open(o) { with (o) { return o } }
      async function twice() { var x; function x() {} return x }
      async function refused(a) { let { b: [a] } = 1; return a }`,
      { filename: 'src/file.cjs' },
    );
    expect(functions.map(({ name, exits }) => `${name} ${exits}`)).toEqual([
      '<module> none',
      'twin all',
      'deep returns',
      '<anonymous> all',
      '<anonymous> all',
      'later all',
      'stream all',
      'list ends',
      'B.field none',
      'B.<static> none',
      'B.constructor returns',
      'evil none',
      '<anonymous> all',
      '<anonymous> all',
      'open none',
      'twice returns',
      'refused returns',
    ]);
    const { manifest } = weave('async function hides() { f(); /* dormouse-ignore */ return 1 }', {
      filename: 'src/file.js',
    });
    expect(functionNamed(manifest as ManifestFile, 'hides').exits).toBe('none');
  });

  it('says in which arm of which branching statement a point stands', () => {
    const manifest = manifestOf(`function f(list, n) {
        use()
        if (n) use(); else if (list) { use() } else use()
        outer: for (const x of list) {
          { use(x); label: use() }
          while (n) n--
          do { continue outer } while (n)
        }
        switch (n) { case 1: use(); case 2: { use() } default: use() }
        try { use() } catch { use() } finally { if (n) use() }
        for (;;) { [1].map((y) => { if (y) use(); return y }); for (const k in n) break }
        try { try { use() } catch (e) { use() } } finally { use(async () => { for await (const z of n) await z }) }
      }`);
    const branches = ({ name, points }: ManifestFunction): readonly string[] =>
      points.map(({ line, column, branch }) => {
        const of = branch && points[branch[0]];
        return `${name} ${line}:${column}${of ? ` ${branch[1]} of ${of.line}:${of.column}` : ''}`;
      });
    expect(manifest.functions.flatMap(branches)).toEqual([
      'f 2:9',
      'f 3:9',
      'f 3:16 then of 3:9',
      'f 3:28 else of 3:9',
      'f 3:40 then of 3:28',
      'f 3:53 else of 3:28',
      'f 4:9',
      'f 5:13 body of 4:9',
      'f 5:21 body of 4:9',
      'f 6:11 body of 4:9',
      'f 6:21 body of 6:11',
      'f 7:11 body of 4:9',
      'f 7:16 body of 7:11',
      'f 9:9',
      'f 9:30 case of 9:9',
      'f 9:47 case of 9:9',
      'f 9:64 default of 9:9',
      'f 10:9',
      'f 10:15',
      'f 10:31 catch of 10:9',
      'f 10:49 finally of 10:9',
      'f 10:56 then of 10:49',
      'f 11:9',
      'f 11:20 body of 11:9',
      'f 11:64 body of 11:9',
      'f 11:83 body of 11:64',
      'f 12:9',
      'f 12:15',
      'f 12:21',
      'f 12:41 catch of 12:15',
      'f 12:61 finally of 12:9',
      '<anonymous> 11:37',
      '<anonymous> 11:44 then of 11:37',
      '<anonymous> 11:51',
      '<anonymous> 12:79',
      '<anonymous> 12:104 body of 12:79',
    ]);
  });

  it('asks for no thunk where V8 would make a closure-free loop slow', () => {
    const manifest = manifestOf(`const LIMIT = 1
      function f(list) {
        list.map(() => (x) => x + LIMIT)
        for (let i = 0; i < LIMIT; i++) {
          use(LIMIT)
        }
        for (let i = 0; i < LIMIT; i++) {
          use(() => i + LIMIT)
        }
        while (LIMIT) {
          use(LIMIT)
        }
      }
      async function g() { for (let i = 0; i < LIMIT; i++) {
          use(LIMIT)
        } }
      function h() { for (let i = 0; i < LIMIT; i++) {
          use(LIMIT)
        } }`);
    const outersAt = (name: string, line: number): unknown =>
      namesOf(manifest, pointAt(functionNamed(manifest, name), line).outers);
    expect([outersAt('f', 4), outersAt('f', 5), outersAt('f', 8), outersAt('f', 11)]).toEqual([
      ['LIMIT'],
      [],
      ['LIMIT'],
      ['LIMIT'],
    ]);
    expect([outersAt('g', 15), outersAt('h', 18)]).toEqual([['LIMIT'], ['LIMIT']]);
  });

  it('lists at most 48 locals, those mentioned nearest', () => {
    const names = Array.from({ length: 100 }, (_, n) => `v${n}`);
    const manifest = manifestOf(
      `function f() {\nconst ${names.map((name) => `${name} = 1`).join(', ')};\nuse(v7);\nuse(v99);\n}`,
    );
    const point = pointAt(functionNamed(manifest, 'f'), 3);
    expect(point.locals).toHaveLength(48);
    expect(namesOf(manifest, point.locals)).toEqual(expect.arrayContaining(['v7', 'v99']) as string[]);
  });

  it('gives two files with one text different ids, and one file always the same', () => {
    const a = manifestOf('f()', { filename: 'src/a.ts' });
    expect(manifestOf('f()', { filename: 'src/a.ts' }).id).toBe(a.id);
    expect(manifestOf('f()', { filename: 'src/b.ts' }).id).not.toBe(a.id);
    expect(a.id).toMatch(/^[0-9a-f]{12}$/);
  });
});
