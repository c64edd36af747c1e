import { stripTypeScriptTypes } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import ts from 'typescript';
import { type Goal, weave } from '../src/index.ts';
import type { Outcome } from './harness/programs.ts';
import { Realms } from './harness/realms.ts';

/** TypeScript in which every construct can be erased, and what must survive that. */
const ERASABLE = `
interface Item { price: number
  qty: number }
type Maybe<T> = T | undefined
abstract class Shape<T extends object = {}> {
  declare readonly kind: string
  protected abstract area(): number
  static make<U>(this: new () => U): U { return new this() }
  describe(this: Shape<T>, prefix: string = 'a'): string {
    type Local = { a: string
      b: number }
    let x: { a: string
      b?: number } = { a: prefix } as Local satisfies object
    return x!.a + this.area()
  }
  get size(): number { return this.area() }
}
class Square extends Shape<Item> {
  private side: number = 2
  override area(): number { return (<number>this.side) ** 2 }
  accessor = <T,>(v: T): T => v
}
function total(items: readonly Item[], rate?: number): number
function total(items: readonly Item[], rate = 1): number {
  let sum: number = 0
  for (const { price, qty } of items as Item[]) sum += price * qty!
  return sum * rate
}
function isItem(v: unknown): v is Item { return typeof v === 'object' }
function check(v: unknown): asserts v { if (!v) throw new Error('no') }
const first = <T>(list: readonly T[]): Maybe<T> => list[0] as T | undefined
const later1 = async <T>(v: Promise<T>): Promise<T> => { const w: T = await v; return w }
export const s = new Square()
check(s)
trace(s.describe(), s.size, total([{ price: 2, qty: 3 }]), isItem({}), first([1]), (Square as any).make().area(), s.accessor(5))
later(later1(Promise.resolve(7)).then((v: number) => trace(v)))
`.replaceAll('<number>this.side', 'this.side as number');

/** TypeScript that compiles to more than it says. */
const COMPILED = `
import type { Nothing } from './types.js'
enum Color { Red = 1, Green = Red << 1, Blue = 'b'.length }
const enum Inlined { A = 1 }
namespace Geometry { export const scale = 2; export function area(w: number) { const a = w * scale; return a } }
class Account {
  count = 0
  constructor(private readonly owner: string, public limit = 10) { if (limit > 5) this.count++ }
  describe(): string { return this.owner + this.limit + this.count }
}
class Savings extends Account { constructor(readonly rate: number) { super('s', 1); trace(this.rate) } }
function paint(color: Color): string {
  switch (color) {
    case Color.Red: return 'red'
    default: return Color[color]
  }
}
function log(target: any, key: string, d: PropertyDescriptor) { trace(key); return d }
class Decorated { @log method(): number { const n: number = 1; return n } }
trace(paint(Color.Red), paint(Color.Green), Geometry.area(3), new Account('o').describe(), new Savings(2).describe(), Inlined.A, new Decorated().method())
export {}
`;

function wovenText(code: string, goal: Goal): string {
  const { code: woven, manifest, skipped } = weave(code, { filename: 'main.ts', goal });
  expect(skipped).toEqual([]);
  expect(manifest?.functions.length).toBeGreaterThan(5);
  return woven;
}

describe('woven TypeScript', () => {
  const realms = new Realms(process.execPath);
  afterAll(() => realms.close());

  const traceOf = async (code: string, goal: Goal): Promise<Outcome> => {
    const outcome = await realms.run({ files: [{ path: 'main', code, goal }], state: 'idle' });
    expect(outcome.error).toBeUndefined();
    expect(outcome.traced).not.toEqual([]);
    return outcome;
  };

  it('runs the same after Node has stripped its types', async () => {
    const strip = (code: string): string => stripTypeScriptTypes(code).replace(/^export /gm, '');
    const woven = await traceOf(strip(wovenText(ERASABLE, 'script')).replaceAll(';export ', ';'), 'script');
    expect(woven.traced).toEqual((await traceOf(strip(ERASABLE), 'script')).traced);
  });

  it.each([
    ['modules', ts.ModuleKind.ESNext, 'module'],
    ['CommonJS', ts.ModuleKind.CommonJS, 'script'],
  ] as const)('runs the same after it has been transpiled to %s', async (_, module, goal) => {
    for (const source of [ERASABLE, COMPILED]) {
      const compilerOptions: ts.CompilerOptions = {
        module,
        target: ts.ScriptTarget.ES2022,
        experimentalDecorators: true,
      };
      const transpile = (code: string): string =>
        ts.transpileModule(code, { compilerOptions, fileName: 'main.ts' }).outputText;
      const woven = await traceOf(transpile(wovenText(source, goal)), goal);
      expect(woven.traced).toEqual((await traceOf(transpile(source), goal)).traced);
    }
  });

  it('weaves JSX, in two bodies unless its text has line breaks', () => {
    const code = `const a = (p) => { const q = p.a; return <b c="// no" d={q}>text // not a comment {q}</b> }
      const b = (p) => (<ul title="two
        lines">
        {p.items.map(i => <li key={i}>{i}</li>)} don't
      </ul>)`;
    const { code: woven, manifest, skipped } = weave(code, { filename: 'view.tsx' });
    expect(skipped).toEqual([]);
    const forms = manifest?.functions.map(({ name, form }) => `${name} ${form}`);
    expect(forms).toEqual(['<module> inline', 'a twin', 'b inline', '<anonymous> twin']);
    const emit = (text: string): string =>
      ts.transpileModule(text, { compilerOptions: { jsx: ts.JsxEmit.React } }).outputText;
    expect(emit(woven)).toContain('React.createElement("li"');
    expect(woven.split('\n')).toHaveLength(code.split('\n').length);
  });
});
