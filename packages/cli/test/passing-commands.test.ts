import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Dormouse } from './dormouse.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** The machine's own Node, which may be as old as 20.19; the repository's scripts name it. */
const HOST_NODE = process.env['DORMOUSE_HOST_NODE'] ?? process.execPath;

describe('tsc', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'dormouse-tsc-'));
    symlinkSync(MODULES, join(project, 'node_modules'), 'junction');
    // Without the library of browsers a compilation takes half the time.
    const lib = ['es2022'];
    const compilerOptions = {
      module: 'nodenext',
      lib,
      outDir: 'dist',
      rootDir: 'src',
      strict: true,
      types: [],
    };
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['src/price.ts'] }),
    );
  });
  afterEach(() => rmSync(project, { recursive: true }));

  function source(code: string): void {
    mkdirSync(join(project, 'src'), { recursive: true });
    writeFileSync(join(project, 'src', 'price.ts'), code);
  }

  function tsc(...args: string[]): Dormouse {
    return new Dormouse(['tsc', '-p', project, ...args], {}, HOST_NODE, project);
  }

  test('compiles, weaves and reports', async () => {
    source('export const price = (n: number): number => {\n  const fee = 1;\n  return n + fee;\n};\n');
    const { code, out, err } = await tsc().finished;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^woven 1 file: 2 functions, \d points, 0\.1 kB → \d\.\d kB \(\d+\.\d\d×\) in \d+ ms\n/,
    );
    expect(out).toContain(`manifest ${join('dist', 'dormouse.manifest.json')}\n`);
    expect(readFileSync(join(project, 'dist', 'price.js'), 'utf8')).toContain('$dm_');
  });

  test('ends as tsc ends, with its messages, and tells as JSON', async () => {
    source('export const price: string = 1;\n');
    const { code, out, err } = await tsc('--json').finished;
    expect(code).toBe(2);
    expect(err).toContain('error TS2322');
    expect(JSON.parse(out)).toMatchObject({ exitCode: 2, report: { woven: 1, skipped: [] } });
  });

  test.each([
    ['a type error with --noEmitOnError', 'export const price: string = 1;\n', '--noEmitOnError'],
    ['an unknown option', 'export const price = 1;\n', '--nonsense'],
  ])('tells no success of an earlier build: %s', async (_, code, option) => {
    source('export const price = 2;\n');
    expect((await tsc().finished).code).toBe(0);
    source(code);
    const failed = await tsc(option).finished;
    expect(failed.code).not.toBe(0);
    expect(failed.out).toMatch(/error TS\d+/);
    expect(failed.out).not.toContain('woven');
    expect(failed.err).toBe('Nothing was emitted; the earlier build stays as it is.\n');
  });

  test('adds nothing to what tsc says where it failed and there is no earlier build', async () => {
    source('export const price = 1;\n');
    const { code, out, err } = await tsc('--nonsense').finished;
    expect(code).toBe(1);
    expect(out).toBe("error TS5023: Unknown compiler option '--nonsense'.\n");
    expect(err).toBe('');
  });

  test('says what to do where there is no TypeScript', async () => {
    rmSync(join(project, 'node_modules'));
    const { code, err } = await tsc().finished;
    expect(code).toBe(1);
    expect(err).toMatch(/\[NO_TYPESCRIPT\]/);
  });

  test('explains itself', async () => {
    const { code, out } = await new Dormouse(['tsc', '--help']).finished;
    expect(code).toBe(0);
    expect(out).toContain('dormouse tsc [options of tsc] [--json]');
    expect(existsSync(join(project, 'dist'))).toBe(false);
  });
});

describe('collector', () => {
  test('is passed everything and ends as it ends', async () => {
    expect(await new Dormouse(['collector', '--help']).finished).toMatchObject({
      code: 0,
      out: expect.stringContaining('--rotate-tokens'),
    });
    expect(await new Dormouse(['collector', '--prot', '1']).finished).toMatchObject({
      code: 1,
      err: expect.stringContaining('--prot'),
    });
  });

  test.runIf(/^v2[01]\./.test(nodeVersion(HOST_NODE)))('says which Node it needs', async () => {
    const { code, err } = await new Dormouse(['collector'], {}, HOST_NODE).finished;
    expect(code).toBe(1);
    expect(err).toMatch(/The collector needs Node 22\.15 or newer; this is 2\d\./);
  });
});

function nodeVersion(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' });
}
