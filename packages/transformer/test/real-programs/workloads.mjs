/**
 * Real work for published packages. Each returns something that tells every difference; it is printed
 * as JSON. The packages are found beside this file, woven or not.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { asynchronous } from './asynchronous.mjs';
import { compilers } from './compilers.mjs';
import { languages } from './languages.mjs';
import { terminal } from './terminal.mjs';

const require = createRequire(import.meta.url);
const text = readFileSync(new URL('corpus.txt', import.meta.url), 'utf8');
const markdown = readFileSync(new URL('corpus.md', import.meta.url), 'utf8');

const workloads = {
  acorn: async () => {
    const acorn = await import('acorn');
    return acorn.parse(text, { ecmaVersion: 'latest', sourceType: 'script', locations: true });
  },
  marked: async () => (await import('marked')).marked.parse(markdown),
  semver: () => {
    const semver = require('semver');
    const versions = ['1.2.3', '2.0.0-beta.1', '1.10.0', '0.0.1', '10.0.0+build', 'not a version'];
    const ranges = ['^1.2', '>=1 <2 || 10.x', '~0.0.1', '*', '1.2.3 - 2'];
    return [
      versions.map((v) => semver.parse(v)?.toJSON?.() ?? null),
      ranges.map((range) => versions.map((v) => semver.satisfies(v, range, { includePrerelease: true }))),
      semver.sort(versions.slice(0, 5)),
      ranges.map((range) => semver.minVersion(range)?.version),
      semver.inc('1.2.3', 'prerelease', 'rc'),
    ];
  },
  yaml: () => {
    const yaml = require('yaml');
    const value = {
      list: [1, 'two', { three: [null, true, 3.5] }],
      text: 'a\nb\n',
      date: '2026-01-01',
      ref: '&x',
    };
    const written = yaml.stringify(value);
    const document = yaml.parseDocument('a: &a [1, 2]\nb: *a # comment\n? c\n: |\n  block\n  text\n');
    let error;
    try {
      yaml.parse('a: [1');
    } catch (thrown) {
      error = [thrown.name, thrown.code, thrown.message];
    }
    return [written, yaml.parse(written), String(document), document.toJS(), error];
  },
  fflate: () => {
    const {
      deflateSync,
      gunzipSync,
      gzipSync,
      inflateSync,
      strFromU8,
      strToU8,
      unzipSync,
      zipSync,
    } = require('fflate');
    const data = strToU8(text.slice(0, 100_000));
    const packed = deflateSync(data, { level: 9 });
    const zipped = zipSync(
      { 'a.txt': data.subarray(0, 1000), dir: { 'b.txt': data.subarray(0, 10) } },
      { mtime: '2020-01-01T00:00:00' },
    );
    return [
      Buffer.from(packed).toString('base64'),
      strFromU8(inflateSync(packed)) === strFromU8(data),
      gunzipSync(gzipSync(data, { mtime: 0 })).length,
      Object.keys(unzipSync(zipped)),
    ];
  },
  pako: () => {
    const pako = require('pako');
    const packed = pako.deflate(text.slice(0, 50_000));
    return [Buffer.from(packed).toString('base64'), pako.inflate(packed, { to: 'string' }).length];
  },
  kysely: async () => {
    const { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } =
      await import('kysely');
    const db = new Kysely({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (instance) => new SqliteIntrospector(instance),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
    const query = db
      .selectFrom('person as p')
      .innerJoin('pet', (join) => join.onRef('pet.owner', '=', 'p.id').on('pet.kind', 'in', ['cat', 'dog']))
      .select(['p.id', (eb) => eb.fn.count('pet.id').as('pets'), sql`upper(${sql.ref('p.name')})`.as('name')])
      .where((eb) => eb.or([eb('p.age', '>', 18), eb.not(eb.exists(eb.selectFrom('x').select('x.y')))]))
      .groupBy('p.id')
      .orderBy('name', 'desc')
      .limit(10);
    const insert = db
      .insertInto('person')
      .values([{ name: 'a' }, { name: 'b', age: 2 }])
      .returningAll();
    return [
      query.compile(),
      insert.compile(),
      await query.execute(),
      await db.transaction().execute(async (t) => t.deleteFrom('x').executeTakeFirst()),
    ];
  },
  zod: async () => {
    const { z } = await import('zod');
    const schema = z.object({
      id: z.string().uuid(),
      tags: z.array(z.enum(['a', 'b'])).min(1),
      when: z.coerce.date(),
      choice: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('x'), n: z.number().int() }),
        z.object({ kind: z.literal('y') }),
      ]),
      deep: z.record(z.string(), z.tuple([z.number(), z.string().optional()])).default({}),
    });
    const inputs = [
      {
        id: '123e4567-e89b-42d3-a456-426614174000',
        tags: ['a'],
        when: '2026-01-01',
        choice: { kind: 'x', n: 1 },
      },
      { id: 'no', tags: [], when: 'never', choice: { kind: 'z' }, deep: { a: ['b'] } },
      null,
    ];
    return [
      inputs
        .map((input) => schema.safeParse(input))
        .map(({ success, data, error }) => [success, data, error?.issues]),
      z.toJSONSchema(z.object({ a: z.string() })),
    ];
  },
  'lru-cache': async () => {
    const { LRUCache } = await import('lru-cache');
    const gone = [];
    const cache = new LRUCache({
      max: 5,
      maxSize: 20,
      sizeCalculation: (v) => v,
      dispose: (v, k, why) => gone.push([k, v, why]),
    });
    for (let n = 1; n < 20; n++) cache.set(n % 7, (n % 5) + 1).get(n % 3);
    const fetching = new LRUCache({ max: 2, fetchMethod: async (key) => `fetched ${key}` });
    return [[...cache.entries()], gone, cache.dump().length, await fetching.fetch('a'), cache.calculatedSize];
  },
  'magic-string': async () => {
    const { default: MagicString, Bundle } = await import('magic-string');
    const s = new MagicString('const answer = 41; // old');
    s.overwrite(15, 17, '42').appendLeft(0, '/* a */').remove(18, 25).indent('  ');
    const bundle = new Bundle({ separator: '\n' }).addSource({ filename: 'a.js', content: s });
    return [s.toString(), s.generateMap({ hires: 'boundary', includeContent: true }), bundle.toString()];
  },
  'fast-check': async () => {
    const { default: fc } = await import('fast-check');
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.nat(), fc.array(tie('tree'))),
    })).tree;
    const failing = fc.check(
      fc.property(fc.array(fc.integer()), fc.string(), (list, s) => list.length + s.length < 9),
      { seed: 7 },
    );
    return [
      fc.sample(tree, { seed: 1, numRuns: 30 }),
      failing.counterexample,
      failing.numShrinks,
      fc.sample(fc.webUrl(), { seed: 3, numRuns: 5 }),
    ];
  },
  'highlight.js': () => {
    const hljs = require('highlight.js/lib/core');
    hljs.registerLanguage('javascript', require('highlight.js/lib/languages/javascript'));
    hljs.registerLanguage('xml', require('highlight.js/lib/languages/xml'));
    return [
      hljs.highlight(text.slice(0, 30_000), { language: 'javascript' }).value,
      hljs.highlightAuto('<a href="x">y</a>').language,
    ];
  },
  parse5: () => {
    const parse5 = require('parse5');
    const html =
      '<!doctype html><table><tr><td>1<b>2<p>3</b><svg><path/></svg><template><i>t</template><!--c-->&amp;&notin;';
    return [
      parse5.serialize(parse5.parse(html)),
      parse5.serialize(parse5.parseFragment('<li>a<li>b<script>1<2</script>')),
    ];
  },
  ajv: () => {
    const Ajv = require('ajv');
    const ajv = new Ajv({ allErrors: true, strict: false });
    const validate = ajv.compile({
      $defs: {
        node: {
          type: 'object',
          properties: { next: { $ref: '#/$defs/node' }, n: { type: 'integer', minimum: 1 } },
          required: ['n'],
        },
      },
      oneOf: [
        { $ref: '#/$defs/node' },
        { type: 'array', items: { type: 'string', pattern: '^a' }, uniqueItems: true },
      ],
    });
    return [{ n: 1, next: { n: 0 } }, ['a', 'a'], ['ab'], { n: 2 }, 5].map((value) => [
      validate(value),
      validate.errors,
    ]);
  },
  postcss: () => {
    const postcss = require('postcss');
    const css =
      '@media (min-width: 1px) { a { color: red; &:hover { top: calc(1px + 2%) } } } /* c */ @import "x";';
    const plugin = { postcssPlugin: 'p', Declaration: (d) => d.assign({ value: d.value.toUpperCase() }) };
    const result = postcss([plugin]).process(css, { from: 'a.css', map: { inline: false } });
    let error;
    try {
      postcss.parse('a {');
    } catch (thrown) {
      error = [thrown.name, thrown.reason, thrown.line];
    }
    return [result.css, result.map.toString(), error];
  },
  minimatch: async () => {
    const { minimatch, braceExpand, makeRe } = await import('minimatch');
    const paths = ['a/b/c.js', 'a.ts', '.hidden/x', 'a/b.test.js', 'ä/ü.js'];
    const patterns = ['**/*.js', '{a,b}.ts', '!(*.test).js', '.*/**', '[[:alpha:]]/*', '+(a|b)/**'];
    return [
      patterns.map((p) => paths.map((path) => minimatch(path, p))),
      braceExpand('{1..3}{a,b{c,d}}'),
      String(makeRe('a/**/b?')),
    ];
  },
  'fast-json-stringify': () => {
    const build = require('fast-json-stringify');
    const stringify = build({
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { type: 'array', items: { type: 'integer' } },
        c: { anyOf: [{ type: 'null' }, { type: 'object', additionalProperties: true }] },
      },
    });
    return [stringify({ a: 'x"y', b: [1, 2.7], c: { d: 1 } }), stringify({ c: null })];
  },
  'find-my-way': () => {
    const router = require('find-my-way')();
    const hits = [];
    for (const path of ['/', '/a/:id', '/a/:id(^\\d+)/b', '/files/*', '/v/:x-:y'])
      router.on('GET', path, (_, __, params) => hits.push([path, { ...params }]));
    for (const url of ['/', '/a/1?q=2', '/a/1/b', '/files/x/y', '/v/1-2', '/none'])
      router.find('GET', url)?.handler(null, null, router.find('GET', url).params);
    return [hits, router.prettyPrint()];
  },
  'code-block-writer': () => {
    const { default: Writer } = require('code-block-writer');
    return new Writer({ indentNumberOfSpaces: 2 })
      .write('if (a)')
      .block(() => void new Writer().write('x'))
      .quote('b')
      .newLine()
      .conditionalWrite(true, 'c')
      .toString();
  },
};

const results = {};
const chosen = {
  ...workloads,
  ...languages,
  ...asynchronous,
  ...terminal,
  ...(process.env.DORMOUSE_LONG ? compilers : {}),
};
for (const [name, work] of Object.entries(chosen)) results[name] = await work();
const withoutBigInts = (_key, value) => (typeof value === 'bigint' ? `${value}n` : value);
const { dormouseTestHits: hits = 0, dormouseTestWrong: wrong = [] } = globalThis;
process.stdout.write(JSON.stringify({ results, hits, wrong }, withoutBigInts));
