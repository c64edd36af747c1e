import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { licences } from './licences.ts';
import { ROOT } from './paths.ts';

const PACKAGE = join(ROOT, 'packages/runtime');
const DIST = join(PACKAGE, 'dist');

/**
 * Puts the runtime into a few files that need no other package, in place of the entry points that the compiler wrote: a
 * program then loads it in less than half of the time and of the memory (decision 0017). What the compiler wrote works as
 * well, and its next run writes it anew.
 */
export async function bundleRuntime(): Promise<void> {
  rmSync(join(DIST, 'chunks'), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: entryPoints(),
    outbase: join(PACKAGE, 'src'),
    outdir: DIST,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    minifyWhitespace: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    external: ['@opentelemetry/api'],
    plugins: [builtins],
    metafile: true,
    logLevel: 'error',
  });
  rmSync(join(DIST, '.tsbuildinfo'), { force: true });
  writeFileSync(join(DIST, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));
}

/** The source of each file that the package exports. */
function entryPoints(): string[] {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .map(({ default: file }) => join(PACKAGE, file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')));
}

/** What `ws` requires and a connection without TLS and compression of its own does without. */
const LAZY = ['https', 'tls', 'zlib'];

/**
 * `require` of Node's own modules, in `ws`: without `createRequire`, which breaks where somebody bundles the runtime again,
 * and for some not before they are used. Native addons are no part of a bundle.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:bufferutil|utf-8-validate)$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: `throw new Error('not in the bundle')`,
    }));
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const found = `process.getBuiltinModule('${path}')`;
      return {
        contents: LAZY.includes(path)
          ? `let found; module.exports = new Proxy({}, { get: (_, key) => (found ??= ${found})[key] });`
          : `module.exports = ${found};`,
      };
    });
  },
};
