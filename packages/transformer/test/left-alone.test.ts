import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type WeaveResult, weave } from '../src/index.ts';

function weaveScript(code: string): WeaveResult {
  return weave(code, { filename: 'file.js' });
}

function names({ manifest }: WeaveResult): readonly string[] {
  return manifest?.functions.map(({ name }) => name) ?? [];
}

describe('functions that are left alone', () => {
  it.each([
    ['a statement', '/* dormouse-ignore */ function f() { return 1 }\nfunction g() { return 2 }'],
    ['a line comment', '// dormouse-ignore: hot\nconst f = () => 1\nfunction g() { return 2 }'],
    [
      'a stretch',
      '// dormouse-ignore-start\nfunction f() { return 1 }\nconst h = () => 1\n// dormouse-ignore-end\nfunction g() { return 2 }',
    ],
    [
      'asm.js',
      'function f() { "use asm"; function inner() { return 1 } return inner }\nfunction g() { return 2 }',
    ],
  ])('by comment or directive: %s', (_, code) => {
    const result = weaveScript(code);
    expect(names(result).filter((name) => name !== '<module>')).toEqual(['g']);
    expect(result.skipped[0]).toMatchObject({ code: 'ignored', path: 'file.js' });
  });

  it('by comment: one method, one argument', () => {
    const result = weaveScript(
      'class A { /* dormouse-ignore */ a() { return 1 } b() { return 2 } }\nuse(/* dormouse-ignore */ () => 1, () => 2)',
    );
    expect(names(result)).toEqual(['<module>', 'A.b', '<anonymous>']);
    expect(result.skipped.map(({ line }) => line)).toEqual([1, 2]);
  });

  it.each([
    'page.evaluate(() => { return document.title })',
    'await page.$eval("#id", (e) => e.textContent)',
    'context.addInitScript(function () { window.x = 1 })',
    'pool.exec((a, b) => a + b, [1, 2])',
    'const work = () => 1; pool.exec(work, [])',
    'function work() { return 1 } const source = work.toString()',
    'const work = function () { return 1 }; new Function(`return ${work}`)',
    'function work() { return 1 } new Worker(`(${work})()`, { eval: true })',
    'function work() { return 1 } const s = String(work)',
    'const work = () => 1; const s = Function.prototype.toString.call(work)',
    'const work = () => 1; const s = "(" + work + ")()"',
    'const work = () => 1; const s = head + "(" + work + ")()"',
    'function work() { return 1 } const s = "(".concat(work, ")()")',
    'const work = () => 1; const s = "a".concat(b, "(").concat(work)',
    'const s = (() => { return 1 }).toString()',
    'let work; work = () => 1; pool.exec(work, [])',
    'let work; if (a) work = function () { return 1 }; const s = `(${work})()`',
  ])('because their text is shipped: %s', (code) => {
    const result = weave(code, { filename: 'file.mjs' });
    const left = result.skipped.filter(({ code: why }) => why === 'ignored');
    expect(left).toHaveLength(1);
    expect(names(result)).toEqual(['<module>']);
  });

  it.each([
    'function ship(work) { pool.exec(work) } ship(() => 1)',
    'const ship = (page, work) => page.evaluate(work); ship(page, function () { return 1 })',
    'function ship(n, work) { return String(work) } function two() { return 2 } ship(2, two)',
  ])('because their text is shipped by what they are passed to: %s', (code) => {
    const result = weave(code, { filename: 'file.mjs' });
    expect(result.skipped.filter(({ code: why }) => why === 'ignored')).toHaveLength(1);
    expect(names(result)).toEqual(['<module>', 'ship']);
  });

  it.each([
    'function f() { return String(function () {/*\ntext\n*/}) }',
    'function f() { return multiline(/* dormouse-ignore */ function () {/*\ntext\n*/}) }',
    'const f = () => `${() => {\n// text\n}}`',
  ])('without a copy in a second body of the function around them: %s', (code) => {
    const { manifest, code: woven } = weaveScript(code);
    expect(manifest?.functions.find(({ name }) => name === 'f')?.form).toBe('inline');
    expect(woven.split('text')).toHaveLength(2);
  });

  it('but not every `exec` and template', () => {
    const result = weaveScript('const f = (s) => /x/.exec(s), g = (n) => `${n}`; trace(f, g)');
    expect(names(result)).toEqual(['<module>', 'f', 'g']);
    expect(result.skipped).toEqual([]);
  });
});

describe('files that are left alone', () => {
  it.each([
    ['ignored', 'file.js', '// dormouse-ignore-file\nfunction f() { return 1 }'],
    ['parse-error', 'file.js', 'function f( { return 1 }'],
    ['parse-error', 'file.ts', 'const x: = 1'],
    ['parse-error', 'file.css', 'a { b: c }'],
    ['parse-error', 'file.js', 'x = 1\n<!-- an HTML comment\nfunction f() { return 1 }'],
    ['parse-error', 'file.js', 'f()\n--> an HTML comment'],
    ['parse-error', 'file.js', 'var let; if (false) let\n{}'],
    ['declaration-file', 'file.d.ts', 'export declare const x: number'],
    ['declaration-file', 'file.d.mts', 'export declare const x: number'],
    ['empty', 'file.ts', 'export interface A { x: number }\nexport type B = A'],
    ['empty', 'file.js', '#!/usr/bin/env node'],
    ['empty', 'file.js', '"use strict";'],
    ['empty', 'file.js', ''],
    ['shadowed-global', 'file.js', 'function Reflect() {} function f() { return 1 }'],
    ['shadowed-global', 'file.js', 'if (x) { function Symbol() {} } function f() { return 1 }'],
    ['shadowed-global', 'file.mjs', 'import { globalThis } from "x"; function f() { return 1 }'],
    ['weaver-error', 'file.js', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
  ])('%s: %s %j', (code, filename, text) => {
    const result = weave(text, { filename });
    expect(result).toMatchObject({
      code: text,
      map: null,
      manifest: null,
      skipped: [{ code, path: filename }],
    });
    expect(result.skipped[0]?.reason).toMatch(/\S/);
  });

  it('with an unreadable source map', () => {
    const code = 'function f() { return 1 }';
    expect(weave(code, { filename: 'file.js', map: '{' })).toMatchObject({
      code,
      map: null,
      skipped: [{ code: 'weaver-error' }],
    });
  });

  it.each([
    'if (a) let b = 1',
    'while (a) const b = 1',
    'for (;a;) class B {}',
    'if (a) using b = c; else let\n[d] = e',
  ])('a declaration that engines refuse gets no block that would allow it: %s', (code) => {
    expect(weaveScript(`${code}\nf()`).code).toContain(code);
  });

  it.each([
    '(await a) = 1',
    'await a = 1',
    '(await a)++',
    '[await a] = b',
    '({ a: await b } = c)',
    'for (await a of b) ;',
  ])(
    'what cannot be assigned to does not become a call, which sloppy code may assign to: %s',
    (statement) => {
      const original = `async function f() { ${statement} }`;
      expect(() => compileFunction(original)).toThrow(SyntaxError);
      expect(() => compileFunction(weaveScript(original).code)).toThrow(SyntaxError);
    },
  );

  it('what bundlers look for: `await import`', () => {
    const statements = ["const { a } = await import('a')", "b = (await import('b')).c", "await import('d')"];
    const { code } = weaveScript(`async function f() {\n${statements.join('\n')}\n}`);
    for (const statement of statements) expect(code).toContain(statement);
  });

  it('but `-->` in the middle of a line is an operator', () => {
    expect(weaveScript('function f(n) { while (n --> 0) g() }').skipped).toEqual([]);
  });

  it('returns the given map with the given code', () => {
    const map = { version: 3 as const, sources: ['a.ts'], names: [], mappings: '' };
    expect(weave('', { filename: 'a.js', map }).map).toEqual(map);
  });
});
