import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { parseBudget } from '../src/ask/budget.ts';
import { separate, WEAVE_OPTIONS } from '../src/ask/weave-options.ts';
import { Dormouse } from './dormouse.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'dormouse-weave-'));
  for (const name of ['shop', 'bank']) {
    mkdirSync(join(project, name, 'dist'), { recursive: true });
    writeFileSync(join(project, name, 'package.json'), `{ "name": "${name}" }`);
    writeFileSync(
      join(project, name, 'dist', 'index.js'),
      `exports.${name} = (n) => {\n  return n + 1;\n};\n`,
    );
  }
});
afterEach(() => rmSync(project, { recursive: true }));

const dormouse = (...args: string[]): Dormouse => new Dormouse(args, {}, process.execPath, project);

test('a directory is woven, and its manifests merged', async () => {
  const shop = await dormouse('weave', 'shop/dist').finished;
  expect(shop).toMatchObject({ code: 0, err: '' });
  expect(shop.out).toMatch(/^woven 1 file: 2 functions, \d points, /);
  expect(await dormouse('weave', 'bank/dist', '--quiet').finished).toEqual({ code: 0, out: '', err: '' });

  const manifests = ['shop', 'bank'].map((name) => join(name, 'dist', 'dormouse.manifest.json'));
  const merged = await dormouse('manifest', 'merge', ...manifests, '-o', 'all.json').finished;
  expect(merged).toMatchObject({ code: 0, err: '' });
  expect(merged.out).toMatch(/^merged 2 manifests: 2 files, build [0-9a-f]{24}, in all\.json\n$/);
  const { files } = JSON.parse(readFileSync(join(project, 'all.json'), 'utf8')) as {
    files: { output: string }[];
  };
  expect(files.map(({ output }) => output)).toEqual(['bank/dist/index.js', 'shop/dist/index.js']);
});

test('a build over its budget fails, and says which files are to blame; the report has the figures', async () => {
  const args = [
    'weave',
    'shop/dist',
    '--budget',
    '9x',
    '--budget',
    'gzip:10%',
    '--json',
    '--report',
    'out/r.json',
  ];
  const { code, out, err } = await dormouse(...args).finished;
  expect(code).toBe(1);
  const { error } = JSON.parse(err) as { error: { code: string; message: string } };
  expect(error.code).toBe('OVER_BUDGET');
  expect(error.message).toMatch(
    /The gzipped code grew .* over the budget of gzip:10%; most in dist\/index\.js \(\+/,
  );
  const report = JSON.parse(readFileSync(join(project, 'out', 'r.json'), 'utf8')) as object;
  expect(report).toEqual(JSON.parse(out));
  expect(report).toMatchObject({ woven: 1, skipped: [], sizes: [{ path: 'dist/index.js' }] });
});

test('what cannot be woven is said in one line', async () => {
  const { code, err } = await dormouse('weave', 'nowhere').finished;
  expect(code).toBe(1);
  expect(err).toBe('error nowhere does not exist: build it first. [NO_FILES]\n');
});

test.each([
  ['1.6x', 'raw', 1.6],
  ['60%', 'raw', 1.6],
  ['gzip:2x', 'gzip', 2],
])('%s is a budget', (text, measure, factor) => {
  expect(parseBudget(text)).toEqual({ measure, factor, text });
});

test.each(['1.6', '-5%', 'x', 'brotli:2x'])('"%s" is no budget', (text) => {
  expect(() => parseBudget(text)).toThrow(`--budget ${text} is no limit`);
});

test('our options are told from those of tsc, wherever they stand', () => {
  const args = ['-b', '--budget', '2x', 'app', '--outDir', 'dist', '--report=r.json', '--no-cache', '-w'];
  expect(separate(args, WEAVE_OPTIONS)).toEqual({
    own: ['--budget', '2x', '--report=r.json', '--no-cache'],
    others: ['-b', 'app', '--outDir', 'dist', '-w'],
  });
});
