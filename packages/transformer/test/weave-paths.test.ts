import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { transformSync as babel } from '@babel/core';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transformSync as swc } from '@swc/core';
import { transformSync as esbuild } from 'esbuild';
import { CONTRACT_VERSION, MANIFEST_FILE } from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type WeaveReport,
  mergeManifestFiles,
  openWeaveCache,
  watchPaths,
  weave,
  weaveDirectory,
  weavePaths,
} from '../src/index.ts';
import { Folder } from './harness/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  folder.write({ 'package.json': '{ "name": "shop" }' });
});
afterEach(() => folder.delete());

const SOURCE = `export class Cart {
  items = [1, 2];
  async total() {
    const total = this.items.reduce((sum, n) => sum + n, 0);
    return total;
  }
}
new Cart().total().then((total) => console.log(total));
`;

interface Emitted {
  readonly code: string;
  readonly map: string;
}

const COMPILERS: Readonly<Record<string, (format: 'cjs' | 'esm') => Emitted>> = {
  swc(format) {
    const { code, map } = swc(SOURCE, {
      filename: '../src/cart.js',
      sourceMaps: true,
      jsc: { target: 'es2022' },
      module: { type: format === 'cjs' ? 'commonjs' : 'es6' },
    });
    return { code, map: map ?? '' };
  },
  esbuild(format) {
    return esbuild(SOURCE, { sourcefile: '../src/cart.js', sourcemap: 'external', format });
  },
  Babel() {
    const result = babel(SOURCE, {
      filename: 'cart.js',
      sourceFileName: '../src/cart.js',
      sourceMaps: true,
      configFile: false,
    });
    return { code: result?.code ?? '', map: JSON.stringify(result?.map) };
  },
};

const FORMATS = [
  ['swc', 'cjs'],
  ['swc', 'esm'],
  ['esbuild', 'cjs'],
  ['esbuild', 'esm'],
  ['Babel', 'esm'],
] as const;

describe.each(FORMATS)('what %s emits as %s', (compiler, format) => {
  const file = format === 'cjs' ? 'dist/cart.cjs' : 'dist/cart.mjs';

  it.each(['external', 'inline', 'no'])('is woven with an %s source map', (place) => {
    const { code, map } = (COMPILERS[compiler] as (typeof COMPILERS)[string])(format);
    const data = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
    const url = { external: `${file.slice('dist/'.length)}.map`, inline: data, no: undefined }[place];
    folder.write({ [file]: `${code}${url === undefined ? '' : `\n//# sourceMappingURL=${url}\n`}` });
    if (place === 'external') folder.write({ [`${file}.map`]: map });

    const report = weavePaths([folder.at('dist')]);
    expect(report).toMatchObject({ woven: 1, skipped: [] });
    expect(execFileSync(process.execPath, [folder.at(file)], { encoding: 'utf8' })).toBe('3\n');

    const [entry] = report.manifest.files;
    expect(entry?.output).toBe(file);
    expect(entry?.sources).toMatchObject([{ path: place === 'no' ? file : 'src/cart.js' }]);
    if (place !== 'external') return;
    expect(entry?.functions.find(({ name }) => name === 'Cart.total')).toMatchObject({ line: 3, column: 3 });
    const woven = folder.read(file).split('\n');
    const line = woven.findIndex((text) => text.includes('this.items.reduce'));
    const column = woven[line]?.lastIndexOf('this.items.reduce') ?? 0;
    const composed = new TraceMap(folder.read(`${file}.map`));
    expect(originalPositionFor(composed, { line: line + 1, column })).toMatchObject({ line: 4, column: 18 });
  });
});

describe('weaving paths', () => {
  it('writes a whole directory elsewhere, with maps that still lead to the sources', () => {
    const { code, map } = (COMPILERS['esbuild'] as (typeof COMPILERS)[string])('esm');
    folder.write({
      'dist/cart.mjs': `${code}//# sourceMappingURL=cart.mjs.map\n`,
      'dist/cart.mjs.map': map,
      'dist/vendor/lib.min.js': 'exports.lib = () => 1\n',
      'dist/data.json': '{}',
    });
    const report = weavePaths([folder.at('dist')], { out: folder.at('built/woven'), exclude: ['*.min.js'] });
    expect(report.manifestPath).toBe(folder.at(`built/woven/${MANIFEST_FILE}`));
    expect(report.manifest.files).toMatchObject([
      { output: 'built/woven/cart.mjs', sources: [{ path: 'src/cart.js' }] },
    ]);
    expect(JSON.parse(folder.read('built/woven/cart.mjs.map'))).toMatchObject({
      sources: ['../../src/cart.js'],
    });
    expect(folder.read('built/woven/vendor/lib.min.js')).toBe('exports.lib = () => 1\n');
    expect(folder.has('built/woven/data.json')).toBe(true);
    expect(folder.read('dist/cart.mjs')).not.toContain('$dm_');
  });

  it('weaves what is included and not excluded', () => {
    folder.write({
      'dist/a.js': 'exports.a = () => 1',
      'dist/sub/b.js': 'exports.b = () => 1',
      'c.js': 'exports.c = () => 1',
    });
    weavePaths([folder.path], { include: ['dist/**'], exclude: ['dist/*.js'] });
    expect(folder.outputs(`dist/sub/${MANIFEST_FILE}`)).toEqual(['dist/sub/b.js']);
  });

  it.each([
    ['nowhere', 'does not exist'],
    ['.', 'There is no JavaScript'],
  ])('says what to do where %s has nothing to weave', (path, message) => {
    expect(() => weavePaths([folder.at(path)])).toThrow(message);
  });

  it('weaves again what is written again, and is not woken by itself', async () => {
    folder.write({ 'dist/a.js': 'exports.a = () => 1\n' });
    const reports: WeaveReport[] = [];
    const stop = new AbortController();
    const ended = watchPaths([folder.at('dist')], { signal: stop.signal }, (report) => reports.push(report));
    expect(reports).toMatchObject([{ woven: 1 }]);
    folder.write({ 'dist/b.js': 'exports.b = () => 2\n' });
    await expect.poll(() => reports).toMatchObject([{}, { woven: 1, kept: 1 }]);
    expect(folder.read('dist/b.js')).toContain('$dm_');
    stop.abort();
    await ended;
    expect(reports).toHaveLength(2);
  });
});

describe('the cache', () => {
  const FILE = 'const twice = (n) => n * 2\nmodule.exports = twice\n';

  it('gives back what was woven before, and nothing else', () => {
    const cache = openWeaveCache(folder.at('cache'));
    const options = { filename: folder.at('a.js'), root: folder.path };
    const woven = cache.weave(FILE, options);
    expect(woven).toEqual(weave(FILE, options));
    expect(cache.weave(FILE, options)).toEqual(woven);
    expect(cache.hits).toBe(1);
    cache.weave(`${FILE}\n`, options);
    cache.weave(FILE, { ...options, goal: 'module' });
    cache.weave(FILE, { ...options, filename: folder.at('b.js') });
    expect(cache.hits).toBe(1);
  });

  it('notices that an original which was read has changed', () => {
    const cache = openWeaveCache(folder.at('cache'));
    const map = JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' });
    const weaveWith = (text: string): string | undefined =>
      cache.weave(FILE, { filename: folder.at('a.js'), map, readSource: () => text }).manifest?.sources[0]
        ?.hash;
    expect(weaveWith('one')).toBe(weaveWith('one'));
    expect(weaveWith('two')).not.toBe(weaveWith('one'));
  });

  it('takes a damaged entry for none, and keeps to its limit', () => {
    const options = { filename: folder.at('a.js'), root: folder.path };
    const cache = openWeaveCache(folder.at('cache'), { maxBytes: 1 });
    const woven = cache.weave(FILE, options);
    const [entry = ''] = readdirSync(folder.at('cache'));
    writeFileSync(folder.at(`cache/${entry}`), folder.read(`cache/${entry}`).replace('n * 2', 'n * 3'));
    expect(cache.weave(FILE, options)).toEqual(woven);
    expect(cache.hits).toBe(0);
    cache.prune();
    expect(readdirSync(folder.at('cache'))).toEqual([]);
  });

  it('saves weaving a file that a compiler has written again', () => {
    const cache = openWeaveCache(folder.at('cache'));
    folder.write({ 'dist/a.js': FILE });
    const first = weaveDirectory(folder.at('dist'), { cache });
    folder.write({ 'dist/a.js': FILE });
    const second = weaveDirectory(folder.at('dist'), { cache });
    expect([first.cached, second.cached, second.woven]).toEqual([0, 1, 1]);
    expect(second.manifest).toEqual(first.manifest);
  });
});

describe('merging manifests', () => {
  const build = (name: string): string => {
    folder.write({
      [`packages/${name}/package.json`]: `{ "name": "${name}" }`,
      [`packages/${name}/dist/index.js`]: `exports.${name} = () => 1\n`,
    });
    return weavePaths([folder.at(`packages/${name}/dist`)]).manifestPath;
  };

  it('tells the files of several builds apart, and each is described once', () => {
    const paths = [build('shop'), build('bank')];
    const merged = mergeManifestFiles([...paths, ...paths]);
    expect(merged.files.map(({ output, sources }) => [output, sources[0]?.path])).toEqual([
      ['bank/dist/index.js', 'bank/dist/index.js'],
      ['shop/dist/index.js', 'shop/dist/index.js'],
    ]);
  });

  it('refuses another version, and says who wrote it', () => {
    const path = build('shop');
    const other = {
      ...JSON.parse(folder.read('packages/shop/dist/dormouse.manifest.json')),
      contract: 99,
      weaver: 'elder 9',
    };
    writeFileSync(path, JSON.stringify(other));
    expect(() => mergeManifestFiles([path])).toThrow(/was written by elder 9 \(manifest \d+, contract 99\)/);
    const [skip] = weavePaths([folder.at('packages/shop/dist')]).skipped;
    expect(skip).toMatchObject({ code: 'already-woven' });
    expect(skip?.reason).toMatch(new RegExp(`elder 9 .* contract ${CONTRACT_VERSION}\\. Build it again`));
    writeFileSync(path, '[]');
    expect(() => mergeManifestFiles([path])).toThrow('is not a Dormouse manifest');
  });
});
