import type { Case } from './case.ts';

export const functions: readonly Case[] = [
  {
    name: 'length, name and enumerable properties are unchanged',
    code: `function a(x, y = 1, ...z) { return x } const b = (x) => x, c = async function () { await 1 }, d = function* named() { yield 1 }
      const o = { m(x, y) { return x }, get g() { return 1 }, set g(v) { this.v = v }, ['c' + 1]() { return 1 }, arrow: () => 1 }
      class K { static s(a) { return a } m(a, b) { return a } static f = () => 1; g = function () { return 1 } }
      let e; e = () => 1; let { h = () => 2 } = {}; var [i = function () { return 3 }] = []
      for (const f of [a, b, c, d, o.m, o.c1, o.arrow, K, K.s, K.f, new K().m, new K().g, e, h, i]) trace(f.name, f.length, Object.getOwnPropertyNames(f).sort(), Object.keys(f))
      trace(Object.keys(o), Object.keys(new K()), (() => {}).name, (function () { return 1 }).name, (x => x).name)
      trace(Object.getOwnPropertyDescriptor(o, 'g').get.name, Object.getOwnPropertyDescriptor(o, 'g').set.name)
      for (const k in a) trace(k)
      trace(a.hasOwnProperty('prototype'), o.m.hasOwnProperty('prototype'), b.hasOwnProperty('prototype'))`,
  },
  {
    name: 'anonymous functions returned, sequenced and defaulted keep their (lack of a) name',
    code: `const f = () => () => 1, g = () => function () { return 2 }, h = () => class {}, i = (x = () => 3) => x, j = () => (0, () => 4)
      trace([f(), g(), h(), i(), j()].map(v => v.name))`,
  },
  {
    name: 'arguments, its aliasing and its strict form',
    goal: 'script',
    code: `function f(a) { a = 2; trace(arguments[0]); arguments[0] = 3; return [a, arguments.length] }
      function g(a) { 'use strict'; a = 2; return arguments[0] }
      function h(a = 1) { a = 2; return arguments[0] }
      function i() { return (() => arguments[0])() }
      function j() { var arguments = 5; return arguments }
      function k(arguments) { return arguments }
      const l = function () { return { arguments } }
      trace(f(1, 9), g(1), h(7), i(4), j(), k(6), l(1))`,
    forms: { f: 'inline', i: 'inline' },
  },
  {
    name: 'new.target and functions called with new',
    code: `function F(v) { if (!new.target) return new F(v); this.v = v }
      function G(v) { this.v = v }
      function H() { return { other: 1 } }
      function P() { this.v = 1; return 5 }
      trace(F(1).v, new F(2).v, new G(3).v, new G(4) instanceof G, new H().other, new P().v, Reflect.construct(G, [5], Array) instanceof Array)
      trace(new (class { constructor() { this.t = (() => new.target.name)() } })().t)
      try { new (() => 1)() } catch (e) { trace(e.name) }
      try { (0, class Z { constructor() { this.a = 1 } })() } catch (e) { trace(e.name) }`,
    forms: { G: 'twin', H: 'twin', F: 'inline' },
  },
  {
    name: 'recursion, mutual recursion and a function expression that names itself',
    code: `function fact(n) { return n < 2 ? 1 : n * fact(n - 1) }
      const fib = function self(n) { return n < 2 ? n : self(n - 1) + self(n - 2) }
      const even = n => n === 0 ? true : odd(n - 1), odd = n => n === 0 ? false : even(n - 1)
      const own = function me() { const t = typeof me; try { me = 1 } catch (e) { return [t, e.name] } return [t, typeof me] }
      const shadow = function me(me) { return me }
      const shadow2 = function me() { var me = 2; return me }
      trace(fact(5), fib(7), even(4), own(), shadow(3), shadow2())`,
    forms: { fact: 'twin', self: 'twin', me: 'inline' },
  },
  {
    name: 'parameters: defaults that see each other, closures, destructuring, rest, trailing commas',
    code: `function f(a, b = a, [c, ...d] = [b, 1, 2], { e = d, ...g } = { h: 1 }, ...i) { return [a, b, c, d, e, g, i] }
      function g(a = () => b, b = 2) { return a() }
      function h(a = (() => { throw new Error('default') })()) { return a }
      function i(a, b,) { return a + b }
      const j = ({ a: { b: [c = 5] = [] } = {} } = {}) => c
      const k = (a, b = class { static v = a }) => b.v
      trace(f(1), f(1, 2, [3], { e: 4 }, 5, 6), g(), i(1, 2), j(), j({ a: { b: [1] } }), k(7))
      try { h() } catch (e) { trace(e) }
      try { ((a = b, b) => a)() } catch (e) { trace(e.name) }`,
    forms: { f: 'twin', g: 'inline', j: 'twin', k: 'inline' },
    hits: ['j:5 c=5', 'j:5 c=1'],
  },
  {
    name: 'getters and setters',
    code: `const o = { _v: 1, get v() { return this._v }, set v(x) { this._v = x; return 99 } }
      class K { #x = 1; get x() { return this.#x } set x(v) { this.#x = v } static get s() { return this.name } }
      o.v = 5; const k = new K(); k.x = 7
      trace(o.v, k.x, K.s, Reflect.get(o, 'v', { _v: 'receiver' }), (o.v = 6))`,
    forms: { 'K.x': 'twin', 'o.v': 'twin' },
  },
  {
    name: 'this: methods, call, apply, bind, arrows, primitives',
    goal: 'script',
    code: `function f() { return this }
      function g() { 'use strict'; return this }
      const o = { f, m() { return [1].map(() => this === o) }, a: () => this }
      function h() { return () => this }
      trace(f.call(1) instanceof Number, g.call(1), o.f() === o, o.m(), f.bind('x')() + '', h.call('q')() + '', typeof o.a(), g())
      trace(f.call(null) === globalThis, g.call(null))`,
  },
  {
    name: 'the value of this reaches the hooks, and only where it exists',
    code: `class A { constructor() { this.n = 1 } m() { return this.n } arrow() { return [1].map(x => this.n + x) } plain() { return [1].map(x => x) } }
      trace(new A().m(), new A().arrow(), new A().plain())`,
    hits: ['A.m:1 this=A { n: 1 }', '<anonymous>:1 this=A { n: 1 } x=1', '<anonymous>:1 x=1'],
  },
  {
    name: 'closures see the same variables before, during and after',
    code: `function counter() { let n = 0; return { inc: () => ++n, get n() { return n } } }
      const c = counter(); c.inc(); c.inc(); trace(c.n)
      function outer(a) { const inner = () => { a++; return a }; inner(); return [a, inner()] }
      trace(outer(1))
      let later1; function setLater() { later1 = 5 } setLater(); trace(later1)`,
    forms: { inc: 'twin', counter: 'twin', outer: 'twin' },
  },
  {
    name: 'outer variables: those the function itself reads, under the name they have there',
    code: `const LIMIT = 10, unused = 1; let count = 0; function help() { return 1 }
      function f(a) {
        count++
        if (a > LIMIT) { const LIMIT = 'inner'; trace(LIMIT) }
        return help(a)
      }
      trace(f(1), f(11), count)`,
    forms: { f: 'twin' },
    hits: ['f:5 a=1 | LIMIT=10 count=1', "f:4 a=11 LIMIT='inner' | count=2", 'f:3 a=1 | LIMIT=10 count=0'],
  },
  {
    name: 'outer variables in their temporal dead zone',
    code: `function f() { try { return late } catch (e) { return e.name } }
      trace(f()); let late = 1; trace(f())`,
    forms: { f: 'twin' },
    hits: ['f:1 | late=1'],
  },
  {
    name: 'direct and indirect eval',
    goal: 'script',
    code: `var g = 'global'
      function f(a) { var x = 1; eval('x = a + 1; var y = 3'); return [x, y] }
      function h() { return (0, eval)('typeof g') }
      function i() { 'use strict'; eval('var z = 1'); return typeof z }
      function j(a) { return eval('a') + eval('arguments.length') }
      function k() { return eval('(() => this)()') }
      trace(f(1), h(), i(), j(2), k() === globalThis)`,
    forms: { f: 'inline' },
  },
  {
    name: 'with: nothing is inserted where any name may be a property',
    goal: 'script',
    code: `const seen = []
      const scope = new Proxy({ v: 1 }, { has: (t, k) => (seen.push(k), k in t) })
      function f() { with (scope) { v = 2; if (v) v++; (function () { return v })() } return scope.v }
      with (scope) v = 9
      with (scope) { (function () { var q = v; return q })() }
      trace(f(), scope.v, seen)`,
    forms: { f: 'inline' },
  },
  {
    name: 'tagged templates keep one template object per site',
    code: `const seen = new Set(), tag = s => (seen.add(s), s.raw[0])
      function f() { return tag\`a\\n\` }
      f(); f(); trace(seen.size, f())
      const g = () => { const t = tag\`b\`; return t }; g(); g(); trace(seen.size)`,
    forms: { f: 'inline', g: 'inline' },
  },
  {
    name: 'immediately invoked functions of every form',
    code: `(function () { trace(1) })(); (() => { trace(2) })(); (() => trace(3))(); !function () { trace(4) }(); new function () { trace(5) }; (async () => { trace(6) })()
      void function named() { trace(typeof named) }()
      ;(function (a) { trace(a) }(7))`,
  },
  {
    name: 'arrows in odd places: default arguments, for heads, conditions, computed keys, templates, spread',
    code: `for (let f = x => (x in { a: 1 }), i = 0; i < 1; i++) trace(f('a'))
      for (const f of [x => x + 1, x => { return x }]) trace(f(1))
      const o = { [(() => 'k')()]: (() => 1)(), ...(() => ({ s: 2 }))() }
      if ((() => true)()) trace(\`t\${(() => 3)()}u\`, o)
      const t = true ? x => x : y => y, u = (x => x)?.(4); trace(t(5), u, [...(function* () { yield 6 })()])
      trace((a => b => c => a + b + c)(1)(2)(3), (x => (y => x + y))(1)(2), (() => { return () => { return 7 } })()())`,
  },
  {
    name: 'generators: values, return, throw, delegation, abandoned early',
    code: `function* g(a) { try { const x = yield a; trace('got', x); yield* [1, 2]; return 'done' } catch (e) { trace('caught', e); yield 'recovered' } finally { trace('finally') } }
      let i = g(5); trace(i.next(), i.next('x'), i.next(), i.next(), i.next())
      i = g(6); i.next(); trace(i.throw('boom'), i.next())
      i = g(7); i.next(); trace(i.return('early'))
      for (const v of g(8)) { trace(v); break }
      const o = { *m() { yield this === o } }; trace([...o.m()])
      class K { static *s() { yield 1; yield 2 } *[Symbol.iterator]() { for (const x of [1, 2]) yield x } } trace([...K.s()], [...new K()])
      function* empty() {} trace([...empty()])`,
    hits: ["g:1 a=5 x='x'"],
  },
  {
    name: 'many functions fill several switch objects',
    code: `const fs = [${Array.from({ length: 150 }, (_, n) => `x => x + ${n}`).join(', ')}]
      trace(fs.map(f => f(1)).reduce((a, b) => a + b))`,
  },
  {
    name: 'many variables: a hook lists the nearest',
    code: `function f() { ${Array.from({ length: 120 }, (_, n) => `let v${n} = ${n};`).join('\n')}
        return v0 + v119 }
      trace(f())`,
    forms: { f: 'twin' },
  },
  {
    name: 'names with unicode and escapes',
    code: `const \\u0061bc = 1, ünï = 2, \\u{62} = 3, 𠮷 = 4
      function f(größe, \\u0063d) { let π = größe + cd; return [π, abc, ünï, b, 𠮷] }
      trace(f(1, 2), f.name)`,
    forms: { f: 'twin' },
    hits: ['f:2 größe=1 cd=2 π=3 | abc=1 ünï=2 b=3 𠮷=4'],
  },
  {
    name: 'a function that leaves its block under the name of the function expression around it',
    goal: 'script',
    code: `const f = function f() { const types = [typeof f]; { function f() { return 5 } } return [...types, typeof f, f === self] }, self = f
      const g = function g(n) { switch (n) { case 0: function g() { return 'in' } } return typeof g === 'function' ? g() : 'none' }
      trace(f(), g(0), g(1))`,
  },
  {
    name: 'a function that an arrow in it tries to rename keeps its name, and in strict code throws',
    goal: 'script',
    code: `const sloppy = function me() { (() => { me = 1 })(); return typeof me }
      const strict = function me() { 'use strict'; try { (() => { me = 1 })() } catch (e) { return [e.name, typeof me] } }
      trace(sloppy(), strict())`,
  },
  {
    name: 'functions in computed names are no part of the method that they name',
    code: `const order = [], named = () => {}
      const o = { get [(() => 'a')()]() { return [1].map(x => x + 1) }, [function () { order.push('n') }() ?? 'b'](c) { return c }, async [(a => a)('d')]() { await null; return 'd' } }
      class K { static [(() => 's')()]() { return 's' } [(function (n) { if (n) return 'm'; return 'k' })(1)](p = 2) { return p } set [(() => { named() })() ?? 'w'](v) { order.push(v) } }
      const k = new K(); k.w = 5
      trace(o.a, o.b(3), K.s(), k.m(), order, Object.keys(o)); later(o.d().then(v => trace(v)))`,
    forms: { "K.[(() => 's')()]": 'twin', "o.[(() => 'a')()]": 'twin' },
    calls: ["K.[(() => 's')()]() returned 's'", "o.[function () { order.push('n') }() ?? 'b'](3) returned 3"],
  },
];
