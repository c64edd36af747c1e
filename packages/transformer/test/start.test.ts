import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Folder } from './harness/folder.ts';

/** Weaves a file and tells which scripts of the compiler it took. */
const PROGRAM = `
import { _cache } from 'node:module';
import { openWeaveCache } from '${import.meta.resolve('@dormouse/transformer')}';
const cache = openWeaveCache('cache');
const { manifest } = cache.weave('exports.a = () => 1;', { filename: 'a.cjs' });
const compiler = Object.keys(_cache).filter((path) => /ts-morph.*[.]js$/.test(path));
console.log(JSON.stringify({
  functions: manifest.functions.length,
  hits: cache.hits,
  compiler: compiler.map((path) => path.replaceAll('\\\\', '/').split('/').at(-1)),
}));
`;

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.delete());

const start = (): unknown => {
  const output = execFileSync(process.execPath, ['start.mjs'], { cwd: folder.path, encoding: 'utf8' });
  return JSON.parse(output);
};

it('loads the compiler alone to weave, and not at all for what the cache knows', () => {
  folder.write({ 'start.mjs': PROGRAM });
  expect(start()).toEqual({ functions: 2, hits: 0, compiler: ['typescript.js'] });
  expect(start()).toEqual({ functions: 2, hits: 1, compiler: [] });
});
