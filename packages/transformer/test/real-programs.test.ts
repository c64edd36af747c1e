import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WeaveReport, weaveDirectory } from '../src/index.ts';
import { nodeVersions } from './harness/nodes.ts';

/** Published packages, woven whole, and what they need. */
const PACKAGES = `
  acorn marked semver yaml fflate pako kysely zod lru-cache magic-string @jridgewell/sourcemap-codec
  fast-check pure-rand highlight.js parse5 ajv fast-deep-equal fast-uri json-schema-traverse
  require-from-string postcss nanoid picocolors source-map-js minimatch brace-expansion
  balanced-match fast-json-stringify @fastify/merge-json-schemas ajv-formats
  json-schema-ref-resolver dequal rfdc find-my-way fast-querystring safe-regex2 ret
  fast-decode-uri-component code-block-writer
  esprima handlebars neo-async js-yaml argparse sprintf-js json5 comment-json
  array-timsort picomatch es-module-lexer js-tokens jsesc
  fastify abstract-logging avvio fastq reusify @fastify/ajv-compiler @fastify/error @fastify/fast-json-stringify-compiler
  @fastify/proxy-addr @fastify/forwarded ipaddr.js light-my-request @fastify/deepmerge cookie set-cookie-parser
  secure-json-parse toad-cache process-warning pino @pinojs/redact atomic-sleep on-exit-leak-free pino-abstract-transport
  pino-std-serializers quick-format-unescaped real-require safe-stable-stringify sonic-boom thread-stream split2
  ws rxjs tslib gensync p-limit p-try yocto-queue tapable minipass
  chai @jest/diff-sequences commander yargs-parser cli-table3 string-width strip-ansi ansi-regex emoji-regex
  is-fullwidth-code-point chalk ansi-styles color-convert color-name supports-color has-flag wrap-ansi webpack-sources
  iconv-lite safer-buffer buffer base64-js ieee754 lodash.clonedeep deepmerge mime-types mime-db
`
  .trim()
  .split(/\s+/);

/** Too large for every run; `npm run test:long` has them. */
const LARGE_PACKAGES = [
  '@babel/parser',
  'terser',
  '@jridgewell/source-map',
  '@jridgewell/gen-mapping',
  '@jridgewell/trace-mapping',
  '@jridgewell/resolve-uri',
  'typescript',
];
const packages = process.env['DORMOUSE_LONG'] ? [...PACKAGES, ...LARGE_PACKAGES] : PACKAGES;

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const HERE = fileURLToPath(new URL('real-programs', import.meta.url));

const WORKLOADS = ['workloads.mjs', 'languages.mjs', 'asynchronous.mjs', 'terminal.mjs', 'compilers.mjs'];

interface Output {
  readonly results: Readonly<Record<string, unknown>>;
  readonly hits: number;
  readonly wrong: readonly string[];
}

describe('published packages do the same work woven', { timeout: 900_000 }, () => {
  let root: string;
  let report: WeaveReport;

  const install = (directory: string): void => {
    for (const name of packages) {
      const from = join(NODE_MODULES, name);
      if (existsSync(from))
        cpSync(from, join(directory, 'node_modules', name), { recursive: true, filter: isNeeded });
    }
    for (const name of WORKLOADS) copyFileSync(join(HERE, name), join(directory, name));
    copyFileSync(join(NODE_MODULES, 'acorn/dist/acorn.js'), join(directory, 'corpus.txt'));
    copyFileSync(join(NODE_MODULES, 'postcss/lib/parser.js'), join(directory, 'corpus-small.txt'));
    copyFileSync(join(NODE_MODULES, 'marked/README.md'), join(directory, 'corpus.md'));
  };

  const work = (directory: string, node: string, manifest?: string): Output => {
    const arming = manifest === undefined ? [] : ['--import', pathToFileURL(join(HERE, 'arm-all.mjs')).href];
    const output = execFileSync(node, [...arming, join(root, directory, 'workloads.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, DORMOUSE_TEST_MANIFEST: manifest },
      maxBuffer: 256 * 1_048_576,
    });
    return JSON.parse(output) as Output;
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'dormouse-real-'));
    install(join(root, 'original'));
    install(join(root, 'woven'));
    // Under another name while they are woven: a directory called node_modules is never looked into.
    const packages = join(root, 'woven', 'packages');
    const installed = join(root, 'woven', 'node_modules');
    renameSync(installed, packages);
    report = weaveDirectory(packages, { root: join(root, 'woven') });
    renameSync(packages, installed);
  }, 900_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('nearly every file of them is woven', () => {
    expect(report.woven).toBeGreaterThan(900);
    expect(report.functions).toBeGreaterThan(10_000);
    const failures = report.skipped.filter(({ code }) => code !== 'empty' && code !== 'ignored');
    expect(failures).toEqual([]);
  });

  it.each(nodeVersions())('on Node $major', ({ path }) => {
    const original = work('original', path);
    expect(Object.keys(original.results).length).toBeGreaterThan(50);
    const idle = work('woven', path);
    const armed = work('woven', path, join(root, 'woven/node_modules', MANIFEST_FILE));
    for (const [name, result] of Object.entries(original.results)) {
      expect([name, idle.results[name]]).toEqual([name, result]);
      expect([name, armed.results[name]]).toEqual([name, result]);
    }
    expect(armed.wrong).toEqual([]);
    expect(armed.hits).toBeGreaterThan(100_000);
  });
});

/** Not types, not second copies of a package in another module format, and of 190 languages two. */
function isNeeded(path: string): boolean {
  if (/\/languages\/.*\.js$/.test(path)) return /\/(javascript|xml)\.js$/.test(path);
  if (
    /\/zod\/.*\.cjs$|\/pako\/dist$|\/rxjs\/dist\/(esm5?|bundles)$|\/rxjs\/src$|\/handlebars\/dist\/(amd|[^/]+\.js)$/.test(
      path,
    )
  )
    return false;
  if (/\/(rxjs|handlebars)\/dist\/cjs$/.test(path)) return true;
  return !/\.(map|[mc]?ts)$|\/(test|tests|umd|cjs|commonjs|browser|benchmarks?|styles|man)$/.test(path);
}
