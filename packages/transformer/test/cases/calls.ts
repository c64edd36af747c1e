import type { Case } from './case.ts';

/** What is told of calls: that they begin, and how they end. */
export const calls: readonly Case[] = [
  {
    name: 'calls of functions with two bodies end with every value and every error',
    code: `function f(a, b = 2) { if (a < 0) throw new RangeError('own'); if (a === 0) return; if (a > 9) JSON.parse('{'); return [a, b] }
      const g = (x) => x * 2, h = { get v() { return 3 }, set v(w) { this.w = w }, m() {} }
      trace(f(1), f(0), g(4), h.v, h.m()); h.v = 5
      for (const a of [-1, 10]) try { f(a) } catch (e) { trace(e.name) }`,
    calls: [
      'f(1, 2) returned [ 1, 2 ]',
      'f(0, 2) returned undefined',
      'f(-1, 2) threw RangeError: own',
      'g(4) returned 8',
      'h.v() returned 3',
      'h.v(5) returned undefined',
    ],
  },
  {
    name: 'calls of functions with one body end at each return, at their end and at their own throws',
    code: `function f(a) { const deep = () => () => a; if (a === 0) return; if (a === 1) return deep, a; if (a === 2) throw new Error('own')
        try { if (a === 3) throw new Error('kept') } catch (e) { return e.message }
        if (a === 4) return () => 1
        if (a === 5) return class {}
        trace(deep()()) }
      trace(f(0), f(1), f(3), f(4).name, f(5).name, f(6))
      try { f(2) } catch (e) { trace(e.message) }
      const c = a => b => d => a + b + d, o = x => ({ y: z => () => z })
      trace(c(1)(2)(3), o(1).y(2)())`,
    forms: { f: 'inline', c: 'inline' },
    calls: [
      'f(0) returned undefined',
      'f(1) returned 1',
      'f(2) threw Error: own',
      "f(3) returned 'kept'",
      'f(6) returned undefined',
    ],
  },
  {
    name: 'a return that a finally overrides, and one in it',
    code: `async function f(a) { try { return 'tried' } finally { if (a) return 'finally' } }
      function* g(a) { l: { try { return 1 } finally { if (a) break l } } }
      function h(a) { const deep = () => () => a; try { return 'tried' } finally { if (a) return 'finally' } }
      later((async () => trace(await f(0), await f(1)))())
      trace(g(0).next(), g(1).next(), h(0), h(1))`,
    calls: [
      "f(0) returned 'tried'",
      "f(1) returned 'finally'",
      'g(0) returned 1',
      'g(1) returned undefined',
      "h(0) returned 'tried'",
    ],
  },
  {
    name: 'lines of functions with one body pass the frame of their own call, and of no other',
    code: `const deep = () => () => 1
      async function wait(n) { const inner = async () => { await null
            return n }
        if (n > 0) await Promise.all([wait(n - 1), inner()])
        return n }
      function count(n) { const f = deep, g = () => () => f()() + n
        if (n > 0) count(n - 1)
        return g()() }
      function* each(n) { yield n; if (n > 0) yield* each(n - 1) }
      class A { a = 1 } class B extends A { constructor(n) { const g = () => () => n; super(); this.n = g()() } }
      const outer = (n) => { const dynamic = (o) => { const h = () => () => 1; eval('n'); return o + n }; return [dynamic(n)].map((v) => () => v)[0]() }
      class F { f = (() => { const g = () => () => 1; return g()() })(); static { this.s = 2 } }
      trace(count(2), [...each(1)], new B(3).n, outer(4), new F().f); later(wait(2).then((v) => trace(v)))`,
    hits: [
      'wait:5 n=0 inner=[AsyncFunction: inner] in wait(0)',
      'wait:5 n=2 inner=[AsyncFunction: inner] in wait(2)',
      'inner:3 | n=1 in inner()',
      'count:8 n=1 f=[Function: deep] g=[Function: g] | deep=[Function: deep] in count(1)',
      'each:9 n=0 in each(0)',
      'B.constructor:10 n=3 g=[Function: g] in B.constructor(3)',
    ],
  },
  {
    name: 'calls of async functions end with what they return or throw, wherever it comes from',
    code: `const no = () => Promise.reject(new TypeError('no'))
      async function f(a) { if (a) await no(); return 1 }
      async function g() { return await no() }
      async function h() { await null; try { return await no() } catch (e) { return e.name } }
      const i = async (x) => x + await 1, j = async () => { throw 'j' }, k = async () => {}, l = async () => async () => 1
      later((async () => { trace(await f(0), await h(), await i(2), await k(), (await l()).name); for (const p of [f(1), g(), j()]) await p.catch(e => trace(e)) })())`,
    calls: [
      'f(0) returned 1',
      'f(1) threw TypeError: no',
      'g() threw TypeError: no',
      "h() returned 'TypeError'",
      'i(2) returned 3',
      "j() threw 'j'",
    ],
  },
  {
    name: 'generators that end, are closed, are thrown into, are abandoned',
    code: `function* g(a) { try { const x = yield a; if (x === 'throw') throw new Error('own'); yield 2 } finally { trace('f' + a) } return 'end' }
      trace([...g(1)]); for (const v of g(2)) break
      const c = g(3); c.next(); try { c.throw(new Error('in')) } catch (e) { trace(e.message) }
      const o = g(4); o.next(); try { o.next('throw') } catch (e) { trace(e.message) }
      g(5).next(); const n = g(6); trace(n.return(1), n.next())
      const d = g(7); d.next(); trace(d.return(8), d.next())
      function* all() { const r = yield* g(9); return r } trace([...all()])`,
    calls: [
      "g(1) returned 'end'",
      'g(2) ended',
      'g(3) ended',
      'g(4) ended',
      'g(5) runs',
      'g(7) ended',
      "g(9) returned 'end'",
      "all() returned 'end'",
    ],
  },
  {
    name: 'async generators return nothing without waiting for it',
    code: `async function* f(a) { yield 1; if (a) return; else { yield 2; return
        } }
      async function* g(a) { var h; function h() {} yield 1; if (a) return }
      const order = [], run = async (name, gen) => { for await (const v of gen) order.push(name + v); order.push(name) }
      const ticks = async () => { for (let i = 0; i < 12; i++) { await null; order.push(i) } }
      later(Promise.all([run('a', f(1)), run('b', f(0)), run('c', g(1)), run('d', g(0)), ticks()]).then(() => trace(order)))`,
    calls: ['f(1) returned undefined', 'f(0) returned undefined', 'g(1) returned undefined'],
  },
  {
    name: 'async generators: a returned rejection, closing, throwing into',
    code: `async function* g(a) { yield 1; if (a === 1) return Promise.resolve(5); if (a === 2) return Promise.reject(new Error('returned')); try { yield 2 } finally { trace('f' + a) } }
      later((async () => {
        const r = g(1); await r.next(); trace(await r.next(), await r.next())
        const s = g(2); await s.next(); try { await s.next() } catch (e) { trace(e.message) }
        for await (const v of g(3)) if (v === 2) break
        const t = g(4); await t.next(); await t.next(); try { await t.throw(new Error('in')) } catch (e) { trace(e.message) }
        for await (const v of g(5)) trace(v)
      })())`,
    calls: [
      'g(1) returned Promise { 5 }',
      'g(2) threw Error: returned',
      'g(3) ended',
      'g(4) threw Error: in',
      'g(5) returned undefined',
    ],
  },
  {
    name: 'derived constructors that return objects, return nothing, or throw before super',
    code: `class A { constructor(v) { this.v = v } }
      class B extends A { constructor(v) { if (v === 0) throw new Error('early'); super(v); if (v === 1) return { other: v }; if (v === 2) return; this.w = v } }
      class C extends A { constructor() { const f = () => super(7); f(); } }
      trace(new B(1), new B(2), new B(3), new C().v)
      try { new B(0) } catch (e) { trace(e.message) }`,
    calls: [
      'B.constructor(0) threw Error: early',
      'B.constructor(1) returned { other: 1 }',
      'B.constructor(2) returned undefined',
      'B.constructor(3) returned undefined',
      'A.constructor(1) returned undefined',
    ],
  },
  {
    name: 'function expressions that name themselves have two bodies, unless they assign to the name',
    code: `const fact = function self(n) { return n < 2 ? 1 : n * self(n - 1) }
      const same = function me() { return me }
      const shadowed = function me(a = me) { { let me = a; return [typeof me, a === shadowed] } }
      const late = function me(a = typeof me) { var me; return [a, me] }
      const assigns = function sloppy() { try { sloppy = 1 } catch (e) { return e.name } return typeof sloppy }
      const destructs = function other() { try { [other] = [1]; ({ other } = {}) } catch (e) { return e.name } return typeof other }
      const deep = function tree(n) { return n > 0 ? [n].map(function (v) { return tree(v - 1) }) : [] }
      trace(fact(5), same() === same, shadowed(), late(), assigns(), destructs(), deep(2), same.name, fact.length)`,
    forms: { self: 'twin', sloppy: 'inline', other: 'inline', tree: 'twin' },
    calls: ['self(1) returned 1', 'self(5) returned 120'],
  },
  {
    name: 'functions with small functions in them have two bodies, whose functions are the same functions',
    code: `function sum(list, by) { let t = 0; list.forEach((x, i) => { t += x * by
          if (i === 1) t++ })
        function twice(v) { if (v < 0) throw new Error('own'); return v * 2 }
        return { get t() { return t }, set t(v) { t = v }, twice, async later(v) { await null; return v + t }, *each() { yield t; return t } } }
      const s = sum([1, 2, 3], 2); s.t += 1
      trace(s.t, s.twice(4), [...s.each()], s.twice.name, Object.keys(s)); later(s.later(1).then(v => trace(v)))
      try { s.twice(-1) } catch (e) { trace(e.message) }
      function loop() { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i++); return fs.map(f => (f(), f())) }
      function hoists(a) { return [a(), typeof b]; function a() { return 'a' } var b = () => 1 }
      const self = { m() { return [1].map(() => this === self) } }
      trace(loop(), hoists(1), self.m())`,
    forms: { sum: 'twin', loop: 'twin', hoists: 'twin', 'self.m': 'twin' },
    hits: ['<anonymous>:1 x=2 i=1 | by=2 t=2', 'twice:3 v=4'],
    calls: [
      'twice(4) returned 8',
      'twice(-1) threw Error: own',
      'later(1) returned 15',
      'each() returned 14',
    ],
  },
  {
    name: 'closures in parameter lists, deep closures, tagged templates and arguments in closures keep one body',
    code: `const tag = (s) => s
      function p(a, get = () => a) { a = 2; return get() }
      function q() { const f = () => tag\`x\`; return f() }
      function r() { return (() => arguments[0])() }
      function s() { return [1].map(function () { return arguments.length })[0] }
      function t() { return [() => () => 1] }
      function u() { return new (class { v = 1 })().v }
      trace(p(1), q() === q(), r(3), s(), t()[0]()(), u())`,
    forms: { p: 'inline', q: 'inline', r: 'inline', s: 'twin', t: 'inline', u: 'inline' },
  },
  {
    name: 'async functions whose own declarations would mean something else in a block',
    goal: 'script',
    code: `async function f(a) { function a() { return 'inner' } return typeof a }
      async function g() { var h; function h() {} return typeof h }
      async function i() { function j() { return 1 } { function j() { return 2 } } return j() }
      function* k() { yield typeof l; function l() {} { var l = 1 } return typeof l }
      async function m() { return typeof n; function n() {} }
      async function o() { 'use strict'; { function p() {} } return typeof p }
      later(Promise.all([f(1), g(), i(), m(), o()]).then(v => trace(v))); trace([...k()])`,
    calls: ["g() returned 'function'", 'i() returned 2', "m() returned 'function'"],
  },
  {
    name: 'functions that run code from text, and with, are told of by line only',
    goal: 'script',
    code: `async function f(a) { eval('var $f = 1, $r = 2'); return a + $f + $r }
      function g(o) { const deep = () => () => 1; with (o) { return x } }
      later(f(1).then(v => trace(v))); trace(g({ x: 5 }))`,
  },
  {
    name: 'code from text sees no names of ours in the functions around it',
    goal: 'script',
    code: `const missing = (name) => { try { return eval(name) } catch (e) { return e.name } }
      async function f() { const see = (name) => { try { return eval(name) } catch (e) { return e.name } }; await null; return ['$f', '$r'].map(see) }
      function g() { const deep = () => (name) => { try { return eval(name) } catch (e) { return e.name } }; trace(1); return ['$f', '$h', '$o', '$r'].map(deep()) }
      function* h() { yield class { static v = eval("typeof $f + (() => { try { $r } catch (e) { return e.name } })()") }.v }
      class A extends Object { constructor() { super(); this.see = function () { return missing('$f') + (() => { try { return eval('$r') } catch (e) { return e.name } })() } } }
      later(f().then(v => trace(v))); trace(g(), [...h()], new A().see())`,
    forms: { g: 'inline' },
  },
  {
    name: 'names of ours that the program uses itself',
    code: `async function f($f, $r) { const $e = 3, $p = 4, $h = 5; try { await null; throw $f } catch ($e) { return [$e, $r, $p, $h] } }
      const $f = a => b => c => [$f.length, a, b, c]
      later(f(1, 2).then(v => trace(v, $f(1)(2)(3))))`,
    calls: ['f(1, 2) returned [ 1, 2, 4, 5 ]'],
  },
  {
    name: 'using declarations are disposed before the call ends',
    goal: 'module',
    code: `const order = [], open = (name) => ({ [Symbol.dispose ?? 'dispose']() { order.push(name) } })
      async function f(a) { const o = open(a); try { await null; return order.length } finally { o[Symbol.dispose ?? 'dispose']() } }
      later(f('x').then(v => trace(v, order)))`,
    calls: ["f('x') returned 0"],
  },
];

/** Class fields: points of their own. */
export const fields: readonly Case[] = [
  {
    name: 'initialisers are points: instance, static, private, computed and quoted, with this',
    code: `let n = 0; const LIMIT = 3
      class A { a = ++n
        #b = this.a + LIMIT; static c = LIMIT * 2; ['d' + n] = this.#b
        'e f' = [this.a, this.#b]; g; static #h = this.c + 1; i = (1, 2); j = n ? 'y' : 'z'
        static get h() { return this.#h } }
      const a = new A(); trace(a, Object.keys(a), A.c, A.h, n)
      class B extends A { k = super.toString === Object.prototype.toString; l = new.target; a = this.a + 1 }
      trace({ ...new B() })`,
    hits: ['A.a:2 this=A {} | n=0', 'A.#b:3 this=A { a: 1 } | LIMIT=3', 'A.c:3 this=[class A] | LIMIT=3'],
  },
  {
    name: 'functions and classes in fields take their names from them',
    code: `class A { f = () => 1; g = function () {}; h = class {}; i = (() => 2); static s = async () => {}; ['c' + 1] = () => 3; #p = () => 4
        j = [() => 5][0]; k = function named() {}; get p() { return this.#p.name } }
      const a = new A()
      trace(a.f.name, a.g.name, a.h.name, a.i.name, A.s.name, a.c1.name, a.j.name, a.k.name, a.p)`,
  },
  {
    name: 'fields between members that need no semicolon',
    code: `class A {
        a = 1
        b = a => a
        static
        c = 3
        'd' = 4
        get = 5
        e() { return this.a }
      }
      const x = new A(); trace({ ...x, b: x.b(2) }, A.c, x.e())`,
    hits: ['A.a:2 this=A {}', 'A.c:5 this=[class A]'],
  },
  {
    name: 'initialisers that throw, that are awaited for, that make closures',
    code: `class T { a = 1; b = (() => { throw new Error('b') })() }
      try { new T() } catch (e) { trace(e.message) }
      class P { p = Promise.resolve(this); q = [1, 2].map((v) => [v, this instanceof P]) }
      later(new P().p.then((v) => trace(v.q)))`,
    hits: ['T.b:1 this=T { a: 1 }'],
  },
];
