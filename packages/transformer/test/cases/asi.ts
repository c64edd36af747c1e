import type { Case } from './case.ts';

/** Statements that a line break, a brace or the end of the text ends; each in a function with two bodies. */
export const asi: readonly Case[] = [
  {
    name: 'ASI: lines that begin with an operator-like token after a complete statement',
    code: `function f(a) {
        let x = 1
        ++x
        let y = x
        --y
        x
        ++
        y
        var r = [x, y, a]
        void 0
        return r
      }
      trace(f(1))`,
    forms: { f: 'twin' },
  },
  {
    name: 'ASI: continued lines stay one statement',
    code: `function f(g, x) {
        const a = x
          + 1
        const b = g
          (a)
        const c = [1]
          [0]
        const d = a
          /2/ 1
        const e = x
          ? a
          : b
        const i = x
          .toString()
        let j
        = 5
        return [a, b, c, d, e, i, j]
      }
      trace(f(v => v * 2, 3))`,
    forms: { f: 'twin' },
  },
  {
    name: 'ASI: every kind of statement that can end without a semicolon',
    code: `function f(n) {
        var s = ''
        let a = 1
        const b = 2
        do s += 'd'
        while (s.length < 2)
        do { s += 'e' } while (s.length < 4) s += 'x'
        for (const i of [1, 2, 3]) {
          if (i === 1) continue
          if (i === 3) break
          s += i
        }
        outer: for (;;) {
          for (;;) { if (n) break outer
            else break outer }
        }
        if (n) s += 'n'
        else s += 'm'
        if (!n)
          s += 'p'
        else
          s += 'q'
        while (s.length < 20)
          s += '.'
        debugger
        try { if (n) throw s } catch (e) { s = 'c' + e }
        return s + a + b
      }
      trace(f(1), f(0))`,
    forms: { f: 'twin' },
  },
  {
    name: 'ASI: words that are keywords elsewhere, alone on a line',
    goal: 'script',
    code: `function f() {
        var async = 1, get = 2, set = 3, of = 4, let_ = 5, type = 6, from = 7, as = 8, declare = 9, abstract = 10, namespace = 11, module = 12, await_ = 13, yield_ = 14
        async
        get
        set
        of
        type
        from
        as
        declare
        abstract
        namespace
        module
        async = of
        return [async, type, module]
      }
      var yield = 1, await = 2, let = 3, static = 4
      function g(await, q) { let
        z
        yield
        await
        static
        return [await, yield, let, static, z, q] }
      trace(f(), g(5, 6))`,
  },
  {
    name: 'ASI: semicolonless code in the leading-semicolon style',
    code: `function f() {
        const a = [3, 1, 2]
        ;[a[0], a[1]] = [a[1], a[0]]
        ;(() => a.push(9))()
        ;\`x\${a}\`.length
        ;/r/.test('r')
        ;+a
        return a
      }
      function g(a) {
        let x = a
        ;[x] = [2]
        ;(x)
        return x
      }
      trace(f(), g(1))`,
    forms: { g: 'twin' },
  },
  {
    name: 'ASI: before a closing brace, after blocks, empty statements',
    code: `function f(x) { { x = 1 } { x += 1; ; ; } ;;; if (x) {} else {} if (x) ; else x = 9
        for (;;) { break } while (0); for (var i = 0; i < 2; i++); x += i
        return x }
      trace(f())`,
    forms: { f: 'twin' },
  },
];
