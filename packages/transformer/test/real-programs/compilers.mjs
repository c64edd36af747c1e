/** The largest programs: minutes to weave and run, so only the long run has them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const small = readFileSync(new URL('corpus-small.txt', import.meta.url), 'utf8');

export const compilers = {
  '@babel/parser': async () => {
    const { parse, parseExpression } = await import('@babel/parser');
    const typed =
      'class A<T> extends B implements C { private constructor(readonly a?: number) { super() } @d() m<U>(this: T): asserts a is U { return <U>a! } }';
    return [
      parse(small, { sourceType: 'script' }),
      parse(typed, { sourceType: 'module', plugins: ['typescript', 'decorators'] }),
      parseExpression('<a b={c}>d{...e}</a>', { plugins: ['jsx'] }),
      attempt(() => parse('let a; let a')),
    ];
  },
  terser: async () => {
    const { minify } = await import('terser');
    const { code, map } = await minify(
      { 'small.js': small },
      { module: false, compress: { passes: 2, unsafe: true }, mangle: { toplevel: true }, sourceMap: true },
    );
    return [code, map, await minify('a b').catch(({ message, line, col }) => [message, line, col])];
  },
  typescript: () => {
    const ts = require('typescript');
    const source = `${small}\n/** @type {Map<string, number>} */ const typed = new Map([['a', 'b']]); typed.get(1).toFixed()`;
    const options = {
      allowJs: true,
      checkJs: true,
      strict: true,
      noLib: true,
      types: [],
      target: ts.ScriptTarget.ES5,
    };
    const host = ts.createCompilerHost(options);
    const files = new Map([['main.js', source]]);
    const written = [];
    host.getSourceFile = (name, version) =>
      files.has(name) ? ts.createSourceFile(name, files.get(name), version) : undefined;
    host.writeFile = (name, text) => written.push([name, text]);
    host.fileExists = (name) => files.has(name);
    const program = ts.createProgram(['main.js'], { ...options, outDir: 'out' }, host);
    const diagnostics = ts.getPreEmitDiagnostics(program).map(({ code, start }) => [code, start]);
    program.emit();
    return [diagnostics, written];
  },
};

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return [error.name, error.message];
  }
}
