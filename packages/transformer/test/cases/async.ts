import type { Case } from './case.ts';

export const asynchronous: readonly Case[] = [
  {
    name: 'async functions, methods and arrows: values, errors, finally',
    code: `async function f(a) { const b = await a; try { await Promise.reject(new Error('no')) } catch (e) { return [b, e.message] } finally { trace('finally') } }
      const g = async (a) => { for await (const v of [1, Promise.resolve(2)]) trace(v); return a }
      const o = { async m() { await null; return this === o }, async *ag() { yield 1; yield await 2 } }
      const h = async a => a.x, i = async () => { throw new TypeError('thrown') }, j = async () => await (async () => 5)()
      later((async () => { trace(await f(1), await g(2), await o.m(), await h({ x: 3 }), await j()); for await (const v of o.ag()) trace(v) })())
      later(i().catch(e => trace(e)))`,
    forms: { f: 'inline' },
    hits: ['f:1 a=1 b=1', 'f:1 a=1 b=1 e=Error: no'],
  },
  {
    name: 'labelled functions belong to the body they stand in, not to a block',
    code: `function* f() { if (true) { function g() { return 1 } } var g; label: function g() { return 2 } yield g() }
      const h = async () => { a: b: function late() { return 3 } var late; return late() }
      trace([...f()]); later(h().then(v => trace(v)))`,
    goal: 'script',
    calls: ['h() returned 3'],
  },
  {
    name: 'a bare return in an async generator after a line that looks like the parameters of an arrow function',
    code: `const a = 1
      async function* f(x) { (a)
        return
      }
      async function* g(x) { if (x) return; else yield 1; switch (x) { default: return } }
      later((async () => { for await (const v of f()) trace(v); for await (const v of g()) trace(v); trace(await g(1).next()) })())`,
  },
  {
    name: 'top-level await behind which the parser lists two statements twice',
    goal: 'module',
    code: `class A extends Object { [await
trace((0))]() { } static [0] = 2;  }
;
export default function f(a) { return a }`,
  },
  {
    name: 'top-level await behind which the parser gives statements to other blocks',
    goal: 'module',
    code: `try { class C { [await
trace((3))] };(3)
f } catch {} try { { switch (2) { case 2: class D { t(a = () => 2) { trace(7)
{} trace(a()) } }; new D().t() } } } catch {} ('')
trace(1)`,
  },
  {
    name: 'top-level await around what means something else without it',
    code: `try { for (const n of [1]) { { if (({ p: (await [...[n], /]/.test(n)]), x() { async function f() { } } })) trace(n) } } trace(3) } catch { }
      trace(2); later(Promise.resolve(() => 4).then(v => trace(v())))`,
    goal: 'module',
  },
  {
    name: 'the order of microtasks is unchanged',
    code: `const order = []; const step = n => order.push(n)
      async function f(n) { step('f' + n); await null; step('g' + n); await new Promise(r => queueMicrotask(r)); step('h' + n) }
      async function* ag() { step('ag'); yield 1; step('ag2'); yield Promise.resolve(2); step('ag3') }
      const chain = Promise.resolve().then(() => step('t1')).then(() => step('t2')).then(() => step('t3')).then(() => step('t4'))
      later(f(1)); later(f(2)); later((async () => { for await (const v of ag()) step(v) })()); later(chain)
      const thenable = { then(r) { step('then'); r(1) } }; later((async () => { await thenable; step('after') })())
      step('sync'); setTimeout(() => trace(order), 0)`,
  },
  {
    name: 'async generators: throw, return, early exit, yield*',
    code: `async function* g(a) { try { const x = yield a; trace(x); yield* [1, Promise.resolve(2)] } catch (e) { trace('c', e); yield 'r' } finally { await null; trace('f') } }
      later((async () => {
        let i = g(1); trace(await i.next(), await i.next('x'), await i.next(), await i.next(), await i.next())
        i = g(2); await i.next(); trace(await i.throw('t'), await i.next())
        i = g(3); await i.next(); trace(await i.return('e'))
        for await (const v of g(4)) break
      })())`,
  },
  {
    name: 'overlapping calls that finish out of order',
    code: `let finishSlow
      const slow = new Promise(resolve => { finishSlow = resolve })
      async function work(id, until) { const mine = id + '!'; await until; trace(mine); return mine }
      later(Promise.all([work('slow', slow), work('fast', null).then(v => (finishSlow(), v))]).then(v => trace(v)))`,
    hits: [
      "work:3 id='fast' until=null mine='fast!'",
      "work:3 id='slow' until=Promise { undefined } mine='slow!'",
    ],
    calls: ["work('fast', null) returned 'fast!'", "work('slow', Promise { <pending> }) returned 'slow!'"],
  },
  {
    name: 'top-level await',
    goal: 'module',
    code: `const v = await Promise.resolve(1)
      trace(v)
      if (await v) trace(await 2)
      for await (const x of [3]) trace(x)
      export default await 4`,
  },
  {
    name: 'await and yield as names where they may be',
    goal: 'script',
    code: `function f(await) { return await } var yield_ = function (yield) { var x = yield; return x }
      const g = (await) => await, h = function () { var await = 1; return () => await }
      trace(f(1), yield_(2), g(3), h()())`,
  },
];
