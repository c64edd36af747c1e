import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MANIFEST_FILE, type CaptureView, type Manifest } from '@dormouse/protocol';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type ts from 'typescript';
import { until } from '../../../scripts/lib/api.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { customTransformers } from '../src/typescript.ts';

/** The hosts that run TypeScript, each on the same project, with the lines that a user adds and no others. */

const FIXTURE = join(ROOT, 'packages/dormouse/test/fixtures/typescript');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

const directories: string[] = [];
afterAll(async () => {
  await stage.close();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** A copy of the project, which sees the installed packages. */
function project(files: Readonly<Record<string, string>> = {}, typescript = 'typescript'): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'dormouse-typescript-')));
  directories.push(directory);
  cpSync(FIXTURE, directory, { recursive: true });
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  symlinkSync(join(ROOT, 'node_modules', typescript), join(modules, 'typescript'));
  for (const name of ['dormouse', 'ts-jest', 'ts-loader', '@types', 'webpack', 'jest', '@nestjs']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

function run(directory: string, script: string, ...args: readonly string[]): string {
  const env = { ...process.env, TSP_CACHE_DIR: join(directory, 'cache'), NODE_ENV: '' };
  try {
    return execFileSync(process.execPath, [script, ...args], {
      cwd: directory,
      env,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${script} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

const bin = (path: string): string => join(ROOT, 'node_modules', path);

function readManifest(directory: string, path = `dist/${MANIFEST_FILE}`): Manifest {
  return JSON.parse(readFileSync(join(directory, path), 'utf8')) as Manifest;
}

/** Runs the woven program, with its agent, and puts a snapshot into a loop of `Ledger.settle`. */
async function expectEvidence(directory: string, script: string): Promise<void> {
  const capture = await expectEvidenceOf(directory, ['--import', REGISTER, script], { KEEP_RUNNING: '1' });
  // Bundlers name files, and minifiers functions, as they like.
  expect(capture.stack?.[0]).toMatchObject({ line: lineOf('total += amount') });
}

/** A test runner takes some seconds to start on a busy machine. */
const PATIENCE_MS = 30_000;

const REGISTER = join(ROOT, 'packages/runtime/dist/register.js');

async function expectEvidenceOf(
  directory: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<CaptureView> {
  const service = directory.slice(-6);
  const env = {
    ...process.env,
    ...settings,
    DORMOUSE_URL: stage.collector.url,
    DORMOUSE_TOKEN: stage.agentToken,
    DORMOUSE_SERVICE: service,
  };
  const program = spawn(process.execPath, args, { cwd: directory, env, stdio: 'ignore' });
  try {
    const location = { file: 'src/ledger.ts', line: lineOf('total += amount') };
    const request = { kind: 'snapshot', service, location, limits: { hits: 1 } } as const;
    const probe = await until(
      'the probe is accepted',
      () => stage.api.createProbe(request).catch(() => undefined),
      PATIENCE_MS,
    );
    const capture = await until(
      'evidence',
      async () => (await stage.api.captures({ probe: probe.id }))[0],
      PATIENCE_MS,
    );
    expect(capture.locals?.map(({ key }) => key)).toEqual(['entries', '_unused', 'total', 'amount']);
    return capture;
  } finally {
    program.kill('SIGKILL');
  }
}

function lineOf(text: string): number {
  const source = readFileSync(join(FIXTURE, 'src/ledger.ts'), 'utf8');
  return source.slice(0, source.indexOf(text)).split('\n').length;
}

/** What an unwoven build prints. */
const PRINTED = readFileSync(join(FIXTURE, 'expected.txt'), 'utf8');

function expectWoven(directory: string, manifest: Manifest, sources: readonly string[]): void {
  expect(manifest.files.flatMap((file) => file.sources.map(({ path }) => path)).sort()).toEqual(sources);
  for (const file of manifest.files) {
    for (const { path, hash } of file.sources) {
      expect(existsSync(join(directory, path))).toBe(true);
      expect(hash).not.toBe('');
    }
  }
  const settle = manifest.files
    .flatMap(({ functions }) => functions)
    .find(({ name }) => name === 'Ledger.settle');
  expect(settle).toMatchObject({ line: lineOf('settle('), kind: 'method' });
}

const MAP_PLACE = /sourceMappingURL=(?:data:)?/;

const lines = (text: string): readonly string[] => text.split('\n');

/** Every name that both texts have on a line comes from the same place in the source. */
function expectSameOrigins(builds: readonly Map<string, string>[], path: string): void {
  const [before, after] = builds.map((files) => ({
    text: lines(files.get(path)!),
    map: new TraceMap(files.get(`${path}.map`)!),
  }));
  expect(after!.map.sources).toEqual(before!.map.sources);
  let found = 0;
  before!.text.forEach((text, index) => {
    const line = index + 1;
    for (const { 0: word, index: column } of text.matchAll(
      /(?<![\w$."])(?:total|entries|settle|amount)\b/g,
    )) {
      const origin = originalPositionFor(before!.map, { line, column });
      const places = [...after!.text[index]!.matchAll(new RegExp(`(?<![\\w$."])${word}\\b`, 'g'))];
      if (
        places.some((place) =>
          isDeepStrictEqual(originalPositionFor(after!.map, { line, column: place.index }), origin),
        )
      )
        found++;
      else throw new Error(`${word} at ${line}:${column} of ${path} has lost its origin`);
    }
  });
  expect(found).toBeGreaterThan(10);
}

describe.each(['typescript', 'typescript5'])('%s', (name) => {
  const compiler = createRequire(import.meta.url)(name) as typeof ts;

  /** The files of one program, emitted without and with the transformers. */
  function emitTwice(
    options: ts.CompilerOptions,
  ): readonly [plain: Map<string, string>, woven: Map<string, string>] {
    const directory = project({}, name);
    const config = join(directory, 'tsconfig.json');
    const parsed = compiler.parseJsonConfigFileContent(
      compiler.readConfigFile(config, compiler.sys.readFile).config,
      compiler.sys,
      directory,
      options,
      config,
    );
    const program = compiler.createProgram(parsed.fileNames, parsed.options);
    const emit = (transformers?: ts.CustomTransformers): Map<string, string> => {
      const files = new Map<string, string>();
      const write = (path: string, text: string): unknown =>
        files.set(path.slice(directory.length + 1), text);
      program.emit(undefined, write, undefined, false, transformers);
      return files;
    };
    return [emit(), emit(customTransformers())];
  }

  it.each([
    ['a map of its own', { sourceMap: true }],
    ['a map inside', { sourceMap: false, inlineSourceMap: true, inlineSources: true }],
    ['no map', { sourceMap: false }],
  ])('emits the same files, woven, with %s', (_what, options) => {
    const [plain, woven] = emitTwice(options);
    expect([...woven.keys()]).toEqual([...plain.keys()]);
    expect(woven.get('dist/ledger.d.ts')).toBe(plain.get('dist/ledger.d.ts'));
    const [before, after] = [plain, woven].map((files) => files.get('dist/ledger.js')!);
    expect(after).toContain('$dm_');
    expect(lines(after!)).toHaveLength(lines(before!).length);
    expect(MAP_PLACE.exec(after!)?.[0]).toBe(MAP_PLACE.exec(before!)?.[0]);
    if (options.sourceMap) expectSameOrigins([plain, woven], 'dist/ledger.js');
  });

  it('weaves what is transpiled file by file', () => {
    const text = 'export const twice = (n: number): number => {\n  return n * 2;\n};\n';
    for (const module of [compiler.ModuleKind.CommonJS, compiler.ModuleKind.ESNext]) {
      const directory = project({}, name);
      const { outputText, sourceMapText } = compiler.transpileModule(text, {
        fileName: join(directory, 'src/twice.ts'),
        compilerOptions: { module, sourceMap: true },
        transformers: customTransformers({ root: directory }),
      });
      expect(outputText).toContain('$dm_');
      expect(new TraceMap(sourceMapText!).sources).toEqual(['twice.ts']);
    }
  });
});

it('leaves out what is excluded, and refuses an option that it does not know', () => {
  const compile = (options: object): string =>
    createRequire(import.meta.url)('typescript').transpileModule('export const one = () => 1;', {
      fileName: '/project/src/one.ts',
      transformers: customTransformers({ root: project(), ...options }),
    }).outputText;
  expect(compile({ include: ['src/**'] })).not.toContain('$dm_');
  expect(compile({ exclude: ['one.ts'] })).not.toContain('$dm_');
  expect(compile({ exclude: ['two.ts'] })).toContain('$dm_');
  expect(() => customTransformers({ excludes: [] } as never)).toThrow('has no option `excludes`');
  expect(() => customTransformers({ include: 'src' } as never)).toThrow('`include` must be a list');
});

describe('a host', () => {
  it('ts-patch 4 with TypeScript 6 builds a woven program', async () => {
    const directory = project({ 'tsconfig.build.json': readme('ts-patch') });
    run(directory, bin('ts-patch/bin/tspc.js'), '-p', 'tsconfig.build.json');
    expect(run(directory, 'dist/main.js')).toBe(PRINTED);
    await expectEvidence(directory, 'dist/main.js');
    expectWoven(directory, readManifest(directory), SOURCES);
  });

  it('ts-patch 3 with TypeScript 5 builds a woven program', async () => {
    const directory = project({ 'tsconfig.build.json': readme('ts-patch') }, 'typescript5');
    run(directory, bin('ts-patch3/bin/tspc.js'), '-p', 'tsconfig.build.json');
    expect(run(directory, 'dist/main.js')).toBe(PRINTED);
    await expectEvidence(directory, 'dist/main.js');
    expectWoven(directory, readManifest(directory), SOURCES);
  });

  it('the Nest CLI builds a woven program', async () => {
    const directory = project({ 'nest-cli.json': readme('nest') });
    run(directory, bin('@nestjs/cli/bin/nest.js'), 'build');
    expect(run(directory, 'dist/main.js')).toBe(PRINTED);
    await expectEvidence(directory, 'dist/main.js');
    expectWoven(directory, readManifest(directory), SOURCES);
  });

  it.each([true, false])(
    'webpack with ts-loader builds a woven bundle, transpileOnly: %s',
    async (transpileOnly) => {
      const directory = project({ 'webpack.config.mjs': readme('ts-loader') });
      run(directory, 'run-webpack.mjs', String(transpileOnly));
      expect(run(directory, 'dist/bundle.cjs')).toBe(PRINTED);
      await expectEvidence(directory, 'dist/bundle.cjs');
      expect(existsSync(join(directory, 'dist/late.cjs'))).toBe(true);
      expect(readFileSync(join(directory, 'dist/bundle.cjs'), 'utf8')).toContain('$dm_');
      expectWoven(directory, readManifest(directory), SOURCES);
    },
  );

  it('ts-jest runs tests of woven sources, in parallel', () => {
    const directory = project({
      'jest.config.cjs': readme('ts-jest'),
      'src/one.spec.ts': spec('Ledger'),
      'src/two.spec.ts': spec('Ledger'),
    });
    run(directory, bin('jest/bin/jest.js'), '--workers=2', `--cacheDirectory=${join(directory, 'cache')}`);
    const manifest = readManifest(directory, MANIFEST_FILE);
    expectWoven(
      directory,
      manifest,
      ['src/late.ts', 'src/ledger.ts', 'src/one.spec.ts', 'src/two.spec.ts'].filter(
        (path) => path !== 'src/late.ts',
      ),
    );
  });
});

describe('a test that ts-jest runs', () => {
  // Its stacks have emitted lines: Jest keeps source maps to itself.
  it('is probed by an agent of its own realm', async () => {
    const directory = project({
      'jest.config.cjs': `${readme('ts-jest')}\nmodule.exports.setupFiles = [${JSON.stringify(REGISTER)}];\n`,
      'src/long.spec.ts': LONG_SPEC,
    });
    const cache = `--cacheDirectory=${join(directory, 'cache')}`;
    const jest = [bin('jest/bin/jest.js'), cache, '--runInBand'];
    // The agent of a test looks for the manifest when it starts; the first run weaves.
    run(directory, '--experimental-vm-modules', ...jest, '-t', 'none of them');
    await expectEvidenceOf(directory, ['--experimental-vm-modules', ...jest], {
      DORMOUSE_MANIFEST: join(directory, MANIFEST_FILE),
    });
  });
});

const LONG_SPEC = `import { Ledger } from './ledger';
declare const test: any, setTimeout: any;
test('goes on for a while', async () => {
  for (let round = 0; round < 1_000; round++) {
    new Ledger('a').settle([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}, 60_000);
`;

const SOURCES = ['src/late.ts', 'src/ledger.ts', 'src/main.ts'];

/** The lines that the README tells a user to add. */
function readme(host: string): string {
  const text = readFileSync(join(ROOT, 'packages/dormouse/README.md'), 'utf8');
  const block = new RegExp(`<!-- config: ${host} -->\\n\`\`\`[a-z]+\\n([^]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`The README has no lines for ${host}.`);
  return block;
}

const spec = (name: string): string => `import { ${name} } from './ledger';
declare const test: any, expect: any;
test('is woven and works', () => {
  expect(new Ledger('a').settle([1, 2])).toBe(3);
  const settle = Ledger.prototype.settle;
  expect(String(settle)).toContain('$dm_');
});
`;
