import type { Case } from './case.ts';

export const classes: readonly Case[] = [
  {
    name: 'fields, static fields, private names, static blocks and their order',
    code: `const order = []; const o = v => (order.push(v), v)
      class A {
        [o('key')] = o('instance');
        static s = o('static')
        #p = 1; static #sp = 2
        static { o('block'); const x = this.s; trace(x); var y = 1; trace(y) }
        arrow = () => this.#p
        fn = function () { return this.#p }
        static has(v) { return #p in v }
        static get sp() { return this.#sp }
        'quoted field' = 3; 4 = 5
        accessor2
        inc() { this.#p++; return this.#p }
        #m() { return 'private method' }
        m() { return this.#m() }
      }
      const a = new A()
      trace(order, a.arrow(), a.fn(), A.has(a), A.has({}), A.sp, a.inc(), a.m(), Object.keys(a))`,
    forms: { 'A.inc': 'twin', 'A.#m': 'twin', 'A.<static>': 'inline' },
    hits: ["A.<static>:6 x='static' y=1", "A.<static>:6 x='static'"],
  },
  {
    name: 'inheritance, super members, super in arrows, statics and object literals',
    code: `class A { m(x) { return 'A.m' + x } get g() { return 'A.g' } static s() { return 'A.s' } }
      class B extends A {
        m(x) { return super.m(x) + '!' }
        get g() { return (() => super.g)() }
        static s() { const f = () => super.s(); return f() }
        async am() { return super.m('async') }
        *gm() { yield super.m('gen') }
        f = super.m('field')
        static t = super.s()
        super_(v) { super.dyn = v; return this.dyn }
      }
      const o = { __proto__: { m() { return 'proto' } }, m() { return super.m() + '+' } }
      const b = new B()
      trace(b.m(1), b.g, B.s(), [...b.gm()], b.f, B.t, o.m(), b.super_(4)); later(b.am().then(v => trace(v)))`,
    forms: { 'A.m': 'twin', 'B.m': 'inline' },
  },
  {
    name: 'class expressions, names, heritage expressions, mixins, null heritage, built-ins',
    code: `const M = B => class extends B { mixed() { return 'mixed' } }
      class Base { constructor(...a) { this.a = a } }
      const C = class Inner extends M(Base) { who() { return Inner.name } }
      class E extends Error { constructor(m) { super(m); this.name = 'E' } }
      class L extends Array { get last() { return this[this.length - 1] } }
      class N extends null { static s() { return 1 } }
      const anon = class { who() { return this.constructor.name } }
      trace(new C(1, 2).mixed(), new C(1, 2).a, new C().who(), C.name, new E('x').message, L.from([1, 2]).last, N.s(), new anon().who())
      const e = new E('boom'); trace(e instanceof E, String(e))`,
  },
  {
    name: 'constructors: implicit, returning objects, calling methods, with default parameters',
    code: `class A { constructor(a = 1, { b } = { b: 2 }) { this.a = a; this.b = b; this.init() } init() { this.i = 1 } }
      class B extends A { init() { super.init(); this.j = 2 } }
      class C { constructor() { return Object.freeze({ c: 1 }) } }
      class D extends C { constructor() { super(); trace(this.c) } }
      class E { x = 1; constructor() { this.y = this.x + 1; if (this.y) return; this.z = 3 } }
      trace({ ...new A() }, { ...new B(5) }, new C().c, new D().c, { ...new E() })`,
    forms: { 'A.constructor': 'twin', 'E.constructor': 'twin', 'D.constructor': 'inline' },
    hits: ['D.constructor:4 this={ c: 1 }', 'A.constructor:1 this=A {} a=1 b=2'],
  },
  {
    name: 'methods called before and after their class is changed',
    code: `class A { m() { return 1 } }
      const old = A.prototype.m; A.prototype.m = function () { return old.call(this) + 1 }
      trace(new A().m()); delete A.prototype.m; trace(typeof new A().m)`,
  },
  {
    name: 'a member whose text would read differently without its line breaks',
    code: `class A {
        get
        x() { return 1 }
        static
        y() { return 2 }
        static async
        *z() { yield 3 }
        a = 1
        b
        ;['c']() { return 4 }
      }
      trace(new A().x, A.y(), typeof A.z, new A().a, new A().c())`,
  },
];
