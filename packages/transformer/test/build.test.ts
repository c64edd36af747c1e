import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, type Manifest } from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { weaveDirectory } from '../src/index.ts';
import { Folder } from './harness/folder.ts';

let folder: Folder;
let root: string;
beforeEach(() => {
  folder = new Folder();
  root = folder.path;
});
afterEach(() => folder.delete());

const write = (files: Readonly<Record<string, string>>): void => folder.write(files);
const read = (path: string): string => folder.read(path);
const manifest = (): Manifest => folder.manifest();

function outputs({ files }: Manifest): readonly string[] {
  return files.map(({ output }) => output);
}

describe('weaving a directory', () => {
  it('weaves what is there, leaves the rest, and writes the manifest', () => {
    write({
      'dist/a.js': 'export function a() { return 1 }\n',
      'dist/sub/b.cjs': 'exports.b = () => 2\n',
      'dist/broken.js': 'function (',
      'dist/data.json': '{}',
      'dist/node_modules/x/index.js': 'module.exports = 1',
    });
    const report = weaveDirectory(join(root, 'dist'));
    expect(report).toMatchObject({ woven: 2, kept: 0, functions: 3, points: 3 });
    expect(report.skipped).toMatchObject([{ path: 'dist/broken.js', code: 'parse-error' }]);
    expect(report.size.after).toBeGreaterThan(report.size.before);
    expect(outputs(manifest())).toEqual(['dist/a.js', 'dist/sub/b.cjs']);
    expect(manifest()).toEqual(report.manifest);
    expect(manifest().buildId).toMatch(/^[0-9a-f]{24}$/);
    expect(read('dist/node_modules/x/index.js')).toBe('module.exports = 1');
  });

  it('does nothing the second time', () => {
    write({ 'dist/a.js': 'exports.a = () => 1\n', 'dist/b.js': 'exports.b = () => 2\n' });
    weaveDirectory(join(root, 'dist'));
    const before = [read('dist/a.js'), read(`dist/${MANIFEST_FILE}`)];
    expect(weaveDirectory(join(root, 'dist'))).toMatchObject({ woven: 0, kept: 2, skipped: [] });
    expect([read('dist/a.js'), read(`dist/${MANIFEST_FILE}`)]).toEqual(before);
  });

  it('weaves changed files anew and forgets vanished ones', () => {
    write({
      'dist/a.js': 'exports.a = () => 1\n',
      'dist/b.js': 'exports.b = () => 2\n',
      'dist/c.js': 'exports.c = 1\n',
    });
    const first = weaveDirectory(join(root, 'dist')).manifest;
    write({ 'dist/b.js': 'exports.b = () => 3\n' });
    rmSync(join(root, 'dist/c.js'));
    const second = weaveDirectory(join(root, 'dist'));
    expect(second).toMatchObject({ woven: 1, kept: 1 });
    expect(outputs(second.manifest)).toEqual(['dist/a.js', 'dist/b.js']);
    expect(second.manifest.files[0]).toEqual(first.files[0]);
    expect(second.manifest.buildId).not.toBe(first.buildId);
  });

  it('is another build where only the lines of the source have moved', () => {
    const code = 'exports.a = () => 1;\n//# sourceMappingURL=a.js.map\n';
    const mapTo = (line: string): string =>
      JSON.stringify({ version: 3, sources: ['../src/a.ts'], names: [], mappings: line });
    const [before, after] = ['AAAA', 'AAEA'].map((mappings) => {
      write({ 'dist/a.js': code, 'dist/a.js.map': mapTo(mappings) });
      return weaveDirectory(join(root, 'dist')).manifest;
    });
    expect(after?.files[0]?.id).toBe(before?.files[0]?.id);
    expect(after?.files[0]?.functions[0]?.line).toBe(3);
    expect(after?.buildId).not.toBe(before?.buildId);
  });

  it('says so when a woven file’s manifest entry is lost', () => {
    write({ 'dist/a.js': 'exports.a = () => 1\n' });
    weaveDirectory(join(root, 'dist'));
    rmSync(join(root, 'dist', MANIFEST_FILE));
    expect(weaveDirectory(join(root, 'dist')).skipped).toMatchObject([
      { path: 'dist/a.js', code: 'already-woven' },
    ]);
  });

  it('composes inline maps in place', () => {
    const map = {
      version: 3,
      sources: ['../src/a.ts'],
      sourcesContent: ['const a = 1'],
      names: [],
      mappings: 'AAAA',
    };
    const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    write({ 'dist/a.js': `const a = 1;\n${comment}\n` });
    const report = weaveDirectory(join(root, 'dist'));
    expect(report.manifest.files[0]?.sources).toMatchObject([{ path: 'src/a.ts' }]);
    const data = /base64,(.*)\n$/.exec(read('dist/a.js'))?.[1] ?? '';
    expect(JSON.parse(Buffer.from(data, 'base64').toString())).toMatchObject({
      file: 'a.js',
      sources: ['../src/a.ts'],
    });
  });

  it('takes .js for a module where package.json says so', () => {
    write({ 'package.json': '{ "type": "module" }', 'dist/a.js': 'await null; const f = () => 1; f()\n' });
    expect(weaveDirectory(join(root, 'dist')).skipped).toEqual([]);
  });
});
