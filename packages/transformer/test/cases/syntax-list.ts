import type { Case } from './case.ts';

/** The syntax that the weaver promises to keep, where no other file of cases has it. */
export const syntaxList: readonly Case[] = [
  {
    name: 'values returned and thrown without a space after the keyword',
    code: `function outer(a) { const inner = () => a; if (a === 1) return[inner()]; if (a === 2) return"s"; if (a === 3) return(1, inner()); if (a === 4) throw\`t\`; if (a === 5) return+a; if (a === 6) return/r/.source; if (a === 7) return function(){}.name; return{ a } }
      async function later1(a) { if (a)return[a];return"none" }
      function* g(a) { if (a)return{ a };return }
      for (const a of [1, 2, 3, 5, 6, 7, 8]) trace(outer(a))
      try { outer(4) } catch (e) { trace(e) }
      later(later1(1).then(v => trace(v))); later(later1(0).then(v => trace(v))); trace(g(1).next(), g(0).next())`,
  },
  {
    name: 'returns of async generators take the same number of microtasks, with a value and without',
    code: `const order = []
      async function* bare() { yield 1; return }
      async function* inFinally() { try { yield 1 } finally { return } }
      async function* value() { yield 1; return 2 }
      async function* promised() { yield 1; return Promise.resolve(3) }
      async function* falls() { yield 1 }
      async function* conditional(a) { if (a) return
        yield 1 }
      const run = async (name, g) => { for (let r; !(r = await g.next()).done;) order.push(name); order.push(name + '!') }
      const clock = async () => { for (let n = 0; n < 20; n++) { order.push(n); await null } }
      later(Promise.all([clock(), run('b', bare()), run('f', inFinally()), run('v', value()), run('p', promised()), run('o', falls()), run('c', conditional(1)), run('d', conditional(0))]).then(() => trace(order)))`,
  },
  {
    name: 'returns of async functions take the same number of microtasks, in try, catch and finally too',
    code: `const order = []
      const p = () => Promise.resolve('p')
      async function a() { return p() }
      async function b() { try { return p() } finally { order.push('bf') } }
      async function c() { try { return await p() } catch (e) { return } }
      async function d() { try { throw 1 } catch (e) { return p() } }
      async function e() { try { return p() } finally { return 'over' } }
      const f = async () => p(), g = async () => { return }, h = async () => {}
      const clock = async () => { for (let n = 0; n < 12; n++) { order.push(n); await null } }
      later(Promise.all([clock(), ...[a, b, c, d, e, f, g, h].map(async f => { const v = await f(); order.push(f.name + v) })]).then(() => trace(order)))`,
  },
  {
    name: 'functions in blocks, hoisted as sloppy scripts hoist them',
    goal: 'script',
    code: `trace(typeof inBlock)
      { function inBlock() { return 1 } }
      trace(inBlock())
      if (true) function inIf() { return 2 }
      trace(inIf())
      function f() { trace(typeof inner); { inner = 5; function inner() {} } return typeof inner }
      switch (1) { case 0: function inCase() { return 3 } case 1: trace(inCase()) }
      label: function labelled() { return 4 }
      trace(f(), labelled())`,
  },
  {
    name: 'functions in blocks of strict code stay there',
    code: `'use strict'
      { trace(inBlock()); function inBlock() { return 1 } }
      trace(typeof inBlock)
      switch (1) { case 0: function inCase() { return 3 } case 1: trace(inCase()) }`,
  },
  {
    name: 'names that are words elsewhere: let, static, async, of, get as variables, properties, methods and fields',
    goal: 'script',
    code: `var static = 1, async = x => x, of = [2], get = 3, set = 4, let_ = 5, implements = 6
      const o = { get, set, async, of, static, let: 7, await: 8, get get() { return 9 }, set set(v) { trace(v) }, async async() { return 10 }, *of2() { yield 11 }, async *await2() {}, if: 12, 'a-b'() { return 13 } }
      class C { get = 1; set; static async = 2; static static() { return 3 } static get get() { return 4 } async() { return 5 } static async *gen() {} 'constructor2' = 6 }
      o.set = 1
      for (var v of of) trace(v)
      trace(async(1), static, o.if, o.get, new C().get, C.async, C.static(), C.get, new C().async()); later(o.async().then(v => trace(v)))`,
  },
  {
    name: 'dynamic import, import.meta and namespaces',
    goal: 'module',
    code: `import * as ns from 'b.mjs'
      export function a() { return typeof import.meta }
      trace(a(), Object.keys(ns), ns.default.name, ns[Symbol.toStringTag])
      try { ns.x = 1 } catch (e) { trace(e.name) }`,
    files: { 'b.mjs': `export default class K {}; export const x = () => 1; export { x as 'a string' }` },
  },
  {
    name: 'derived constructors: fields before and after super, arrows that call it, returns of every kind',
    code: `const order = []; const o = v => (order.push(v), v)
      class A { a = o('A.a'); constructor() { o('A') } }
      class B extends A { b = o('B.b'); constructor(x) { o('before'); const s = () => super(); if (x) s(); else super(); o('after'); if (x) return } }
      class C extends A { constructor() { return { c: 1 } } }
      class D extends A { constructor(x) { super(); return x ? undefined : [1] } }
      class E extends A { constructor() { try { this } catch (e) { o(e.name) } super(); try { super() } catch (e) { o(e.name) } } }
      class F extends A { constructor(a = super(), b = this.a) { o(b) } }
      class G extends A {}
      class H extends A { constructor() { super(); return 1 } }
      trace([new B(1), new B(0), new C(), new D(1), new D(0), new E(), new F(), new G()].map(v => Object.keys(v)))
      try { new H() } catch (e) { trace(e.name) }
      trace(order)`,
  },
  {
    name: 'destructuring: holes, nesting, computed keys, defaults that are functions and classes, in every place',
    code: `const key = () => (trace('key'), 'k')
      function f({ [key()]: a = () => 1, b: { c: [, d = class {}] = [] } = {}, ...e } = {}, [g = function () {}, ...[h = a]] = []) { return [a.name, d.name, g.name, h.name, Object.keys(e)] }
      trace(f(), f({ k: key, z: 1 }))
      let x, y, z = {}; [x = (() => 2)(), [y] = [3], z.w = 4, z['v']] = []
      ;({ x, y: z.q = x, ...z.rest } = { x: 5, r: 6 })
      trace(x, y, z)
      for (const { a = () => 7, ...b } of [{ c: 1 }]) trace(a.name, a(), b)
      for (let [i, j = i] = [0]; i < 1; i++) trace(i, j)
      try { throw { m: [8] } } catch ({ m: [n, o = n] }) { trace(n, o) }
      const arrow = ([a, b] = [1, 2], { c } = { c: a + b }) => c; trace(arrow())
      try { (({ a: { b } }) => b)({}) } catch (e) { trace(e.name) }`,
  },
  {
    name: 'closures in parameter defaults see parameters, not the body’s variables',
    code: `var x = 'outer'
      function f(a = () => x, b = (v) => { x = v }, x = 'parameter') { var before = a(); b('set'); var y = x; { let x = 'block' } return [before, y, a()] }
      function g(a, b = () => a) { var a = 'body'; return [a, b()] }
      function h(a = (() => { try { return typeof later2 } catch (e) { return e.name } })()) { let later2 = 1; return [a, later2] }
      const i = (a, b = () => this, c = () => a) => { a = 'changed'; return [typeof b(), c()] }
      trace(f(), x, g('given'), h(), i('first'))`,
  },
  {
    name: 'labels on every kind of statement, continue to outer loops out of try and switch',
    code: `function f() { const out = []
        a: for (const x of [1, 2, 3]) { b: do { try { switch (x) { case 1: continue a; case 2: break b; default: break a } } finally { out.push(x) } } while (false); out.push('after' + x) }
        c: if (out.length) { d: { e: try { break c } finally { out.push('c') } } out.push('never') }
        f: switch (0) { default: g: while (1) { break f } }
        h: ; i: out.push('i')
        j: for (var k in { p: 1, q: 2 }) for (;;) { if (k === 'p') continue j; break j }
        return [out, k] }
      trace(f())`,
  },
];
