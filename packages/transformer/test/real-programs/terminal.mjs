/** Command lines, what is printed, assertions, and other small things of everyday. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const terminal = {
  chai: async () => {
    const { expect, assert, use, AssertionError } = await import('chai');
    use((_chai, utils) =>
      utils.addProperty(_chai.Assertion.prototype, 'even', function () {
        this.assert(this._obj % 2 === 0, 'expected #{this} to be even', 'expected #{this} to be odd');
      }),
    );
    const checks = [
      () =>
        expect({ a: [1, { b: 2 }] })
          .to.deep.equal({ a: [1, { b: 2 }] })
          .and.have.nested.property('a[1].b', 2),
      () => expect([1, 2, 3]).to.include.members([3, 1]).and.not.be.empty,
      () =>
        expect(() => {
          throw new TypeError('x y');
        }).to.throw(TypeError, /y$/),
      () => expect(3).to.be.even,
      () => expect(new Map([[{ a: 1 }, 2]])).to.have.deep.keys({ a: 1 }, 'no'),
      () => assert.closeTo(1, 2, 0.5),
      () => expect('abc', 'told').to.match(/^b/),
    ];
    return checks.map((check) => {
      try {
        return typeof check();
      } catch (error) {
        return [error instanceof AssertionError, error.message, error.showDiff, error.operator];
      }
    });
  },
  '@jest/diff-sequences': () => {
    const diff = require('@jest/diff-sequences').default;
    const [a, b] = [
      'the quick brown fox jumps over it'.repeat(5),
      'a quick red fox jumped over them'.repeat(5),
    ];
    const common = [];
    diff(
      a.length,
      b.length,
      (i, j) => a[i] === b[j],
      (...found) => common.push(found),
    );
    return common;
  },
  commander: () => {
    const { Command, Option } = require('commander');
    const out = [];
    const program = new Command('tool')
      .exitOverride()
      .configureOutput({ writeOut: (s) => out.push(s), writeErr: (s) => out.push(s) });
    program
      .option('-d, --debug', 'more')
      .version('1.2.3')
      .addOption(new Option('-c, --colour <name>').choices(['red', 'blue']).default('red'));
    program
      .command('add <a> [b...]')
      .alias('plus')
      .option('--no-round')
      .action((a, b, options) => out.push(['add', a, b, options, program.opts()]));
    for (const line of [
      'add 1 2 3 -d',
      'plus 4 --no-round -c blue',
      '--version',
      'help add',
      'ad',
      'add',
      '-c green add 1',
    ]) {
      try {
        program.parse(line.split(' '), { from: 'user' });
      } catch (error) {
        out.push([error.code, error.exitCode]);
      }
    }
    return out;
  },
  'yargs-parser': async () => {
    const { default: parse } = await import('yargs-parser');
    return parse.detailed(
      ['-abc', '--no-x', '--deep.a.b=1', '--list', '1', '2', '-n5', '--', 'rest', '--z'],
      {
        array: ['list'],
        number: ['n'],
        alias: { verbose: ['a'] },
        coerce: { n: (n) => n * 2 },
        configuration: { 'populate--': true },
      },
    );
  },
  'cli-table3': () => {
    const Table = require('cli-table3');
    const table = new Table({
      head: ['a', 'b'],
      colWidths: [8, 12],
      wordWrap: true,
      style: { head: [], border: [] },
    });
    table.push(
      ['1', 'some words to wrap'],
      [{ content: 'both', colSpan: 2, hAlign: 'center' }],
      [{ rowSpan: 2, content: '宽\n字' }, 'x'],
      ['y'],
    );
    return table.toString();
  },
  chalk: () => {
    const chalk = require('chalk');
    const colours = new chalk.Instance({ level: 3 });
    return [
      colours.red.bold('a', colours.hex('#abc').bgRgb(1, 2, 3)('b'), 'c\nd'),
      colours`{underline x {green ${1 + 1}}}`,
      new chalk.Instance({ level: 0 }).red('plain'),
    ];
  },
  'wrap-ansi': () => {
    const wrap = require('wrap-ansi');
    return [
      wrap('The \u001b[31mquick brown\u001b[39m fox 宽字 jumps', 9, { hard: true }),
      require('string-width')('宽\u001b[1mx\u001b[22m👩‍👩‍👧'),
    ];
  },
  'webpack-sources': () => {
    const {
      ConcatSource,
      OriginalSource,
      PrefixSource,
      ReplaceSource,
      CachedSource,
    } = require('webpack-sources');
    const replaced = new ReplaceSource(new OriginalSource('const a = 1;\nlet b = a;\n', 'a.js'), 'a.js');
    replaced.replace(6, 6, 'renamed', 'a');
    replaced.insert(13, '/* x */');
    const source = new CachedSource(
      new ConcatSource(new PrefixSource('\t', replaced), '\n', new OriginalSource('c()', 'c.js')),
    );
    return [
      source.source(),
      source.map({ columns: true }),
      source.sourceAndMap({ columns: false }).map,
      source.size(),
    ];
  },
  'iconv-lite': () => {
    const iconv = require('iconv-lite');
    const strange = 'Grüße, 世界 €𠮷';
    return ['utf16-be', 'win1252', 'shift_jis', 'gb18030', 'utf7', 'cesu8', 'koi8-r'].map((name) => {
      const bytes = iconv.encode(strange, name, { addBOM: true });
      return [name, bytes.toString('hex'), iconv.decode(bytes, name)];
    });
  },
  buffer: () => {
    const { Buffer: Own } = require('buffer/');
    const bytes = Own.alloc(24);
    bytes.writeDoubleLE(Math.PI, 0);
    bytes.writeInt32BE(-5, 8);
    bytes.write('ü€', 12);
    return [
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.readDoubleLE(0),
      bytes.indexOf('€'),
      Own.concat([bytes, Own.from([1])]).length,
      bytes.equals(Own.from(bytes)),
      Own.from('zz', 'hex').length,
    ];
  },
  'lodash.clonedeep': () => {
    const clone = require('lodash.clonedeep');
    const value = {
      d: new Date(0),
      r: /a/gi,
      m: new Map([[1, { s: new Set('ab') }]]),
      t: new Uint8Array([1, 2]),
      [Symbol.for('y')]: 1,
    };
    value.self = value;
    const copy = clone(value);
    return [
      copy.self === copy,
      copy.d.getTime(),
      String(copy.r),
      [...copy.m.get(1).s],
      [...copy.t],
      Object.getOwnPropertySymbols(copy).length,
    ];
  },
  deepmerge: () =>
    require('deepmerge').all([{ a: [1], b: { c: 1 } }, { a: [2], b: { d: [3] } }, { b: null }], {
      arrayMerge: (a, b) => [...b, ...a],
    }),
  'sprintf-js': () => {
    const { sprintf, vsprintf } = require('sprintf-js');
    return [
      sprintf('%2$s %1$s', 1, 'two'),
      sprintf('%05.1f|%-6s|%+d|%x|%j|%%', 3.14159, 'left', 4, 255, { a: 1 }),
      vsprintf('%(a.b)s', [{ a: { b: 'named' } }]),
    ];
  },
  'mime-types': () =>
    ['a.js', 'b.woff2', 'c.unknown', 'html'].map((name) => [
      require('mime-types').lookup(name),
      require('mime-types').contentType(name),
    ]),
};
