import type { Case } from './case.ts';

/** Turns of the microtask queue, counted beside the program: what takes one more or less shows in the order. */
const TICKS = `const order = [], ticks = async (n) => { for (let i = 0; i < n; i++) { await null; order.push(i) } }
      const note = (what) => { order.push(what); return what }`;

/** Where async functions and generators wait: it is told in time, takes no turn of the queue, and changes nothing. */
export const waits: readonly Case[] = [
  {
    name: 'an await is told after its operand, and again when the call goes on',
    code: `const no = (e) => Promise.reject(e)
      async function f(a) { const b = await a.p(1); await b
        let c = 0; c += await a.p(2); return await a.p(b + c) }
      async function g(a) { try { await no(a) } catch (e) { return [await e, 2] } }
      const h = async (a) => await a, i = async (a) => (await a).x, j = async (a) => { await a.p(await a.p(1)) }
      async function k(a) { await no(a) }
      const o = { p: (v) => Promise.resolve(v) }
      later((async () => trace(await f(o), await g('e'), await h(1), await i({ x: 2 }), await j(o), await k(3).catch((e) => e)))())`,
    waits: [
      'f({ p: [Function: p] }) waits, goes on, waits, goes on, waits, goes on, waits, returned',
      "g('e') waits, waits, goes on, returned",
      'h(1) waits, returned',
      'i({ x: 2 }) waits, goes on, returned',
      'j({ p: [Function: p] }) waits, goes on, waits, goes on, returned',
      'k(3) waits, threw',
    ],
  },
  {
    name: 'a loop over what comes later waits between its turns, and when it is left',
    code: `async function* from(n) { for (let i = 0; i < n; i++) yield i }
      async function all(n) { let t = 0; for await (const v of from(n)) { t += v } return t }
      async function some(n) { for await (const v of from(n)) { if (v === 0) continue; if (v) break; trace('not here') } return 'left' }
      async function bare(n) { let t = 0; for await (const v of from(n)) t += v; return t }
      async function empty(n) { for await (const v of from(n)); for await (const v of from(n)) {} return n }
      async function labelled(n) { let t = 0
        outer: for (const x of [1, 2]) { inner: for await (const v of from(n)) { for (;;) { if (v === 0) continue inner; if (x === 1) continue outer; break outer }
          } }
        switch (n) { case 2: for await (const v of from(1)) switch (v) { default: break } t++ }
        return t }
      async function thrown(n) { try { for await (const v of from(n)) throw v } catch (e) { return e } finally { trace('f') } }
      later((async () => trace(await all(2), await some(3), await bare(2), await empty(1), await labelled(2), await thrown(1)))())`,
    waits: [
      'all(2) waits, goes on, waits, goes on, waits, goes on, returned',
      'some(3) waits, goes on, waits, goes on, waits, goes on, returned',
      'bare(2) waits, goes on, waits, goes on, waits, goes on, returned',
      'from(1) waits, goes on, returned',
    ],
  },
  {
    name: 'labels stand before what an await is told by, also in a copy on one line',
    code: `const seen = []
      function outer(a) { seen.push(a)
        async function inner(b) {
          one: two: await b
          three: await seen.push(b)
        }
        return inner
      }
      later(outer(1)(2).then(() => trace(seen)))`,
    waits: ['inner(2) waits, goes on, waits, goes on, returned'],
  },
  {
    name: 'async generators wait where they yield',
    code: `async function* g(a) { const b = yield a; yield; const c = yield* h(b); yield [yield c, await 1]; return yield }
      async function* h(a) { yield a }
      async function* never() { try { yield 1; yield 2 } finally { await null; trace('closed') } }
      later((async () => { const it = g(1), seen = []; let r, n = 10; while (!(r = await it.next(n++)).done) seen.push(r.value)
        trace(seen, r.value); for await (const v of never()) break })())`,
    waits: [
      'g(1) waits, goes on, waits, goes on, waits, goes on, waits, goes on, waits, goes on, waits, goes on, waits, returned',
      'never() waits, waits, goes on, ended',
    ],
  },
  {
    name: 'in the second body of the function around it, too',
    code: `function make(n) { return { async *items(a) {
          yield
          const b = yield
          yield a; for await (const v of [b]) trace(v)
          yield* [n]
        }, async sum(a) { await a
          if (a) await n
          else await a
          return a + n } } }
      later((async () => { const { items, sum } = make(2); for await (const v of items(1)) trace(v); trace(await sum(3)) })())`,
    forms: { make: 'twin' },
    waits: [
      'items(1) waits, goes on, waits, goes on, waits, goes on, waits, goes on, waits, goes on, waits, goes on, returned',
      'sum(3) waits, goes on, waits, goes on, returned',
    ],
  },
  {
    name: 'a function that is handed to new is called after the variable that awaits it',
    idleOnly: true,
    code: `const caller = (e) => / at (?:.*\\.)?(.*) \\(/.exec(e.stack.split('\\n')[1])?.[1]
      async function f() { try { const name = await new Promise((resolve) => { throw new Error('e') }) } catch (e) { trace(caller(e)) }
        for (let i = await new Promise((r) => r(0)), j = await new Promise((r) => r(2)); i < j; i++) trace(i) }
      later(f())`,
  },
  {
    name: 'awaits in every place an expression can stand',
    code: `const p = (v) => Promise.resolve(v), tag = (s, ...v) => s.raw.join('|') + v, o = { a: { b: (x) => x + 1 }, n: 0 }
      async function f(x, y) {
        let [a, { b = await p(1) } = await p({})] = [await p(2)], c = await p(3), d
        var e = [await p(1), ...await p([2, 3]), , await(4)], g = { [await p('k')]: await p(5), ...await p({ z: 1 }), async m() { return await x } }
        ;[a, { d }] = [await p(6), await p({ d: 7 })]
        d ??= await p('not'); d ||= await p('not'); c &&= await p('c'); (await p(o)).n += await p(2); o[await p('q')] = await p(8)
        if (await p(0)) trace('no'); else if (await p(1) && !await p(0) || await p('no')) note('if')
        for (let i = await p(0), j = await p(2); i < await p(j); i += await p(1)) note(await p(i))
        for (const v of await p([1])) note(v); for (const k in await p({ kk: 1 })) note(k); for (e[await p(0)] of [9]);
        while (await p(false)); do note('do'); while (await p(0))
        switch (await p(2)) { case await p(1): note('one'); case await p(2): note(await p('two')); break; default: await p(3) }
        note(typeof await p(1)); note(-await p(1) + +((await p('2')) ** 2)); note(void await p(0)); note(await p(1), await p(2))
        note((await p(o)).a.b(await p(1))); note((await p(o))?.a?.['b'](await p(2))); note(await (await p(o)).a.b(3)); note(await p(null)?.x); note((await p(null))?.x)
        note(await tag\`a\${await p(1)}b\`); note(\`\${await p(1)}\${await p(2)}\`); note((await p(tag))\`x\`); note(new (await p(Array))(await p(3)).length)
        note(await p(1) ? await p(2) : await p(3)); note((await p(1), await p(2))); note(await p(/a/).then((r) => r.test('a'))); note(await /b/); note(await [1][0]); note(await -1)
        note(await (async () => await p(await p('nested')))()); note(await await await 5); note(await (function () { return 1 })()); note((await function () {}).name + (await (() => {})).name)
        note(await async function* () { yield await 1 }().next().then((r) => r.value)); note('length' in await p([])); note(await p(f) instanceof Function)
        class A extends (await p(Object)) { [await p('m')]() { return 1 } static [await p('s')] = 2; [await p('i')] = 3; static async t(v) { return await v } get [await p('gg')]() { return 4 } }
        note([new A().m(), A.s, new A().i, await A.t(5), new A().gg])
        await/* c */p(1); await // d
          p(2); await
          p(3)
        ;await (
          p(4)
        )
        l: await p(5)
        l2: l3: { await p(6); break l2 }
        if (x) await p(7)
        else await p(8)
        { await p(9) }
        const last = await p(10), after = 1, anon = await (() => {}), { z: zz } = await p(g)
        try { await p(11); throw await p('thrown') } catch ({ length = await p(12) }) { note(length) } finally { await p(13) }
        return [a, b, c, d, e, g.k, g.z, g.m.name, await g.m(), await y, zz, last, o, anon.name]
      }
      ${TICKS}
      later(Promise.all([f(1, p(2)), ticks(150)]).then(([r]) => trace(r, order), (e) => trace(e)))`,
    calls: ['A.t(5) returned 5'],
  },
  {
    name: 'calls that overlap take their turns as before',
    code: `${TICKS}
      const thenable = (v) => ({ then(f) { order.push('then' + v); f(v) } }), rejects = (v) => ({ then(_, r) { r(v) } })
      class P extends Promise {} const late = (v, n) => n > 0 ? Promise.resolve().then(() => late(v, n - 1)) : v
      async function a(n) { note('a' + n); await n; note(await thenable('a' + n)); try { await rejects(n) } catch (e) { note('r' + e) } return await late('A' + n, 3) }
      async function b(n) { note('b' + n); const v = await a(n); note('b' + v); await P.resolve(1); note('p'); return a(n + 1) }
      async function* c(n) { for (let i = 0; i < n; i++) { note('c' + i); const s = yield late(i, i); note(s); await null } return thenable('end') }
      async function d(n) { for await (const v of c(n)) { note('d' + v); await v; if (v === 1) continue; note('d') } for await (const v of [thenable(1), late(2, 2), 3]) note('v' + v); await using(n) }
      async function using(n) { return [await Promise.all([late(1, 1), 2]), await Promise.race([late(1, 5), late(2, 2)])] }
      async function* e(n) { yield* c(n); try { yield 'e' } finally { note('close'); await late(0, 2); note('closed') } }
      async function f(n) { for await (const v of e(n)) { if (v === 'e') break; note(v) } const g = e(1); await g.next(); note(await g.throw(5).catch((x) => 'x' + x)); note((await e(2).return(late(6, 2))).value) }
      later(Promise.all([a(1), b(2), d(3), f(2), ticks(60), a(7), f(1)]).then((r) => trace(r, order)))`,
  },
  {
    name: 'errors quote what they quoted before',
    code: `const nothing = async (v) => v, tell = (f) => f().then(trace, (e) => trace(e.message.replace(/:.*/, '').replace(/(\\(intermediate value\\))+/, '$1')))
      later((async () => { for (const v of [null, undefined, 5, {}]) {
        await tell(async () => (await nothing(v))()); await tell(async () => new (await nothing(v))()); await tell(async () => (await nothing(v)).x.y.z())
        await tell(async () => { const { a: { b } } = await nothing(v); return b }); await tell(async () => { const [a] = await nothing(v), b = 1; return a }); await tell(async () => { let a; ({ a } = await nothing(v)); [a] = await nothing(v) })
        await tell(async () => [...await nothing(v)]); await tell(async () => trace(...await nothing(v))); await tell(async () => { for (const a of await nothing(v)); }); await tell(async () => { for await (const a of await nothing(v)); })
        await tell(async () => (await nothing(v))\`x\`); await tell(async () => (await nothing(v) ?? 1)()); await tell(async () => { for await (const a of v); }); await tell(async () => { await v.x.y })
        await tell(async () => await v()); await tell(async () => await v.x()); await tell(async () => { await missing }); await tell(async () => { await (await nothing(v)).map() }); await tell(async () => (await nothing(v))[Symbol.iterator]())
        await tell(() => (async function* () { yield* v })().next()); await tell(() => (async function* () { yield* await nothing(v) })().next()); await tell(async () => { class A extends (await nothing(v)) {} }); await tell(async () => 1 in await nothing(v))
        await tell(async () => { const { x = 1, ...rest } = { y: await nothing(v) }, [q = await nothing(v)] = []; q() })
      } })())`,
  },
  {
    name: 'lines in the stacks of errors after awaits',
    goal: 'module',
    idleOnly: true,
    code: `const lines = (e) => [...e.stack.matchAll(/main\\.mjs:(\\d+)/g)].map((m) => +m[1])
async function inner(v) {
  await null
  throw new Error(v)
}
async function middle(v) { const x =
    await
      inner(v)
  return x }
async function* stream(v) {
  yield 1
  yield await middle(v) }
async function outer(v) {
  for await (const x of
    stream(v)) trace(x)
}
later((async () => {
  const all = await Promise.all([
    outer('a').catch(lines),
    middle('b').catch((e) => lines(e)),
    (async () => [1,
      await inner('c')])().catch(lines)
  ])
  trace(all)
})())`,
  },
];
