import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';
import { nodeVersions } from './harness/nodes.ts';

const PROGRAM = `(() => { function add(a, b) { return a + b }
  const twice = async (n) => { return add(n, n) }
  twice(21).then((n) => console.log(n, Object.keys(globalThis).some((key) => key.startsWith('$dm_'))));
})()`;

const CLOSED: readonly string[] = [
  'Object.preventExtensions(globalThis);',
  'Object.seal(globalThis);',
  'Object.freeze(globalThis);',
];

describe.each(nodeVersions())('on Node $major', ({ path }) => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dormouse-closed-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...files: readonly string[]): string => {
    const script = join(folder, 'run.cjs');
    const calls = files.map((code) => `vm.runInThisContext(${JSON.stringify(code)});`);
    writeFileSync(script, `const vm = require('vm');${calls.join('')}`);
    return execFileSync(path, [script], { encoding: 'utf8' });
  };

  it.each(CLOSED)('a file that is loaded after `%s` runs as before, also a second time', (close) => {
    const woven = weave(PROGRAM, { filename: 'file.js' });
    expect(woven.skipped).toEqual([]);
    expect(run(close, woven.code, woven.code)).toBe('42 false\n42 false\n');
  });

  it('defining switches calls nothing that a program has replaced on `Object`', () => {
    const replaced = `Object.defineProperty = () => { throw new Error('called') };`;
    expect(run(replaced, weave(PROGRAM, { filename: 'file.js' }).code)).toBe('42 false\n');
  });

  it('compiled for old engines, a woven script leaves the globals of others alone', () => {
    const { outputText } = ts.transpileModule(weave(PROGRAM, { filename: 'file.js' }).code, {
      compilerOptions: { target: ts.ScriptTarget.ES5, ignoreDeprecations: '6.0' },
    });
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const others = `var ${letters.map((name) => `${name} = '${name}'`).join()};`;
    const look = `console.log([${letters.join()}].join(''));`;
    expect(run(others, outputText, look)).toBe(`${letters.join('')}\n42 false\n`);
  });
});
