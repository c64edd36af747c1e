import type { Case } from './case.ts';

/** Every way in which the weavers that exist today are known to break programs. */
export const fieldBugs: readonly Case[] = [
  {
    name: 'unconditional-return rewrite: a brace-less bare return stays conditional',
    code: `function g(x) { if (!x) return; return 'v' + x }
      const h = function (x) { if (x) return
        return 'late' }
      trace(g(1), g(0), h(1), h(0))`,
    forms: { g: 'twin', h: 'twin' },
    hits: ['g:1 x=0', 'g:1 x=1'],
  },
  {
    name: 'curried arrows stay arrows',
    code: `const s = a => b => c => { return a + b + c }
      const role = r => (req, res) => { if (req === r) return 'yes'; return res }
      const add = a => b => a + b, thunk = () => () => 7
      trace(s(1)(2)(3), role('a')('a', 0), role('a')('b', 'no'), add(1)(2), thunk()())`,
  },
  {
    name: 'strict mode is not lost: a file-level directive stays first',
    goal: 'script',
    code: `'use strict'
      function f() { return this === undefined }
      trace(f())`,
  },
  {
    name: 'strict mode is not lost: directives after comments, without semicolons, several of them',
    goal: 'script',
    code: `/* c */ "use client" // d
      "use strict" /* e */
      ;(function () { trace(this === undefined) })()`,
  },
  {
    name: 'strict mode is not lost: a function-level directive',
    goal: 'script',
    code: `function f() { 'use strict'
        return this === undefined }
      function g() { "use strict"; try { undeclared = 1 } catch (e) { return e.name } }
      function h() { return this === undefined }
      const a = () => { 'use strict'; undeclared2 = 1 }
      trace(f(), g(), h()); try { a() } catch (e) { trace(e) }`,
    forms: { f: 'twin', g: 'twin', h: 'twin', a: 'twin' },
  },
  {
    name: 'sloppy mode is not made strict',
    goal: 'script',
    code: `function f() { return typeof this }
      function g() { undeclared = 5; return undeclared }
      trace(f(), f.call(1), g(), (function () { return this === globalThis })())`,
  },
  {
    name: 'a hashbang stays the first line',
    code: `#!/usr/bin/env node
trace(1)`,
  },
  {
    name: 'a hashbang followed by a directive',
    goal: 'script',
    code: `#!/usr/bin/env node
'use strict'
trace((function () { return this })())`,
  },
  {
    name: 'line shift: stacks name the same lines',
    idleOnly: true,
    code: `function f() {
        const x = 1

        return new Error('e' + x)
      }
      class A {
        m() { /* c
          d */
          return new Error()
        }
        get g() { return new Error() }
      }
      const arrow = () =>
        new Error()
      async function later2() { await null; return new Error() }
      trace(lineOf(f()), lineOf(new A().m()), lineOf(new A().g), lineOf(arrow()))
      later(later2().then(e => trace(lineOf(e))))`,
  },
  {
    name: 'name collision: the file uses our names itself',
    code: `let $p = 1, $p1 = 2, $dm_ = 3, $dm_0 = 4, f0 = 5, l0 = 6
      function f($p2, $p3) { return [$p, $p1, $p2, $p3, $dm_, f0, l0] }
      const g = $p => $p + $p1
      trace(f(7, 8), g(1))`,
    forms: { f: 'twin', g: 'twin' },
    hits: ['g:3 $p=1 | $p1=2'],
  },
  {
    name: 'name collision: a parameter or variable called like the twin’s own',
    code: `function f($p) { { let $p1 = $p; return $p1 } }
      function \\u0024p2() { return 'escaped' }
      const g = a => { var $p = a; return $p }
      trace(f(1), $p2(), g(3))`,
  },
  {
    name: 'sequence-expression returns',
    code: `let n = 0
      function f(a) { return n++, a, n }
      const g = a => (n++, a)
      const h = a => { return (n, a) }
      trace(f(1), g(2), h(3), n)`,
  },
  {
    name: 'arrow bodies in nested parentheses',
    code: `const f = a => ((({ a }))), g = () => ((1, (2))), h = () => (([])), i = () => ((a => (a)))
      trace(f(1), g(), h(), i()(3))`,
  },
  {
    name: 'arrow bodies that are sequences, objects, conditionals, assignments, functions, classes, await and yield',
    code: `let x = 0
      const a = () => ({}), b = () => ({ a: 1 }).a, c = v => v ? 1 : 2, d = v => x = v, e = () => function () {}, f = () => class {}
      const g = async v => await v, h = () => async () => 5, i = v => !v, j = v => -v, k = v => typeof v, l = v => void v
      const m = v => { x: v }, o = (...v) => v, q = ({ v }) => v, r = ([v] = [3]) => v
      trace(a(), b(), c(0), d(4), x, e().name, f().name, i(1), j(1), k(1), l(1), m(1), o(1, 2), q({ v: 1 }), r())
      later(g(Promise.resolve(2)).then(v => trace(v))); later(h()().then(v => trace(v)))`,
  },
  {
    name: 'TDZ: a hook reads no variable before its declaration has run',
    code: `function f(n) {
        const read = () => late
        try { read() } catch (e) { trace(e.name) }
        trace(n)
        let late = n, { a, b = a } = { a: 1 }
        if (n) { trace(late); const late2 = 1; trace(late2) }
        return read()
      }
      trace(f(1))
      { trace('block'); let y = 1; trace(y) }
      try { z; let z } catch (e) { trace(e.name) }`,
    hits: ['f:4 n=1 read=[Function: read]', 'f:6 n=1 read=[Function: read] late=1 a=1 b=1'],
  },
  {
    name: 'TDZ: in the clauses of a switch',
    code: `function f(x) { switch (x) {
        case 0: let a = 'a'; trace(a)
        case 1: trace('one'); break
        case 2: { let b = 'b'; trace(b) }
        default: a = 'set'; let c = 1; trace(a, c) } }
      f(0); f(1); try { f(2) } catch (e) { trace(e.name) }`,
    noHits: ['f:3 x=1 a'],
  },
  {
    name: 'this before super',
    code: `class A { constructor(v) { this.v = v } }
      class B extends A {
        constructor(v) {
          const w = v + 1
          trace(w)
          super(w)
          trace(this.v)
          this.w = () => this.v
        }
      }
      class C extends A { constructor(x) { if (x) super(1); else { super(2) } trace(this.v) } }
      class D extends A { constructor() { const f = () => super(3); f(); const g = () => this.v; trace(g()) } }
      class E extends A { constructor() { return { own: 1 } } }
      class F extends A { constructor() { try { super(1); trace('in') } finally { trace('out') } } }
      trace(new B(1).w(), new C(1).v, new C(0).v, new D().v, new E().own, new F().v)
      try { new (class extends A { constructor() { trace('no super') } })() } catch (e) { trace(e.name) }`,
    forms: { 'A.constructor': 'twin', 'B.constructor': 'inline' },
  },
  {
    name: 'quoted, computed, numeric and private method names',
    code: `const k = 'dyn'
      class A {
        'quoted name'() { return 1 }
        [k + 1]() { return 2 }
        42() { return 3 }
        #secret() { return 4 }
        static 'x-y'() { return 5 }
        get 'g g'() { return 6 }
        set 'g g'(v) { this.v = v }
        async 'as'() { return 7 }
        *'gen'() { yield 8 }
        constructor() { this.c = this.#secret() }
        'constructor2'() { return 9 }
      }
      const o = { 'quoted name'() { return 1 }, [k]() { return 2 }, 7() { return 3 }, get 'z'() { return 4 }, 'arrow': () => 5, 'fn': function () { return 6 } }
      const a = new A(); a['g g'] = 10
      trace(a['quoted name'](), a.dyn1(), a[42](), a.c, A['x-y'](), a['g g'], a.v, [...a.gen()], a.constructor2())
      trace(o['quoted name'](), o.dyn(), o[7](), o.z, o.arrow(), o.fn())
      trace(Object.getOwnPropertyNames(A.prototype), Object.keys(o), o.arrow.name, o.fn.name, A.name)`,
  },
  {
    name: 'parameters and locals of one name',
    goal: 'script',
    code: `function f(a) { var a; return a }
      function g(a) { var a = 2; return a }
      function h(a, a) { return a }
      function i(a = 1) { var a; return a }
      function j(a) { function a() { return 3 } return typeof a }
      function k(a, b = () => a) { var a = 5; return [a, b()] }
      function l(x) { { let x = 2; trace(x) } return x }
      trace(f(1), g(1), h(1, 2), i(), i(4), j(1), k(1), l(1))`,
    hits: ['l:7 x=2', 'l:7 x=1'],
  },
  {
    name: 'directives with escapes or in the wrong place mean what they did',
    goal: 'script',
    code: `function f() { 'use\\x20strict'; return this === undefined }
      function g() { var a; 'use strict'; return this === undefined }
      function h() { ('use strict'); return this === undefined }
      trace(f(), g(), h())`,
  },
  {
    name: 'returns without semicolons',
    code: `function f() { return
        1 }
      function g() { return 1
      }
      function h(a) { return a
        ? 1 : 2 }
      const i = () => { return }
      trace(f(), g(), h(1), i())`,
    forms: { f: 'twin', g: 'twin', h: 'twin', i: 'twin' },
  },
  {
    name: 'name collision: the file has its own `Object` and `Symbol`',
    code: `var Symbol = 1, Array = 2
      let Object = 'mine', g = 3, s = 4
      function f(a) { return [a, Symbol, Object, Array, g, s] }
      trace(f(1))`,
    hits: ["f:3 a=1 | Symbol=1 Array=2 Object='mine' g=3 s=4"],
  },
  {
    name: 'unconditional-return rewrite: a brace-less throw stays conditional, and so does every other brace-less body',
    code: `function f(x) { if (x === 1) throw new Error('one'); else if (x === 2) throw 'two'
        for (const y of [x]) if (y === 3) return 'three'; else continue
        while (x-- > 9) if (x === 9) break
        return 'end' }
      const h = x => { if (x) throw x
        return 0 }
      for (const g of [f, h]) for (const x of [0, 1, 2, 3, 10]) try { trace(g(x)) } catch (e) { trace(e) }`,
    forms: { f: 'twin', h: 'twin' },
  },
  {
    name: 'LIFO async mispair: calls that overlap keep their own variables, whichever ends first',
    code: `const wait = n => n === 0 ? null : Promise.resolve().then(() => wait(n - 1))
      async function charge(id, n) { const mine = 'r' + id; await wait(n); return mine }
      later(Promise.all([charge('D', 9), charge('C', 1)]).then(v => trace(v)))`,
    hits: ["charge:2 id='C' n=1 mine='rC'", "charge:2 id='D' n=9 mine='rD'"],
  },
  {
    name: 'methods of one name, and functions without one, are told apart',
    code: `class A { run(a) { return a } }
      class B { run(b) { return b } }
      const o = { run(c) { return c } }
      const list = [d => { return d }, function (e) { return e }]
      trace(new A().run(1), new B().run(2), o.run(3), list[0](4), list[1](5))`,
    hits: ['A.run:1 a=1', 'B.run:2 b=2', '<anonymous>:4 d=4', '<anonymous>:4 e=5'],
  },
  {
    name: 'generators and constructors are not left out',
    code: `function* numbers(n) { while (n > 0) yield n-- }
      class A { constructor(a) { this.a = a } }
      class B extends A { constructor(b) { super(b); this.b = b } }
      trace([...numbers(2)], { ...new B(1) })`,
    hits: ['numbers:1 n=2', 'A.constructor:2 a=1', 'B.constructor:3 b=1'],
  },
  {
    name: 'name collision: the names of the locals that tell of calls',
    code: `var $f = 1, $r = 2, $e = 3, $h = 4
      async function f($r) { try { await null; throw $r } catch ($e) { return [$f, $e, $h] } }
      function* g($f) { yield [$f, $r, $e, $h]; return $f }
      function outer($h) { let $e = $h; return (() => { let $r = $e; return $r })() }
      later(f(5).then(v => trace(v))); trace([...g(6)], outer(7))`,
  },
  {
    name: 'name collision: a parameter called like another weaver’s is not overwritten',
    code: `let __tEnter = 1, $dd_probes = 2
      function f(__tCtx, $dd_p0, $dd_e0) { return [__tCtx, $dd_p0, $dd_e0, __tEnter, $dd_probes] }
      trace(f(3, 4, 5))`,
  },
  {
    name: 'getters are not run, nor properties read, by the hooks themselves',
    code: `const seen = []
      const watched = new Proxy({}, { get: (_, key) => (seen.push(String(key)), 1), has: (_, key) => (seen.push('has ' + String(key)), false), ownKeys: () => (seen.push('keys'), []) })
      const o = { get x() { seen.push('x'); return 1 }, toString() { seen.push('toString'); return '' }, valueOf() { seen.push('valueOf'); return 1 }, then: undefined }
      function f(a, b) { const c = a; { const d = b } return () => c }
      const g = a => b => a
      trace(typeof f(watched, o), typeof g(o)(watched), seen.length)`,
    idleOnly: true,
  },
  {
    name: 'a bundler’s CommonJS helper, which is a curried arrow',
    code: `var __commonJS = (cb, mod) => function __require() { return mod || (0, cb[Object.getOwnPropertyNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports; };
      var __esm = (fn, res) => () => (fn && (res = fn(fn = 0)), res);
      var require_a = __commonJS({ 'a.js'(exports, module) { module.exports = { a: x => y => x + y } } })
      var init_b = __esm({ 'b.js'() { b = 5 } }['b.js']), b
      init_b(); init_b(); trace(require_a() === require_a(), require_a().a(1)(2), b)`,
  },
];
