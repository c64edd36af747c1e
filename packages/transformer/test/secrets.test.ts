import { createContext, runInContext } from 'node:vm';
import { SWITCH_PREFIX } from '@dormouse/protocol';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { weave, type WeaveOptions } from '../src/index.ts';

const SECRET = 'hunter2';

/** Weaves a script, arms every hook in it, and runs it: all that any hook was given. */
function givenToHooks(code: string, options: Partial<WeaveOptions> = {}): unknown[] {
  const { code: woven, manifest } = weave(code, {
    filename: 'src/file.js',
    root: '.',
    goal: 'script',
    ...options,
  });
  const given: unknown[] = [];
  const see = (...values: unknown[]): void => {
    for (const value of values)
      given.push(typeof value === 'function' && value.length === 0 ? value() : value);
  };
  const armed: unknown = new Proxy(enter, {
    get: (_, key) => (/^(?:l\d+|e)$/.test(String(key)) ? see : undefined),
  });
  function enter(twin: (...values: unknown[]) => unknown, self: unknown, ...parameters: unknown[]): unknown {
    see(self, ...parameters.filter((value) => typeof value !== 'function'));
    return twin.call(self, armed, ...parameters);
  }
  const context = createContext({ read: () => SECRET, run: undefined, exports: {} });
  const definition = `${woven}\n;run`;
  runInContext(definition, context);
  const name = `${SWITCH_PREFIX}${manifest?.id}`;
  const switches = runInContext(`globalThis[${JSON.stringify(name)}]`, context) as Record<string, unknown>;
  for (const { index } of manifest?.functions ?? []) switches[`f${index}`] = armed;
  (runInContext('run', context) as () => void)();
  return given;
}

type Field = 'secrets' | 'secretProperties';

function secretsOf(
  code: string,
  options: Partial<WeaveOptions> = {},
  field: Field = 'secrets',
): (string | undefined)[] {
  const { manifest } = weave(code, { filename: 'src/file.ts', root: '.', ...options });
  return (manifest?.[field] ?? []).map((index) => manifest?.names[index]);
}

describe('a variable that a @secret comment marks', () => {
  it.each([
    ['before a declaration', 'function run() { /** @secret */ const token = read();\n done(token); }'],
    [
      'on the line above',
      'function run() {\n  // @secret: from the vault\n  let token = read();\n  done(token);\n}',
    ],
    ['behind it', 'function run() {\n  let token = read(); // @secret\n  done(token);\n}'],
    ['behind its last line', 'function run() {\n  const token =\n    read(); // @secret\n  done(token);\n}'],
    ['of several', 'function run() {\n  /* @secret */ const a = read(), b = read();\n  done(a, b);\n}'],
    ['among others', 'function run() {\n  const n = 1, /* @secret */ a = read();\n  done(a, n);\n}'],
    [
      'in a pattern',
      'function run() {\n  /* @secret */ const { a, b: [c] } = { a: read(), b: [read()] };\n  done(a, c);\n}',
    ],
    [
      'one of a pattern',
      'function run() {\n  const { n = 1, /* @secret */ a } = { a: read() };\n  done(a, n);\n}',
    ],
    [
      'a parameter',
      'function login(user, /* @secret */ pw) {\n  done(pw);\n  return user;\n}\nfunction run() { login(1, read()); }',
    ],
    [
      'a parameter on a line of its own',
      'function login(\n  user,\n  pw, // @secret\n) {\n  done(pw);\n}\nfunction run() { login(1, read()); }',
    ],
    [
      'of an arrow function',
      'const login = /* @secret */ pw => {\n  done(pw);\n};\nfunction run() { login(read()); }',
    ],
    [
      'of an async function',
      'async function login(/* @secret */ pw) {\n  done(pw);\n}\nfunction run() { login(read()); }',
    ],
    [
      'of an inner function',
      'function run() {\n  const f = (/* @secret */ pw) => {\n    done(pw);\n  };\n  f(read());\n}',
    ],
    [
      'an outer one',
      'function run() {\n  /* @secret */ const token = read();\n  const f = (n) => {\n    done(token);\n    return token;\n  };\n  f();\n}',
    ],
    [
      'of a loop',
      'function run() {\n  for (/* @secret */ const token of [read()]) {\n    done(token);\n  }\n}',
    ],
    [
      'of a module',
      '/* @secret */ const token = read();\nfunction run() {\n  done(token);\n  return token;\n}',
    ],
  ])('is given to no hook: %s', (_, code) => {
    const withDone = `function done() {}\n${code}`;
    expect(JSON.stringify(givenToHooks(withDone))).not.toContain(SECRET);
    expect(secretsOf(withDone, { filename: 'src/file.js' })).not.toEqual([]);
    // The same without the comment: the test can see it.
    expect(JSON.stringify(givenToHooks(withDone.replaceAll('@secret', 'plain')))).toContain(SECRET);
  });

  const SOURCE = [
    'function done(value: unknown) {}',
    'class Login {',
    '  constructor(private readonly user: string, /** @secret */ pw: string) {',
    '    done(pw);',
    '  }',
    '}',
    'function run() {',
    '  // @secret',
    '  const token: string = (globalThis as any).read();',
    '  done(token);',
    '  new Login("ada", token);',
    '}',
  ].join('\n');

  it('is known although the compiler dropped the comment', () => {
    const { outputText, sourceMapText } = ts.transpileModule(SOURCE, {
      fileName: 'src/login.ts',
      compilerOptions: { target: ts.ScriptTarget.ES2022, sourceMap: true, removeComments: true },
    });
    const built = transformSync(SOURCE, { loader: 'ts', sourcemap: 'external', sourcefile: 'login.ts' });
    for (const [code, map] of [
      [outputText, sourceMapText as string],
      [built.code, built.map],
    ] as const) {
      expect(code).not.toContain('@secret');
      const options = { filename: 'src/login.js', map, readSource: () => SOURCE };
      expect(JSON.stringify(givenToHooks(code, options))).not.toContain(SECRET);
      expect(secretsOf(code, options)).toEqual(['pw', 'token']);
    }
  });

  it('is named by the manifest, beside the properties that are marked', () => {
    const code = `
      interface User { /** @secret */ ssn: string; name: string }
      class Account {
        /** @secret */ #key = 1;
        balance = 1; // @secret
        constructor(/* @secret */ readonly pin: number) {}
      }
      const user = { /* @secret */ 'maiden-name': 1, nick: 2 };
      function f(/* @secret */ code, name) { g(name); }
    `;
    expect(secretsOf(code)).toEqual(['pin', 'code']);
    expect(secretsOf(code, {}, 'secretProperties')).toEqual(['ssn', '#key', 'balance', 'pin', 'maiden-name']);
    const { manifest } = weave(code, { filename: 'src/file.ts', root: '.' });
    const parameters = manifest?.functions.find(({ name }) => name === 'f')?.parameters ?? [];
    expect(parameters.map((index) => manifest?.names[index])).toEqual(['name']);
  });

  it('changes the id of a file, whose code may be the same without', () => {
    const code = 'function f(token) { g(token) }';
    const map = { version: 3 as const, names: [], mappings: 'AAAA', sources: ['f.ts'] };
    const idWith = (original: string) =>
      weave(code, { filename: 'f.js', root: '.', map: { ...map, sourcesContent: [original] } }).manifest?.id;
    expect(idWith(code)).toBe(idWith(`${code} // plain`));
    expect(idWith(code)).not.toBe(idWith('function f(/* @secret */ token) { g(token) }'));
  });

  it.each(['@secretary', 'secret', '@secrets'])('is not marked by %s', (text) => {
    expect(secretsOf(`// ${text}\nlet token = 1; f(token)`)).toEqual([]);
  });
});
