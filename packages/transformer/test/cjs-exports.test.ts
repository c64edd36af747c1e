import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initSync, parse } from 'cjs-module-lexer';
import { beforeAll, describe, expect, it } from 'vitest';
import { findChangedExports } from '../src/4-verify/cjs-exports.ts';
import { weave } from '../src/index.ts';

/** Node finds the names that ES modules may import from CommonJS by scanning its text. */

const require = createRequire(import.meta.url);

beforeAll(() => initSync());

describe('what ES modules may import from a woven CommonJS file', () => {
  it.each([
    [
      'a getter',
      `Object.defineProperty(exports, "a", { enumerable: true, get: function () { return foo_1.a; } });`,
    ],
    [
      'an arrow getter of `module.exports`',
      `Object.defineProperty(module.exports, 'a', { enumerable: true, get: () => foo_1.a });`,
    ],
    [
      'a loop of re-exports',
      `var _a = require("./a");\nObject.keys(_a).forEach(function (key) {\n  if (key === "default" || key === "__esModule") return;\n  exports[key] = _a[key];\n});`,
    ],
    ['assignments', `exports.a = function () { return 1 }\nexports.b = void 0`],
    ['an object', `const a = () => 1, b = 2;\nmodule.exports = { a, b, c: function () { return 3 } }`],
    [
      'a marked module',
      `Object.defineProperty(exports, "__esModule", { value: true });\nexports.default = f; function f() {}`,
    ],
    ['a re-export', `if (x) module.exports = require('./a.js'); else module.exports = require('./b.js')`],
  ])('%s', (_what, code) => {
    const result = weave(code, { filename: 'file.cjs' });
    expect(result.skipped.filter(({ code: why }) => why === 'reparse-failed')).toEqual([]);
    expect(parse(result.code)).toEqual(parse(code));
  });

  it.each([
    'ajv/dist/ajv.js',
    'zod/v4/classic/external.cjs',
    'fastify/fastify.js',
    'semver/index.js',
    'ws/index.js',
    'pino/pino.js',
  ])('the published %s', (path) => {
    const code = readFileSync(join(packageFolder(path.split('/')[0] ?? ''), '..', path), 'utf8');
    const woven = weave(code, { filename: path }).code;
    expect(woven).not.toBe(code);
    expect(parse(woven)).toEqual(parse(code));
  });

  it('is checked, whatever the weaver inserted', () => {
    const code = `exports.a = 1; exports.b = 2`;
    expect(findChangedExports(code, code)).toBeUndefined();
    expect(findChangedExports(code, `exports.a = 1; exports.c = 2`)).toMatch(/`b`, `c`/);
  });
});

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}
