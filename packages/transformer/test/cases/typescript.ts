/** A program in TypeScript; what it traces is compared with that of the same text not woven. */
export interface TypedCase {
  readonly name: string;
  readonly code: string;
  /** Default: `ts`. */
  readonly language?: 'ts' | 'tsx';
  readonly legacyDecorators?: true;
}

const HOST = `declare const trace: (...values: unknown[]) => void, later: (promise: unknown) => void;`;

const DISPOSE = `for (const name of ['dispose', 'asyncDispose']) if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(name) })`;

export const typedCases: readonly TypedCase[] = [
  {
    name: 'standard decorators on classes, methods, accessors, fields and statics, with their contexts and initialisers',
    code: `${HOST}
      const order: string[] = []
      function d(name: string) { order.push('make ' + name); return (value: any, context: any): any => { order.push(\`\${name} \${context.kind} \${String(context.name)} \${context.static}\`); context.addInitializer?.(function (this: any) { order.push('init ' + name + typeof this) }); if (context.kind === 'method') return function (this: any, ...a: any[]) { return '<' + value.apply(this, a) + '>' }; if (context.kind === 'field') return (v: number) => v * 2 } }
      @d('class') @d('class2') class A {
        @d('field') f = 1
        @d('method') m(x: number) { const y = x + this.f; return y }
        @d('static') static s() { return 's' }
        @d('accessor') accessor acc = 3
        @d('getter') get g() { return this.#p }
        @d('private') #p = 4
        static { order.push('block') }
      }
      const a = new A(); trace(a.m(1), A.s(), a.acc, a.g, a.f, order)`,
  },
  {
    name: 'legacy decorators, on parameters too',
    legacyDecorators: true,
    code: `${HOST}
      const order: unknown[] = []
      const d = (name: string) => (...a: any[]): any => { order.push([name, typeof a[0], a[1], typeof a[2]]); if (typeof a[2] === 'object') { const old = a[2].value; a[2].value = function (this: any, v: number) { return old.call(this, v) + '!' } } }
      @d('class') class A { constructor(@d('cp') public x = 1) { order.push('made') } @d('prop') y = 2; @d('method') m(@d('param') v: number) { return v + this.x } @d('static') static s = 1 }
      trace(new A().m(1), order)`,
  },
  {
    name: 'enums, constant enums, merged enums and namespaces, exported and nested',
    code: `${HOST}
      export enum E { A, B = A + 2, C = 'c'.length, D = 'd' as any }
      const enum K { X = 1 << 3, Y }
      enum E2 { P = 'p' } enum E2 { Q = 'q' }
      export namespace N { export const a = 1; let hidden = 2; export function f(x: number) { if (x) return x + hidden; return a }; export namespace M { export class C { m() { return a + N.f(0) } } } }
      namespace N { export const b = N.f(1) }
      function merged() { return merged.extra } namespace merged { export const extra = 'x' }
      trace(E, E[0], K.X, K.Y, E2, N.b, N.f(0), new N.M.C().m(), merged())`,
  },
  {
    name: 'parameter properties, in derived classes after super',
    code: `${HOST}
      class A { constructor(public readonly a: number, protected b = a + 1, private c?: string) { trace(this.a, this.b, this.c) } sum() { return this.a + this.b } }
      class B extends A { own = this.sum(); constructor(private d: number, ...rest: string[]) { super(d * 2); const e = rest.length; trace(this.d, e, this.own) } }
      abstract class C { abstract m(): number; constructor(readonly x: number) {} twice() { return this.m() * 2 } }
      trace(new B(1, 'x').sum(), new (class extends C { m() { return this.x } })(4).twice())`,
  },
  {
    name: 'using and await using, disposed in order, also out of loops and throws',
    code: `${HOST}
      ${DISPOSE}
      const res = (name: string) => ({ name, [Symbol.dispose]() { trace('dispose', name) }, async [Symbol.asyncDispose]() { trace('async dispose', name) } })
      function f(x: number) { using a = res('a'); { using b = res('b'), c = null; if (x === 1) return b.name }; if (x === 2) throw new Error('two'); for (using d of [res('d')]) trace(d.name); return a.name }
      for (const x of [0, 1, 2]) try { trace(f(x)) } catch (e) { trace(e) }
      async function g() { await using a = res('e'); using b = res('f'); await null; return a.name + b.name }
      later(g().then(v => trace(v)))`,
  },
  {
    name: 'types everywhere: generics, overloads, assertions, satisfies, this parameters, definite assignment, optional members',
    code: `${HOST}
      function over(a: string): string; function over(a: number): number; function over(a: any) { return a }
      const id = <T,>(x: T): T => x, cast = <const T extends readonly unknown[]>(...x: T) => x as unknown as number[]
      function asserts(x: unknown): asserts x is string { if (typeof x !== 'string') throw new TypeError('no'); }
      interface I { a?: number; readonly [key: string]: unknown } type Fn = (a: number) => void; declare const nowhere: number; declare function never(): void
      class A<T> implements Partial<I> { declare a: number; b!: T; private static readonly c?: number = 1; [key: string]: unknown; m?(): void; n(this: A<T>, x?: T): x is T { return !!x } override toString() { return \`A\${A.c}\` } }
      let v = { a: 1 } satisfies I, w = v!.a as any as number, x = <unknown>w
      if (asserts('s'), x) label: for (const y of cast<[1, 2]>(1, 2)) { if (y as number > 1) break label; trace(y!) }
      trace(over(1), id<string>('s'), new A<number>().n(1), String(new A()), v, w)
      export type { I }; export default id`,
  },
  {
    name: 'functions without a name stay so behind assertions, where a return or a field is hooked',
    code: `${HOST}
      const first = (n: number) => { const deep = () => () => n; if (n === 0) return (() => 1) as () => number; if (n === 1) return <any>function () {}; if (n === 2) return (class {}) satisfies object; return (function () {})! }
      const second = async (): Promise<any> => (() => 1) as any
      class A { a = (() => 1) as any; b = <any>function () {}; c = (class {}) satisfies object; static d = (() => 1)!; e = (n: number): number => n }
      trace([0, 1, 2, 3].map((n) => (first(n) as any).name), Object.values(new A()).map((f: any) => f.name), A.d.name)
      later(second().then((f: any) => trace(f.name)))`,
  },
  {
    name: 'TSX: elements, fragments, spreads, text over several lines, generic arrows',
    language: 'tsx',
    code: `${HOST}
      const a: any = { b: 'member' }, React = { createElement: (type: any, props: any, ...children: any[]) => ({ type: typeof type === 'function' ? type(props ?? {}) : type, props, children }), Fragment: 'fragment' }
      const Row = ({ name, n = 1 }: { name: string, n?: number }) => <li key={name} data-n={n}>{name} &amp; {n > 1 ? <b>many</b> : null}
        text over
        lines</li>
      function List<T extends { name: string }>({ items, render }: { items: T[], render: (t: T) => unknown }) { if (!items.length) return <i/>
        return <>{items.map((item) => render(item))}{/* nothing */}</> }
      const pass = <T,>(x: T) => x
      trace(JSON.stringify([<Row name="a" />, <List items={[{ name: 'x' }]} render={(i) => <Row {...i} n={2} />} />, pass(<a.b c="d" />)]))`,
  },
];
