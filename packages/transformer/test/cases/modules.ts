import type { Case } from './case.ts';

export const modules: readonly Case[] = [
  {
    name: 'hoisted functions called through an import cycle before their module body runs',
    goal: 'module',
    code: `import { b } from 'b.mjs'
      export function a(x) { return 'a' + x }
      export default function () { return 'default' }
      trace('a body', b)`,
    files: {
      'b.mjs': `import d, { a } from 'main.mjs'
        export const b = a(1) + d()
        trace('b body', b)`,
    },
    hits: ['a:2 x=1'],
  },
  {
    name: 'cycles through re-exports',
    goal: 'module',
    code: `export { b } from 'b.mjs'
      export * from 'b.mjs'
      export function a() { return 'a' }
      trace('main')`,
    files: { 'b.mjs': `import { a } from 'main.mjs'; export const b = a(); trace(b)` },
  },
  {
    name: 'every form of import and export',
    goal: 'module',
    code: `import def, { x as renamed, y } from 'b.mjs'
      import * as ns from 'b.mjs'
      import 'b.mjs'
      export { renamed as again, def as default }
      export const local = renamed + y
      export let mutable = 1
      export class K { m() { return def() } }
      export { ns }
      export * as star from 'b.mjs'
      mutable++
      trace(def(), renamed, y, Object.keys(ns), local, mutable, new K().m())
      function reads() { return [y, def(), ns.x] }
      trace(reads())`,
    files: { 'b.mjs': `export default () => 'def'; export const x = 1; export var y = 2; y = 3` },
    forms: { 'K.m': 'twin' },
    hits: ['reads:12 | y=3'],
  },
  {
    name: 'export default of every form',
    goal: 'module',
    code: `import a from 'a.mjs'; import b from 'b.mjs'; import c from 'c.mjs'; import d from 'd.mjs'; import e from 'e.mjs'
      trace(a.name, a(), b.name, new b().m(), c.name, c(), d, e.name, e())`,
    files: {
      'a.mjs': `export default function () { return 1 }`,
      'b.mjs': `export default class { m() { return 2 } }`,
      'c.mjs': `export default () => 3`,
      'd.mjs': `export default { x: 4 }`,
      'e.mjs': `export default function named() { return 5 }`,
    },
  },
  {
    name: 'live bindings and imports in their temporal dead zone',
    goal: 'module',
    code: `import { early, read } from 'b.mjs'
      export let live = 1
      trace(early, read()); live = 2; trace(read())`,
    files: {
      'b.mjs': `import { live } from 'main.mjs'
        export function read() { return live }
        let e; try { e = read() } catch (error) { e = error.name }
        export const early = e`,
    },
  },
  {
    name: 'CommonJS: exports, require cycles, this, return at the top level',
    goal: 'script',
    code: `'use strict'
      exports.a = function (x) { return x + 1 }
      const b = require('b.cjs')
      trace(b.used, this === exports, typeof module, Object.keys(exports))
      exports.late = () => b.used
      if (exports.late()) return trace('returned')
      trace('never')`,
    files: { 'b.cjs': `const main = require('main.cjs'); exports.used = main.a(1)` },
    hits: ['a:2 x=1'],
  },
];
