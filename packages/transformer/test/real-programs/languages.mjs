/** Parsers, compilers and template engines. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const text = readFileSync(new URL('corpus.txt', import.meta.url), 'utf8');
const small = readFileSync(new URL('corpus-small.txt', import.meta.url), 'utf8');

export const languages = {
  esprima: () => {
    const esprima = require('esprima');
    const tree = esprima.parseScript(text, {
      loc: true,
      tolerant: true,
      comment: true,
    });
    return [tree, esprima.tokenize('a = /[/]/g ? `b${c}d` : 0x1f // e', { range: true })];
  },
  handlebars: () => {
    const handlebars = require('handlebars');
    handlebars.registerHelper(
      'shout',
      (value, options) => `${String(value).toUpperCase()}${options.hash.end ?? ''}`,
    );
    handlebars.registerPartial(
      'row',
      '<li>{{@index}} {{shout name end="!"}}{{#if tags}}{{#each tags as |tag|}}[{{tag}}]{{/each}}{{/if}}</li>',
    );
    const template =
      '{{#with shop}}<ul>{{#each items}}{{> row}}{{else}}none{{/each}}</ul>{{{raw}}}{{raw}}{{/with}}{{~#unless no~}} yes {{~/unless}}';
    const render = handlebars.compile(template, { strict: true });
    const shop = { raw: '<&>', items: [{ name: 'a', tags: ['x', 'y'] }, { name: 'b' }] };
    return [
      attempt(() => render({ shop })),
      attempt(() => handlebars.compile(template)({ shop })),
      attempt(() => handlebars.compile(template)({ shop: { items: [] } })),
      attempt(() => handlebars.compile('{{#if}}')({})),
      handlebars.precompile('{{a.b}} {{#each c}}{{this}}{{/each}}'),
    ];
  },
  'js-yaml': () => {
    const yaml = require('js-yaml');
    const point = new yaml.Type('!point', {
      kind: 'sequence',
      resolve: (data) => data.length === 2,
      construct: ([x, y]) => ({ x, y }),
    });
    const schema = yaml.Schema?.create?.([point]) ?? yaml.DEFAULT_SCHEMA.extend([point]);
    return [
      yaml.load('a: &a {b: [1, 0x1f, 1e3, ~, 2001-12-14]}\nc: *a\nd: >-\n  folded\n  text\n', {}),
      yaml.load('- !point [1, 2]\n- !!set {a, b}\n- !!binary aGk=', { schema }),
      yaml.dump(
        { a: [1, [2, { b: 'multi\nline' }]], c: 'yes', d: new Date(0), e: -0 },
        { sortKeys: true, flowLevel: 3 },
      ),
      attempt(() => yaml.load('a: [1\nb: 2')),
    ];
  },
  json5: () => {
    const json5 = require('json5');
    const written = json5.stringify(
      {
        a: ["it's", +Infinity, 0.5],
        'b-c': null,
        toJSON5() {
          return { ...this, d: 1 };
        },
      },
      null,
      2,
    );
    return [
      written,
      json5.parse("{a: 'b\\\nc', /* d */ e: +0x1F, f: [NaN,], 'g': \"\\u0041\"}", (k, v) => v),
      attempt(() => json5.parse('{a: }')),
    ];
  },
  'comment-json': () => {
    const { parse, stringify, assign } = require('comment-json');
    const value = parse('// top\n{ "a": 1, /* b */ "b": [1, // one\n 2] }\n// end');
    return [
      stringify(value, null, 2),
      stringify(assign({ c: 1 }, value, ['a']), null, 2),
      attempt(() => parse('{"a" 1}')),
    ];
  },
  picomatch: () => {
    const picomatch = require('picomatch');
    const paths = ['a/b/c.js', 'a.ts', '.hidden/x', 'a/b.test.js', 'b/1/2', 'a/b/c/d'];
    const patterns = ['**/*.js', '{a,b}.ts', '!(*.test).js', '.*/**', '*/[0-9]/*', '+(a|b)/**', 'a/**/d'];
    return patterns.map((p) => [
      String(picomatch.makeRe(p)),
      paths.map((path) => picomatch(p, { dot: true })(path)),
      picomatch.scan(p, { tokens: true }),
    ]);
  },
  'es-module-lexer': async () => {
    const { init, parse } = await import('es-module-lexer');
    await init;
    return parse(
      'import a, { b } from "c"; export const d = await import("e"); export * from "f"; import.meta.url',
    );
  },
  'js-tokens': async () => {
    const { default: jsTokens } = await import('js-tokens');
    return [...jsTokens(text.slice(0, 40_000)), ...jsTokens('<a b="c">{d}</a>', { jsx: true })].map(
      ({ type, value }) => [type, value.length],
    );
  },
  jsesc: () => {
    const jsesc = require('jsesc');
    return [
      jsesc({ a: ['ü\u2028', new Map([[1, '𠮷']]), 1e21] }, { es6: true, compact: false }),
      jsesc(small, { quotes: 'backtick', minimal: true }),
    ];
  },
};

function attempt(work) {
  try {
    return work();
  } catch (error) {
    return [error.name, error.message];
  }
}
