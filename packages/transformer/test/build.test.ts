import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MANIFEST_FILE, type Manifest } from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTsc, weaveDirectory } from '../src/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dormouse-build-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function manifest(path = `dist/${MANIFEST_FILE}`): Manifest {
  return JSON.parse(read(path)) as Manifest;
}

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

const TYPESCRIPTS = {
  'TypeScript 6': fileURLToPath(new URL('../../../node_modules/typescript', import.meta.url)),
  'TypeScript 7': fileURLToPath(new URL('../../../node_modules/@typescript/native', import.meta.url)),
};

const CONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    rootDir: 'src',
    outDir: 'dist',
    types: [],
    strict: true,
  },
  include: ['src'],
};

describe.each(Object.entries(TYPESCRIPTS))('dormouse tsc with %s', (_, typescript) => {
  const lines: string[] = [];
  const tsc = (...args: string[]): ReturnType<typeof runTsc> =>
    runTsc(args, { cwd: root, pretty: false, onLine: (line) => lines.push(line) });

  const project = (options: object = {}): void => {
    lines.length = 0;
    write({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        ...CONFIG,
        compilerOptions: { ...CONFIG.compilerOptions, ...options },
      }),
      'src/price.ts':
        'export function price(list: number[]): number {\n  let total = 0\n  for (const n of list) total += n\n  return total\n}\n',
      'src/main.ts': 'import { price } from "./price.js"\nconsole.log(price([1, 2]))\n',
    });
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(typescript, join(root, 'node_modules/typescript'), 'dir');
  };

  const run = (): string =>
    execFileSync(process.execPath, [join(root, 'dist/main.js')], { encoding: 'utf8' });

  it('weaves where the command line says, and leaves an earlier build elsewhere alone', async () => {
    project();
    await tsc('-p', '.');
    const { report } = await tsc('-p', '.', '--outDir', 'other/build');
    expect(report).toMatchObject({
      woven: 2,
      skipped: [],
      manifestPath: join(root, 'other/build', MANIFEST_FILE),
    });
    expect(outputs(manifest(`other/build/${MANIFEST_FILE}`))).toEqual([
      'other/build/main.js',
      'other/build/price.js',
    ]);
    expect(outputs(manifest())).toEqual(['dist/main.js', 'dist/price.js']);
  });

  it('compiles, weaves, and the program runs', async () => {
    project();
    const { exitCode, report } = await tsc('-p', '.');
    expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: [] });
    expect(report).toMatchObject({
      woven: 2,
      kept: 0,
      skipped: [],
      manifestPath: join(root, 'dist', MANIFEST_FILE),
    });
    expect(manifest().files.map(({ sources }) => sources[0]?.path)).toEqual(['src/main.ts', 'src/price.ts']);
    expect(manifest().files.every(({ sources }) => sources[0]?.hash.length === 64)).toBe(true);
    expect(JSON.parse(read('dist/price.js.map'))).toMatchObject({
      sources: ['../src/price.ts'],
      file: 'price.js',
    });
    expect(run()).toBe('3\n');
  });

  it('keeps what an incremental build does not emit again, and weaves what a plain tsc left', async () => {
    project({ incremental: true, sourceMap: true });
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root]);
    expect((await tsc()).report).toMatchObject({ woven: 2, kept: 0 });
    expect((await tsc()).report).toMatchObject({ woven: 0, kept: 2 });
    write({ 'src/main.ts': 'import { price } from "./price.js"\nconsole.log(price([1, 2, 3]))\n' });
    expect((await tsc()).report).toMatchObject({ woven: 1, kept: 1 });
    expect(run()).toBe('6\n');
  });

  it('builds referenced projects with -b', async () => {
    project({ composite: true });
    expect((await tsc('-b')).report).toMatchObject({ woven: 2, kept: 0 });
    expect((await tsc('-b', 'tsconfig.json')).report).toMatchObject({ woven: 0, kept: 2 });
    expect(run()).toBe('3\n');
  });

  it('respects inline source maps', async () => {
    project({ inlineSourceMap: true });
    const { exitCode, report } = await tsc('-p', 'tsconfig.json');
    expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: [] });
    expect(report?.manifest.files[1]?.sources).toMatchObject([{ path: 'src/price.ts' }]);
    expect(run()).toBe('3\n');
  });

  it('passes type errors and the exit code on, and weaves what was emitted anyway', async () => {
    project();
    write({
      'src/main.ts': 'import { price } from "./price.js"\nconsole.log(price("x" as never as string[]))\n',
    });
    const { exitCode, report } = await tsc('-p', '.');
    expect(exitCode).toBe(2);
    expect(lines.join('\n')).toMatch(/src\/main\.ts\(2,\d+\): error TS2345/);
    expect(lines.join('\n')).not.toContain('TSFILE');
    expect(report).toMatchObject({ woven: 2 });
  });
});

describe('dormouse tsc', () => {
  it('says what to do without TypeScript', async () => {
    await expect(runTsc([], { cwd: root })).rejects.toMatchObject({
      code: 'NO_TYPESCRIPT',
      message: expect.stringContaining('npm install') as string,
    });
  });
});
