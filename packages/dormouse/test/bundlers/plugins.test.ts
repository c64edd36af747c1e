import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { weaveDirectory } from '@dormouse/transformer';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { type OutputOptions, rollup } from 'rollup';
import * as vite from 'vite';
import { describe, expect, it, onTestFinished } from 'vitest';
import webpack from 'webpack';
import { until } from '../../../../scripts/lib/api.ts';
import type { DormouseOptions } from '../../src/bundlers/options.ts';
import type { BundleReport } from '../../src/bundlers/report.ts';
import dormouseEsbuild from '../../src/bundlers/esbuild.ts';
import dormouseRolldown from '../../src/bundlers/rolldown.ts';
import dormouseRollup from '../../src/bundlers/rollup.ts';
import dormouseVite from '../../src/bundlers/vite.ts';
import dormouseWebpack from '../../src/bundlers/webpack.ts';
import { type Folder, folder } from './folder.ts';

/** What the plugins do beyond weaving a program: chunks, caches, several builds, options. */

const LIBRARY = 'export function double(n) {\n  const result = 2 * n;\n  return result;\n}\n';
const MAIN = "import { double } from './library.js';\nconsole.log(double(21));\n";
const LOADER = 'module.exports = (text) => text;\n';

describe('chunks that import each other', () => {
  const CIRCLE = {
    'main.js': "import './a.js';\nimport { early } from './b.js';\nconsole.log(early);\n",
    'a.js': "import './b.js';\nexport function unused() { return 1; }\n",
    'b.js': "import { hoisted } from './c.js';\nexport const early = hoisted(20);\n",
    'c.js': 'export function hoisted(n) {\n  const more = n + 1;\n  return more * 2;\n}\n',
  };
  const chunkOf = (id: string): string | undefined =>
    /[ac]\.js$/.test(id) ? 'one' : id.endsWith('b.js') ? 'two' : undefined;

  it.each<[string, OutputOptions]>([
    ['a function', { manualChunks: chunkOf }],
    ['an object', { manualChunks: { one: ['./a.js'], two: ['./b.js'] } }],
  ])('Rollup, manualChunks is %s', async (_what, output) => {
    const project = folder(CIRCLE);
    const bundle = await rollup({
      input: join(project.path, 'main.js'),
      plugins: [absolute(project), dormouseRollup({ root: project.path, report: false })],
      onwarn: () => {},
    });
    await bundle.write({ dir: join(project.path, 'dist'), ...output });
    expect(await project.run('dist/main.js')).toBe('42\n');
    expect(project.manifest().files.length).toBeGreaterThanOrEqual(3);
  });

  it('Rolldown, groups', async () => {
    const project = folder(CIRCLE);
    const bundle = await rolldown({
      input: join(project.path, 'main.js'),
      plugins: [dormouseRolldown({ root: project.path, report: false })],
    });
    const groups = [
      { name: 'one', test: /[ac]\.js$/ },
      { name: 'two', test: /b\.js$/ },
    ];
    await bundle.write({ dir: join(project.path, 'dist'), codeSplitting: { groups } });
    expect(await project.run('dist/main.js')).toBe('42\n');
  });
});

describe('several builds', () => {
  it('a module in two bundles of one directory keeps one switch object, and one manifest tells of both', async () => {
    const project = folder({
      'library.js': LIBRARY,
      'one.js': MAIN,
      'two.js': MAIN,
      'both.js': `import './dist/one.js';
import './dist/two.js';
console.log(globalThis[Symbol.for('dormouse.woven')].length);`,
    });
    await bundleWithEsbuild(project, { entryPoints: ['one.js'] });
    await bundleWithEsbuild(project, { entryPoints: ['two.js'] });
    expect(await project.run('both.js')).toBe('42\n42\n3\n');
    expect(sourcesOf(project)).toEqual(['library.js', 'one.js', 'two.js']);
  });

  it('an entry whose bundle is gone leaves the manifest', async () => {
    const project = folder({
      'library.js': LIBRARY,
      'main.js': MAIN,
      'other.js': 'export const one = () => 1;\n',
    });
    await bundleWithEsbuild(project, { entryPoints: ['other.js'] });
    rmSync(join(project.path, 'dist/other.js'));
    await bundleWithEsbuild(project, { entryPoints: ['main.js'] });
    expect(sourcesOf(project)).toEqual(['library.js', 'main.js']);
  });

  it('a package that was woven before brings its part of the manifest along', async () => {
    const project = folder({
      'package.json': '{"type":"module"}',
      'packages/library/dist/library.js': `import 'node:fs';\n${LIBRARY}`,
      'main.js': MAIN.replace('./library.js', './packages/library/dist/library.js'),
    });
    weaveDirectory(join(project.path, 'packages/library/dist'));
    await bundleWithEsbuild(project, { entryPoints: ['main.js'] });
    expect(await project.run('dist/main.js')).toBe('42\n');
    expect(sourcesOf(project)).toEqual(['main.js', 'packages/library/dist/library.js']);
  });

  it('webpack takes modules from its cache, and the manifest from the build before', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    const reports: BundleReport[] = [];
    const report = (one: BundleReport): void => void reports.push(one);
    for (let build = 0; build < 2; build++) await bundleWithWebpack(project, { report });
    expect(sourcesOf(project)).toEqual(['library.js', 'main.js']);
    rmSync(join(project.path, 'dist'), { recursive: true });
    await bundleWithWebpack(project, { report });
    expect(reports.map(({ files, unknown }) => [files, unknown])).toEqual([
      [2, 0],
      [2, 0],
      [0, 2],
    ]);
  });

  it('what has not changed is not woven again', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    const seen: BundleReport[] = [];
    const context = await esbuild.context({
      ...esbuildOptions(project, { report: (report) => void seen.push(report) }),
      entryPoints: ['main.js'],
    });
    onTestFinished(() => context.dispose());
    await context.rebuild();
    writeFileSync(join(project.path, 'library.js'), LIBRARY.replace('2 * n', '3 * n'));
    await context.rebuild();
    expect(await project.run('dist/main.js')).toBe('63\n');
    expect(sourcesOf(project)).toEqual(['library.js', 'main.js']);
    expect(new Set(seen.map(({ buildId }) => buildId)).size).toBe(2);
  });
});

it('the Vite server for Node keeps the manifest up to date', async () => {
  const project = folder({ 'library.js': LIBRARY, 'main.js': 'export { double } from "./library.js";\n' });
  const server = await vite.createServer({
    root: project.path,
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [dormouseVite()],
  });
  onTestFinished(() => server.close());
  const { double } = (await server.ssrLoadModule('/main.js')) as { double(n: number): number };
  expect(double(21)).toBe(42);
  expect(String(double)).toContain('$dm_');
  await until('the manifest is written', () => {
    try {
      return sourcesOf(project);
    } catch {
      return undefined;
    }
  });
  expect(sourcesOf(project)).toEqual(['library.js']);
});

it('esbuild without bundling gives each file its own switches', async () => {
  const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
  await bundleWithEsbuild(project, { entryPoints: ['main.js', 'library.js'], bundle: false });
  expect(await project.run('dist/main.js')).toBe('42\n');
  expect(sourcesOf(project)).toEqual(['library.js', 'main.js']);
});

it('what a loader compiled without a source map stays as it is, and the report says why', async () => {
  const project = folder({ 'main.js': "import './price.ts';\n", 'price.ts': LIBRARY, 'loader.cjs': LOADER });
  const reports: BundleReport[] = [];
  const rule = { test: /\.ts$/, loader: join(project.path, 'loader.cjs') };
  await bundleWithWebpack(project, { report: (report) => void reports.push(report) }, [rule]);
  const skip = reports[0]?.skipped.find(({ path }) => path === 'price.ts');
  expect(skip).toMatchObject({ code: 'no-source-map' });
});

describe('a plugin that compiles and gives no source map', () => {
  const TYPED =
    'interface Price {\n  n: number;\n}\nexport const double = ({ n }: Price): number => 2 * n;\n';
  const COMPILED = 'export const double = ({ n }) => 2 * n;\n';
  const MAPPED = "import { double } from './price.ts';\nconsole.log(double({ n: 21 }));\n";

  const compiler = (path: string, compile: (code: string) => string) => ({
    name: 'compiler',
    transform: (code: string, id: string) =>
      id === join(path, 'price.ts') ? { code: compile(code), map: null, moduleType: 'js' } : null,
  });
  const bundlers = [
    { name: 'Rollup', bundle: rollup, dormouse: dormouseRollup },
    { name: 'Rolldown', bundle: rolldown, dormouse: dormouseRolldown },
  ];

  it.each(bundlers)('leaves its files unwoven, with a reason: $name', async ({ bundle, dormouse }) => {
    const project = folder({ 'main.js': MAPPED, 'price.ts': TYPED });
    const reports: BundleReport[] = [];
    const report = (one: BundleReport): void => void reports.push(one);
    const built = await bundle({
      input: join(project.path, 'main.js'),
      plugins: [compiler(project.path, () => COMPILED), dormouse({ root: project.path, report })] as never,
    });
    await built.write({ dir: join(project.path, 'dist') });
    expect(await project.run('dist/main.js')).toBe('42\n');
    expect(sourcesOf(project)).toEqual(['main.js']);
    expect(reports[0]?.skipped).toMatchObject([{ path: 'price.ts', code: 'no-source-map' }]);
  });

  it.each(bundlers)('is believed where it only blanks out: $name', async ({ bundle, dormouse }) => {
    const project = folder({ 'main.js': MAPPED, 'price.ts': TYPED });
    const blank = (code: string): string =>
      code.replace(/interface[^}]*\}|: (?:Price|number)(?=\)| =)/g, (types) => types.replace(/./g, ' '));
    const built = await bundle({
      input: join(project.path, 'main.js'),
      plugins: [compiler(project.path, blank), dormouse({ root: project.path, report: false })] as never,
    });
    await built.write({ dir: join(project.path, 'dist') });
    expect(await project.run('dist/main.js')).toBe('42\n');
    const price = project.manifest().files.find(({ sources }) => sources[0]?.path === 'price.ts');
    expect(price?.functions.map(({ name, line }) => [name, line])).toContainEqual(['double', 4]);
  });
});

it('a file that is imported as text stays as it is', async () => {
  const project = folder({
    'library.js': LIBRARY,
    'main.js': "import text from './library.js' with { type: 'text' };\nconsole.log(text);\n",
  });
  await bundleWithEsbuild(project, { entryPoints: ['main.js'] });
  expect(await project.run('dist/main.js')).toBe(`${LIBRARY}\n`);
});

it('what other rules call external stays out of it', async () => {
  const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
  const bundle = await rollup({
    input: join(project.path, 'main.js'),
    external: (id) => !/^[./]/.test(id),
    plugins: [dormouseRollup({ root: project.path, report: false })],
  });
  await bundle.write({ file: join(project.path, 'dist/main.cjs'), format: 'cjs' });
  expect(await project.run('dist/main.cjs')).toBe('42\n');
});

describe('builds for browsers', () => {
  it('esbuild is left alone by default, and woven when that is asked for', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    const options: esbuild.BuildOptions = { entryPoints: ['main.js'], platform: 'browser' };
    await bundleWithEsbuild(project, options);
    expect(readFileSync(join(project.path, 'dist/main.js'), 'utf8')).not.toContain('$dm_');
    await bundleWithEsbuild(project, options, { browser: true });
    expect(await project.run('dist/main.js')).toBe('42\n');
    expect(sourcesOf(project)).toEqual(['library.js', 'main.js']);
  });

  it('Vite weaves what is for Node', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    for (const ssr of [false, true]) {
      await vite.build({
        root: project.path,
        configFile: false,
        logLevel: 'error',
        build: {
          ssr,
          rollupOptions: { input: join(project.path, 'main.js') },
          outDir: ssr ? 'server' : 'client',
        },
        plugins: [dormouseVite({ report: false })],
      });
    }
    expect(() => project.manifest('client')).toThrow('ENOENT');
    expect(project.manifest('server').files).toHaveLength(2);
  });
});

describe('options', () => {
  it('a budget that is passed fails the build', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    await expect(bundleWithEsbuild(project, { entryPoints: ['main.js'] }, { budget: 1.1 })).rejects.toThrow(
      /times their size, more than the budget of 1\.1/,
    );
  });

  it('include and exclude choose by glob or expression, and node_modules is left out', async () => {
    const project = folder({
      'library.js': LIBRARY,
      'main.js': `import 'dependency';\nimport './src/left.js';\n${MAIN}`,
      'src/left.js': LIBRARY,
      'node_modules/dependency/index.js': LIBRARY,
    });
    const entryPoints = ['main.js'];
    await bundleWithEsbuild(project, { entryPoints, outdir: 'one' }, { exclude: ['src', /main\.js$/] });
    expect(sourcesOf(project, 'one')).toEqual(['library.js']);
    await bundleWithEsbuild(
      project,
      { entryPoints, outdir: 'two' },
      { include: '**/*.js', nodeModules: true },
    );
    expect(sourcesOf(project, 'two')).toEqual([
      'library.js',
      'main.js',
      'node_modules/dependency/index.js',
      'src/left.js',
    ]);
  });

  it('the manifest goes where it is asked to', async () => {
    const project = folder({ 'library.js': LIBRARY, 'main.js': MAIN });
    await bundleWithEsbuild(project, { entryPoints: ['main.js'] }, { manifest: 'meta/m.json' });
    expect(readFileSync(join(project.path, 'meta/m.json'), 'utf8')).toContain('"buildId"');
  });

  it.each<[object, RegExp]>([
    [{ inclde: 'src' }, /no option `inclde`\. The options are include, exclude/],
    [{ budget: '2x' }, /`budget` must be a number of at least 1, not "2x"/],
    [{ include: [1] }, /`include` must be a glob/],
    [{ enabled: 'no' }, /`enabled` must be a boolean, not "no"/],
  ])('%j is refused', (options, message) => {
    expect(() => dormouseRollup(options as DormouseOptions)).toThrow(message);
  });
});

function esbuildOptions(project: Folder, options: DormouseOptions): esbuild.BuildOptions {
  return {
    absWorkingDir: project.path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: 'dist',
    logLevel: 'silent',
    plugins: [dormouseEsbuild({ report: false, ...options })],
  };
}

async function bundleWithEsbuild(
  project: Folder,
  build: esbuild.BuildOptions,
  options: DormouseOptions = {},
): Promise<void> {
  await esbuild.build({ ...esbuildOptions(project, options), ...build });
}

function bundleWithWebpack(
  project: Folder,
  options: DormouseOptions,
  rules: webpack.RuleSetRule[] = [],
): Promise<void> {
  const compiler = webpack({
    mode: 'production',
    target: 'node',
    context: project.path,
    entry: './main.js',
    output: { path: join(project.path, 'dist'), filename: '[name].cjs' },
    module: { rules },
    cache: { type: 'filesystem', cacheDirectory: join(project.path, 'cache'), idleTimeoutForInitialStore: 0 },
    plugins: [dormouseWebpack(options)],
  });
  return new Promise((fulfil, reject) => {
    compiler?.run((error, stats) => {
      const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : null);
      compiler.close(() => (problem === null ? fulfil() : reject(problem)));
    });
  });
}

/** Rollup resolves the members of `manualChunks` from the working directory. Like many a resolver, it takes all that it is given. */
function absolute(project: Folder): { name: string; resolveId(id: string): string | null } {
  return {
    name: 'absolute',
    resolveId: (id) => (id.startsWith('./') ? join(project.path, id) : null),
  };
}

function sourcesOf(project: Folder, directory?: string): readonly string[] {
  return project
    .manifest(directory)
    .files.flatMap(({ sources }) => sources.map(({ path }) => path))
    .sort();
}
