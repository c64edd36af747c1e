import type { Case } from './case.ts';

export const statements: readonly Case[] = [
  {
    name: 'brace-less bodies of every kind',
    code: `function f(a) {
        if (a) trace('if'); else trace('else')
        if (a) if (a > 1) trace('inner'); else trace('dangling')
        for (let i = 0; i < 2; i++) trace('for', i)
        for (const k in { x: 1 }) trace('in', k)
        for (const v of [1]) trace('of', v)
        while (a-- > 0) trace('while', a)
        do trace('do', a); while (a++ < 0)
        l: for (;;) for (;;) break l
        if (a) l2: { break l2 }
        if (a) var w = 1
        else var u = 2
        if (a) ; else trace('e')
        return [w, u]
      }
      trace(f(0), f(1), f(2))`,
    forms: { f: 'twin' },
  },
  {
    name: 'else-if chains are probed at each condition',
    code: `function f(n) {
        if (n === 0) return 'zero'
        else if (n === 1) return 'one'
        else if (n === 2)
          return 'two'
        else return 'many'
      }
      trace([0, 1, 2, 3].map(f))`,
    forms: { f: 'twin' },
    hits: ['f:3 n=2', 'f:4 n=3', 'f:5 n=2', 'f:6 n=3'],
  },
  {
    name: 'labels, break and continue',
    code: `function f() {
        const out = []
        outer: for (let i = 0; i < 4; i++) {
          inner: for (let j = 0; ; j++) {
            if (j === 2) continue outer
            if (i === 2) break outer
            if (j === 1) continue inner
            out.push([i, j])
          }
        }
        a: b: c: { out.push('abc'); break b; out.push('never') }
        block: { if (out) break block
          out.push('never') }
        sw: switch (1) { case 1: switch (2) { case 2: break sw } out.push('never') }
        w: while (true) { do { break w } while (false) }
        return out
      }
      trace(f())`,
    forms: { f: 'twin' },
    hits: ['f:4 out=[] i=0'],
  },
  {
    name: 'switch: fallthrough, default in the middle, lexical declarations, empty clauses',
    code: `function f(x) {
        const out = []
        switch (x) {
          case 0:
          case 1: out.push('01')
          default: out.push('d'); { let y = 1; out.push(y) }
          case 2: let z = 5; out.push(z); break
          case 3: return 'three'
          case (out.push('tested'), 4):
        }
        switch (x) {}
        switch (x) { default: }
        return out
      }
      trace(f(0), f(1), f(2), f(3), f(4), f(9))`,
    forms: { f: 'twin' },
  },
  {
    name: 'try, catch, finally and their completions',
    code: `function f(x) { try { if (x === 1) return 'try'; if (x === 2) throw 'boom'; return 'end' } catch (e) { return 'caught ' + e } finally { trace('finally', x); if (x === 3) return 'overridden' } }
      function g() { for (const x of [1, 2]) { try { continue } finally { trace(x) } } }
      function h() { try { throw { code: 7, deep: { a: 1 } } } catch ({ code, deep: { a } }) { return code + a } }
      function i() { try { throw 1 } catch { return 'no binding' } }
      function j() { try { null.x } catch (e) { var e = 'var'; return e } return e }
      trace(f(0), f(1), f(2), f(3), g(), h(), i(), j())`,
    hits: ["f:1 x=2 e='boom'", 'h:3 code=7 a=1'],
  },
  {
    name: 'for heads: several variables, closures per iteration, holes, destructuring',
    code: `function f() {
        const fs = []
        for (let i = 0, j = 10; i < 3; i++, j--) fs.push(() => [i, j])
        for (let [a, { b }] of [[1, { b: 2 }]]) fs.push(() => [a, b])
        for (const [, x = 4] of [[1]]) fs.push(() => x)
        for (var v of [1, 2]) fs.push(() => v)
        let o = {}
        for (o.p of [1, 2]) ;
        for (o['q'] in { z: 1 }) ;
        for ([o.r] of [[3]]) ;
        for (let i = 0, get = () => i; i < 1; i++) { i++; fs.push(get) }
        return [fs.map(f => f()), o]
      }
      function g() { let s = 0; for (let i = 0; i < 3; i++) { s += i } for (const c of 'ab') { s += c } return s }
      trace(f(), g())`,
    forms: { f: 'twin', g: 'twin' },
    hits: ['g:14 s=1 i=2', "g:14 s='3a' c='b'"],
  },
  {
    name: 'loops whose bodies shadow the head',
    code: `function f() { let out = 0; for (let i = 0; i < 2; i++) { let i = 10; out += i } return out }
      function g() { for (let i = 0; i < 1; i++) { { trace(typeof i); } let j = i; trace(j) } }
      trace(f()); g()`,
    hits: ['f:1 out=0 i=10'],
  },
  {
    name: 'comma, conditional and optional expressions, exponent, nullish, logical assignment',
    code: `function f(a) { let x = null; x ??= a; x ||= 3; x &&= x + 1; return x ** 2, a?.b?.[0] ?? (x, a?.c?.()) }
      trace(f({ b: [1] }), f({ c: () => 2 }), f(null))`,
    forms: { f: 'twin' },
  },
  {
    name: 'evaluation order and side effects of arguments and operands',
    code: `let n = 0; const t = v => (trace('e', v), v)
      function f(a = t(1), { b = t(2), ...c } = t({ d: 3 }), [e = t(4)] = []) { t(5); return [a, b, c, e] }
      trace(f(), f(9, { b: 1 }, [2]))
      const o = { get x() { t('get'); return 1 }, [t('key')]: t('value') }
      function g() { return t(1) + t(2) * t(3) - o.x }
      trace(g())`,
    forms: { f: 'twin', g: 'twin' },
    hits: ['f:2 a=9 b=1 c={} e=2'],
  },
  {
    name: 'a var that is hoisted out of blocks and loops',
    code: `function f(x) { if (x) { var a = 1; for (var i = 0; i < 1; i++) { var b = i } } return [a, b, i] }
      trace(f(1), f(0))`,
    forms: { f: 'twin' },
    hits: ['f:1 x=0 a=undefined i=undefined b=undefined'],
  },
  {
    name: 'the module body: its statements, variables and functions',
    code: `const a = 1
      let b = a + 1
      var c = [a, b]
      if (b > 1)
        trace(c)
      for (const x of c) trace(x)
      { const inner = 5; trace(inner) }
      function hoisted() { return a }
      class K {}
      trace(hoisted())`,
    hits: ['<module>:2 a=1', '<module>:5 a=1 b=2 c=[ 1, 2 ]', '<module>:6 a=1 b=2 c=[ 1, 2 ] x=2'],
    noHits: ['<module>:8'],
  },
];
