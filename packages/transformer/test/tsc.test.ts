import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunTscOptions, type TscResult, type WeaveReport, runTsc } from '../src/index.ts';
import { Folder, TYPESCRIPTS } from './harness/folder.ts';

let folder: Folder;
let lines: string[];
let stop: AbortController;
beforeEach(() => {
  folder = new Folder();
  lines = [];
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  folder.delete();
});

const tsc = (args: readonly string[], options: RunTscOptions = {}): Promise<TscResult> =>
  runTsc(args, { cwd: folder.path, pretty: false, onLine: (line) => lines.push(line), ...options });

const OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  rootDir: 'src',
  outDir: 'dist',
  types: [],
  strict: true,
};

const PRICE =
  'export function price(list: number[]): number {\n  let total = 0\n  for (const n of list) total += n\n  return total\n}\n';

function project(typescript: string, options: object = {}): void {
  folder.installTypeScript(typescript);
  folder.write({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...OPTIONS, ...options }, include: ['src'] }),
    'src/price.ts': PRICE,
    'src/main.ts': main('[1, 2]'),
  });
}

const main = (list: string): string => `import { price } from "./price.js"\nconsole.log(price(${list}))\n`;

/** A compiler takes seconds, and on a busy machine many. */
const PATIENCE_MS = 40_000;

/** A compiler that has just begun to watch may miss the first change: it is made again after a while. */
function changeUntil(assert: () => void): Promise<void> {
  let attempts = 0;
  const attempt = (): void => {
    if (attempts++ % 40 === 0) folder.write({ 'src/main.ts': main('[1, 2, 3]') });
    assert();
  };
  return vi.waitFor(attempt, { timeout: PATIENCE_MS, interval: 100 });
}

const run = (): string => execFileSync(process.execPath, [folder.at('dist/main.js')], { encoding: 'utf8' });

describe.each(TYPESCRIPTS)('dormouse tsc with %s', (typescript) => {
  it('watches projects, weaves what it emits, and ends when told', { timeout: 3 * PATIENCE_MS }, async () => {
    project(typescript, { composite: true });
    const reports: WeaveReport[] = [];
    const options = { onWoven: (report: WeaveReport) => reports.push(report), signal: stop.signal };
    const ended = tsc(['-b', '--watch'], options);
    await vi.waitFor(() => expect(reports).toMatchObject([{ woven: 2, kept: 0 }]), PATIENCE_MS);
    expect(run()).toBe('3\n');

    await vi.waitFor(() => expect(lines.join('\n')).toContain('Watching for file changes'), PATIENCE_MS);
    await changeUntil(() => expect(reports).toMatchObject([{}, { woven: 1, kept: 1 }]));
    expect(run()).toBe('6\n');
    expect(lines.join('\n')).not.toContain('TSFILE');

    stop.abort();
    expect(await ended).not.toHaveProperty('report');
  });
});

/** What a run of many seconds has shown for all is checked with the fastest, unless more is asked for. */
const THOROUGH = process.env['DORMOUSE_CASES'] === undefined ? ['@typescript/native'] : TYPESCRIPTS;

describe.each(THOROUGH)('dormouse tsc with %s', (typescript) => {
  it('passes type errors and the exit code on, and weaves what was emitted anyway', async () => {
    project(typescript);
    folder.write({ 'src/main.ts': main('"x"') });
    const { exitCode, emitted, report } = await tsc(['-p', '.']);
    expect({ exitCode, emitted }).toEqual({ exitCode: 2, emitted: 2 });
    expect(lines.join('\n')).toMatch(/src\/main\.ts\(2,\d+\): error TS2345/);
    expect(report).toMatchObject({ woven: 2, skipped: [], manifestPath: folder.at(`dist/${MANIFEST_FILE}`) });
    expect(run()).toBe('0x\n');
  });

  it('describes the sources, and composes their maps', async () => {
    project(typescript);
    expect(await tsc([])).toMatchObject({ exitCode: 0, emitted: 2 });
    expect(lines).toEqual([]);
    const { files } = folder.manifest();
    expect(files.map(({ sources }) => sources[0]?.path)).toEqual(['src/main.ts', 'src/price.ts']);
    expect(files.every(({ sources }) => sources[0]?.hash.length === 64)).toBe(true);
    expect(JSON.parse(folder.read('dist/price.js.map'))).toMatchObject({
      sources: ['../src/price.ts'],
      file: 'price.js',
    });

    const { report } = await tsc(['-p', '.', '--outDir', 'other/build']);
    expect(report).toMatchObject({ woven: 2, manifestPath: folder.at(`other/build/${MANIFEST_FILE}`) });
    expect(folder.outputs(`other/build/${MANIFEST_FILE}`)).toEqual([
      'other/build/main.js',
      'other/build/price.js',
    ]);
    expect(folder.outputs()).toEqual(['dist/main.js', 'dist/price.js']);
  });

  it('keeps what an incremental build does not emit again, and weaves what a plain tsc left', async () => {
    project(typescript, { incremental: true, sourceMap: true });
    execFileSync(process.execPath, [folder.at('node_modules/typescript/bin/tsc'), '-p', folder.path]);
    expect(await tsc([])).toMatchObject({ emitted: 0, report: { woven: 2, kept: 0 } });
    expect(await tsc([])).toMatchObject({ emitted: 0, report: { woven: 0, kept: 2 } });
    folder.write({ 'src/main.ts': main('[1, 2, 3]') });
    expect(await tsc([])).toMatchObject({ emitted: 1, report: { woven: 1, kept: 1 } });
    expect(run()).toBe('6\n');
  });

  it('respects inline source maps', async () => {
    project(typescript, { inlineSourceMap: true });
    const { exitCode, report } = await tsc(['-p', 'tsconfig.json']);
    expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: [] });
    expect(report?.manifest.files[1]?.sources).toMatchObject([{ path: 'src/price.ts' }]);
    expect(run()).toBe('3\n');
  });

  it('builds a workspace into one manifest, sees what is up to date, and cleans up', async () => {
    workspace(typescript);
    expect(await tsc(['-b'])).toMatchObject({ emitted: 2, report: { woven: 2, kept: 0, skipped: [] } });
    const place = `packages/${MANIFEST_FILE}`;
    expect(folder.outputs(place)).toEqual(['packages/app/dist/main.js', 'packages/shop/dist/price.js']);
    expect(await tsc(['-b'])).toMatchObject({ emitted: 0, report: { woven: 0, kept: 2 } });
    expect(await tsc(['-b', '--force'])).toMatchObject({ emitted: 2, report: { woven: 2, kept: 0 } });

    folder.write({ 'packages/app/src/main.ts': 'export const two = 2\n' });
    expect(await tsc(['-p', 'packages/app'])).toMatchObject({
      emitted: 1,
      report: { woven: 1, kept: 1, manifestPath: folder.at(place) },
    });

    const cleaned = await tsc(['-b', '--clean']);
    expect(cleaned).toMatchObject({ exitCode: 0, report: { woven: 0, kept: 0 } });
    expect(cleaned).not.toHaveProperty('emitted');
    expect([place, 'packages/app/dist/main.js'].map((path) => folder.has(path))).toEqual([false, false]);
  });
});

describe('dormouse tsc', () => {
  it('takes the manifests of single packages over when the workspace is built', async () => {
    workspace('@typescript/native');
    const inner = `packages/shop/dist/${MANIFEST_FILE}`;
    expect(await tsc(['-p', 'packages/shop'])).toMatchObject({ report: { manifestPath: folder.at(inner) } });
    expect(await tsc(['-b'])).toMatchObject({ report: { woven: 1, kept: 1, skipped: [] } });
    expect(folder.has(inner)).toBe(false);
    expect(folder.outputs(`packages/${MANIFEST_FILE}`)).toEqual([
      'packages/app/dist/main.js',
      'packages/shop/dist/price.js',
    ]);
  });

  it('takes files, and lists what is emitted to who asks for it', async () => {
    project('@typescript/native');
    rmSync(folder.at('tsconfig.json'));
    const result = await tsc(['--listEmittedFiles', '--outDir', 'built', 'src/price.ts']);
    expect({ ...result, lines }).toMatchObject({ emitted: 1, report: { woven: 1 } });
    expect(lines.filter((line) => line.startsWith('TSFILE: '))).toContainEqual(
      expect.stringMatching(/built\/price\.js$/),
    );
    expect(folder.outputs(`built/${MANIFEST_FILE}`)).toEqual(['built/price.js']);
  });

  it.each([
    ['--noEmit', []],
    ['--emitDeclarationOnly', ['--declaration']],
  ])('weaves nothing where %s says that there is nothing', async (option, others) => {
    project('@typescript/native');
    folder.write({ 'dist/price.js': 'export const old = 1\n' });
    const result = await tsc(['-p', '.', option, ...others]);
    expect(result.report).toBeUndefined();
    expect(folder.read('dist/price.js')).toBe('export const old = 1\n');
  });

  it('says what to do without TypeScript', async () => {
    await expect(tsc([])).rejects.toMatchObject({
      code: 'NO_TYPESCRIPT',
      message: expect.stringContaining('npm install') as string,
    });
  });
});

function workspace(typescript: string): void {
  folder.installTypeScript(typescript);
  const config = (references: readonly string[]): string =>
    JSON.stringify({
      compilerOptions: { ...OPTIONS, composite: true },
      include: ['src'],
      references: references.map((path) => ({ path })),
    });
  folder.write({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'packages/app' }] }),
    'packages/shop/tsconfig.json': config([]),
    'packages/shop/src/price.ts': PRICE,
    'packages/app/tsconfig.json': config(['../shop']),
    'packages/app/src/main.ts':
      'import { price } from "../../shop/src/price.js"\nconsole.log(price([1, 2]))\n',
  });
}
