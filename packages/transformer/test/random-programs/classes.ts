import { type Context, declaring, insideClass, insideFunction } from './context.ts';
import type { Writer } from './writer.ts';

/** A class with members of every kind; what uses them is in {@link useOfClass}. */
export function classText(w: Writer, context: Context, name: string): string {
  const derived = w.choices.oneIn(2);
  const heritage = derived
    ? ` extends (class { x = 7; constructor(x) { this.y = x } m() { return t(${w.step()}, 'base') } get g() { return new.target } })`
    : '';
  const strict = { ...context, strict: true, await: false, yield: false, depth: context.depth + 1 };
  const members = [
    ...w.choices.some(MEMBERS).map((member) => member(w, strict)),
    initialiser(w, strict, derived),
  ];
  return `class ${name}${heritage} {\n${members.join('\n')}\n}`;
}

/** Makes an instance and touches whatever members there are. */
export function useOfClass(w: Writer, name: string): string {
  return w.choices.pick([
    `attempt(() => { const o = new ${name}(1, 2); t(o.m?.(1), o.g, o.has?.(o), typeof o.a, ${name}.s?.(2), [...(o.gm?.(3) ?? [])]); later(o.am?.(4)?.catch?.(e => t(e))) })`,
    `attempt(() => { const o = new ${name}(t(${w.step()})); o.g = 3; t(Object.keys(o), ${name}.name, ${name}.length, Reflect.ownKeys(${name}.prototype), Reflect.ownKeys(${name})) })`,
    `attempt(() => ${name}())`,
    `attempt(() => t(new (class extends ${name} { m(v) { return super.m?.(v) } })(0).m?.(1)))`,
  ]);
}

type Member = (w: Writer, context: Context) => string;

const MEMBERS: readonly Member[] = [
  (w, c) => `m${w.parametersAndBody(c, 'method')}`,
  (w, c) => `static s${w.parametersAndBody(c, 'method')}`,
  (w, c) => `get g() { ${w.statements(insideFunction(c, 'method'), 1)}\n return super.g }`,
  (w, c) => `set g(v) { ${w.statements(declaring(insideFunction(c, 'method'), { variables: ['v'] }), 1)}\n }`,
  (w, c) => `a = ${w.arrow(insideClass(c))};`,
  (w, c) => `static b = ${w.expression(insideClass(c))};`,
  (w, c) => `[(t(${w.step()}), 'c' + ${w.leaf(c)})] = ${w.expression(insideClass(c))};`,
  (w, c) => `[t(${w.step()}, 'd')]${w.parametersAndBody(c, 'method')}`,
  (w, c) => `async am${w.parametersAndBody(c, 'async method')}`,
  (w, c) => `*gm${w.parametersAndBody(c, '*method')}`,
  (w, c) => `static async *agm${w.parametersAndBody(c, 'async *method')}`,
  (w, c) => `static { ${w.statements(insideClass(c), 2)}\n }`,
  (w, c) => `static { var y = ${w.expression(insideClass(c))}; t(y, () => this); }`,
  (w) => `#p = t(${w.step()}); has(o) { return #p in o ? this.#p++ : t(${w.step()}) }`,
  (w, c) => `#q${w.parametersAndBody(c, 'method')}\ncallsQ(v) { return this.#q(v) ?? this?.#q }`,
  (w) => `static get #r() { return t(${w.step()}) } static readsR() { return this.#r }`,
  (w, c) => `'quoted name'${w.parametersAndBody(c, 'method')}`,
  () => 'async\nget = 1\nstatic async\n',
];

function initialiser(w: Writer, context: Context, derived: boolean): string {
  const inner = {
    ...insideFunction(context, 'method'),
    strict: true,
    variables: [...context.variables, 'a', 'b'],
  };
  if (!derived) return `constructor(a, b = a) { ${w.statements(inner, 2)}\n }`;
  const before = w.choices.pick([
    '',
    `t(${w.step()}, a)\n`,
    'const arrow = () => this\n',
    'attempt(() => this)\n',
  ]);
  const call = w.choices.pick([
    'super(a)',
    'if (a) super(a); else super(b)',
    '(() => super(a))()',
    'try { super(a) } finally { t(typeof a) }',
    'const self = super(a)\n t(self === this)',
    'attempt(() => super(a)); super.m?.()',
    'for (const v of [1]) super(v)',
    'if (a === 0) return { own: 1 }\n super(...[a])',
  ]);
  return `constructor(a, b = a) { ${before}${call}\n t(this.x)\n ${w.statements(inner, 1)}\n }`;
}
