import type { Case } from './case.ts';

/** What must survive being written on one line. */
export const text: readonly Case[] = [
  {
    name: 'template literals over several lines, with CRLF, escapes, continuations and nesting',
    code: 'function f(a) {\n  return `one\n  two ${a}\r\nthree \\\n four \\n \\\\\n \\` ${`inner\n${a}`} \\${a} \u2028 \u2029 $ {`\n}\ntrace(JSON.stringify(f(1)))\nconst g = a => `\n\n${a}\n`\ntrace(JSON.stringify(g(2)))',
    forms: { f: 'twin', g: 'twin' },
  },
  {
    name: 'strings with line continuations and line separators',
    code: "function f() {\n  return ['a\\\nb', \"c\\\r\nd\", 'e\\\\', '\u2028', \"// no comment\", '/* nor this */', 'it\\'s']\n}\ntrace(JSON.stringify(f()))",
    forms: { f: 'twin' },
  },
  {
    name: 'comments between all tokens, of every kind',
    code: `function /*a*/ f(/*b*/ a /*c*/) /*d*/ { // e
        /* f */ if /* g */ (/* h */ a /* i
        j */) /* k */ { // l
          // m
          return /* n */ a /* o */ + /* p */ +a // q
        } // r
        else // s
          return a /* t */ - /* u */ -1 /*v*/
        /* w */
      } // x
      trace(f(1), f(0))`,
    forms: { f: 'twin' },
  },
  {
    name: 'a comment with a line break is a line break',
    code: `function f(a) {
        return /*
        */ a
      }
      function g(a) { let x = a /*
        */ ++x; return x }
      trace(f(1), g(1))`,
    forms: { f: 'twin', g: 'twin' },
  },
  {
    name: 'operators that must not run together',
    code: `function f(a, b) {
        let x = a + +b - -a
        x = a
          + +b
        x = x - 
          --b
        const y = a < ! --b
        const z = a / /1/.test('1') / 1
        return [x, y, z, typeof a, typeof
          b, void 0, 1 .toFixed(), a ? .5 : 1, a?.5:1, x in
          [], a instanceof
          Object]
      }
      trace(f(1, 2))`,
    forms: { f: 'twin' },
  },
  {
    name: 'regular expressions with slashes, classes and comment-like text',
    code: `function f(s) {
        const r = /[/\\]*"'\`]/g
        const q = s.replace(/\\/\\*.*\\*\\//, '').replace(/\\/\\/x/, 'y')
        if (/a/.test(s)) /b/.exec(s)
        return [r.source, q, s.split(/ /)]
      }
      trace(f('a /* b */ //x'))`,
    forms: { f: 'twin' },
  },
  {
    name: 'CRLF, CR and Unicode line endings',
    code: 'function f(a) {\r\n  let x = a\r\n  x++\r  x++\u2028  return x // c\u2029}\r\ntrace(f(1))\r',
    forms: { f: 'twin' },
  },
  {
    name: 'a byte order mark',
    code: '\uFEFFfunction f() { return 1 }\ntrace(f())',
  },
  {
    name: 'objects, arrays and calls over many lines with trailing commas and methods',
    code: `function f(a) {
        const o = {
          a,
          'b': 1,
          [a]: 2,
          ...{ c: 3 },
          in: 4, // reserved
        }
        const [x,
          , ...y] = [
          1, 2,
          3,
        ]
        return trace(
          o,
          x, y,
        ), {
          o
        }
      }
      trace(f('k'))`,
    forms: { f: 'twin' },
  },
  {
    name: 'numbers of every spelling',
    code: `function f() { return [0x1F, 0b11, 0o17, 1_000, 1e3, 1.5e-3, .5, 5., 10n, 1..toString(), 0xFFn] }
      trace(f())`,
    forms: { f: 'twin' },
  },
  {
    name: 'a line continuation between an escape and a digit makes no octal escape',
    goal: 'script',
    code: `function f() { return '\\0\\
1' + 'a\\
2' }
      trace(f().length, f())`,
    forms: { f: 'twin' },
  },
  {
    name: 'a string that a line continuation keeps from being a directive stays a string',
    goal: 'script',
    code: `function f() { 'use st\\
rict'; return this === undefined }
      trace((0, f)())`,
    forms: { f: 'twin' },
  },
  {
    name: 'octal literals and escapes of sloppy code',
    goal: 'script',
    code: `function f() { return ['\\033[1m', '\\8', 010, 09.5, 01.toString()] }
      trace(f())`,
    forms: { f: 'twin' },
  },
  {
    name: 'private names in optional chains',
    code: `class A { #b = 1; static c(a) { return a?.#b } }
      trace(A.c(new A), A.c())`,
    forms: { 'A.c': 'twin' },
  },
];
