import fc from 'fast-check';
import type { Goal } from '../src/index.ts';

/** Draws one value of an arbitrary; fast-check replays and shrinks what was drawn. */
type Draw = fc.GeneratorValue;

/** What the text around allows. */
interface Context {
  readonly names: readonly string[];
  readonly functions: readonly string[];
  readonly labels: readonly { readonly name: string; readonly loop: boolean }[];
  readonly inLoop: boolean;
  readonly inSwitch: boolean;
  readonly inFunction: boolean;
  readonly await: boolean;
  readonly yield: boolean;
  readonly arguments: boolean;
  readonly strict: boolean;
  readonly depth: number;
}

/**
 * Writes a random program that ends: every function burns fuel, every loop counts. Whatever it does,
 * it traces; it may throw anywhere.
 */
export function randomProgram(draw: Draw, goal: Goal): string {
  return new ProgramWriter(draw).program(goal);
}

/** `any…` draws and returns text. */
class ProgramWriter {
  readonly #draw: Draw;
  #names = 0;
  #steps = 0;
  /** Compound statements and expressions that may still be written. */
  #budget = 150;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  program(goal: Goal): string {
    const strict = goal === 'module' || this.#maybe();
    const context: Context = {
      names: [],
      functions: [],
      labels: [],
      inLoop: false,
      inSwitch: false,
      inFunction: false,
      await: false,
      yield: false,
      arguments: false,
      strict,
      depth: 0,
    };
    return [
      strict ? "'use strict'" : '',
      'Error.stackTraceLimit = 0; let fuel = 150; const t = (...v) => { if (fuel-- < 0) throw new Error("out of fuel"); trace(...v); return v[v.length - 1] }',
      'const use = g => { try { return [...g].length } catch (e) { return t(e) } }',
      'const tag = (s, ...v) => s.raw.join("|") + v.length',
      ...Array.from({ length: this.#count(5) + 1 }, () => this.#guarded(context)),
      't("end")',
    ].join('\n');
  }

  /** Errors end a part of the program, not all of it. */
  #guarded(context: Context): string {
    return `try {\n${this.#statements(context, 5)}\n} catch (e) { trace(e) }`;
  }

  /** One arbitrary for every draw: the generator looks each one up among all it has seen. */
  #count(max: number): number {
    return this.#draw(fc.nat, 0xffff) % (max + 1);
  }

  #pick<T>(options: readonly T[]): T {
    return options[this.#count(options.length - 1)] as T;
  }

  #maybe(): boolean {
    return this.#count(1) === 1;
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** A number that tells this place in the trace from all others. */
  #step(): number {
    return this.#steps++;
  }

  #statements(context: Context, max: number): string {
    const lines: string[] = [];
    let inner = context;
    for (let n = this.#count(max) + 1; n > 0; n--) {
      const [text, names, functions] = this.#statement(inner);
      inner = {
        ...inner,
        names: [...inner.names, ...names],
        functions: [...inner.functions, ...functions],
      };
      lines.push(text);
    }
    return lines.join(this.#pick(['\n', '\n', '\n  ', '\r\n', ' \n/* c */ ', ' // c\n']));
  }

  /** Text, then the variables and functions it declares. */
  #statement(context: Context): readonly [string, readonly string[], readonly string[]] {
    const end = this.#pick(['', '', ';']);
    if (context.depth > 4 || this.#budget-- < 0)
      return [`t(${this.#step()}, ${this.#leaf(context)})${end}`, [], []];
    switch (this.#count(11)) {
      case 0:
      case 1:
        return this.#declaration(context, end);
      case 2:
        return this.#functionDeclaration(context);
      case 3:
        return this.#classDeclaration(context);
      case 4:
      case 5:
        return [this.#compound(context), [], []];
      case 6:
        return [this.#loop(context), [], []];
      case 7:
        return [this.#jump(context) + end, [], []];
      default:
        return [this.#simple(context) + end, [], []];
    }
  }

  #simple(context: Context): string {
    const expression = this.#expression(context);
    switch (this.#count(3)) {
      case 0:
        return `;${expression}`;
      case 1:
        return `void ${expression}`;
      default:
        return `t(${this.#step()}, ${expression})`;
    }
  }

  #declaration(context: Context, end: string): readonly [string, readonly string[], readonly string[]] {
    const keyword = this.#pick(['let', 'const', 'var']);
    const a = this.#fresh('v');
    const b = this.#fresh('v');
    const value = this.#expression(context);
    switch (this.#count(4)) {
      case 0:
        return [
          `${keyword} { p: ${a} = ${this.#expression(context)}, ...${b} } = { ...(${value}) }${end}`,
          [a, b],
          [],
        ];
      case 1:
        return [`${keyword} [${a}, ${b} = ${a}] = [${value}]${end}`, [a, b], []];
      case 2:
        return [`${keyword} ${a} = ${this.#function(context)}${end}`, [], [a]];
      case 3:
        return [`${keyword} ${a} = ${value},\n  ${b} = ${a}${end}`, [a, b], []];
      default:
        return [`${keyword} ${a} = ${value}${end}`, [a], []];
    }
  }

  #functionDeclaration(context: Context): readonly [string, readonly string[], readonly string[]] {
    const name = this.#fresh('f');
    const kind = this.#pick(['function', 'function', 'async function', 'function*', 'async function*']);
    return [`${kind} ${name}${this.#parametersAndBody(context, kind)}`, [], [name]];
  }

  #classDeclaration(context: Context): readonly [string, readonly string[], readonly string[]] {
    const name = this.#fresh('C');
    const method = { ...context, strict: true };
    const derived = this.#maybe();
    const base = derived
      ? ` extends (class { constructor(x) { this.x = x } m() { return t(${this.#step()}, 'base') } })`
      : '';
    const members = [
      `m${this.#parametersAndBody(method, 'function')}`,
      `static s${this.#parametersAndBody(method, 'function')}`,
      `get g() { ${this.#statements(this.#enter(method, 'function'), 1)}\n return 1 }`,
      `a = ${this.#arrow({ ...method, await: false, yield: false, arguments: false })};`,
      `async am${this.#parametersAndBody(method, 'async function')}`,
      `*gm${this.#parametersAndBody(method, 'function*')}`,
      `static { ${this.#statements({ ...this.#enter(method, 'function'), inFunction: false, arguments: false }, 1)}\n }`,
      `#p = 1; has(o) { return #p in o ? this.#p : t(${this.#step()}) }`,
    ].filter(() => this.#maybe());
    members.push(this.#initialiser(method, derived));
    const use = `try { const o = new ${name}(1, 2); t(o.m?.(1), o.g, o.has?.(o), typeof o.a, ${name}.s?.(2), [...(o.gm?.(3) ?? [])]); later(o.am?.(4)?.catch?.(e => t(e))) } catch (e) { t(e) }`;
    return [`class ${name}${base} {\n${members.join('\n')}\n}\n${use}`, [], []];
  }

  #initialiser(context: Context, derived: boolean): string {
    const inner = this.#enter(context, 'function');
    if (!derived)
      return `constructor(a, b = a) { ${this.#statements({ ...inner, names: [...inner.names, 'a', 'b'] }, 2)}\n }`;
    const before = this.#maybe() ? `t(${this.#step()}, a)\n` : '';
    const read = this.#maybe() ? `const arrow = () => this; ` : '';
    return `constructor(a, b = a) { ${read}${before}super(a)\n t(this.x)\n ${this.#maybe() ? 'trace(super.m?.())' : ''} }`;
  }

  #compound(context: Context): string {
    const inner = { ...context, depth: context.depth + 1 };
    switch (this.#count(4)) {
      case 0:
        return `if (${this.#expression(context)}) ${this.#body(inner)}\nelse ${this.#body(inner)}`;
      case 1: {
        const e = this.#fresh('e');
        const caught = this.#pick([`(${e})`, `({ message: ${e} })`]);
        const withName = { ...inner, names: [...inner.names, e] };
        const handler = `catch ${caught} { ${this.#statements(withName, 1)}\n }`;
        const last = `finally { ${this.#statements({ ...inner, inLoop: false, inSwitch: false, labels: [] }, 1)}\n }`;
        return `try { ${this.#statements(inner, 2)}\n } ${this.#pick([handler, last, `${handler} ${last}`])}`;
      }
      case 2:
        return this.#switch(inner);
      case 3: {
        const label = this.#fresh('L');
        const labels = [...inner.labels, { name: label, loop: false }];
        return `${label}: { ${this.#statements({ ...inner, labels }, 2)}\n }`;
      }
      default:
        return `{ ${this.#statements(inner, 2)}\n }`;
    }
  }

  #switch(context: Context): string {
    const inner = { ...context, inSwitch: true };
    const clauses = ['case 0:', 'case 1: case 2:', 'default:', `case t(${this.#step()}, 'u'):`].filter(() =>
      this.#maybe(),
    );
    const bodies = clauses.map((clause) => {
      const body = this.#statements({ ...inner, names: context.names }, 1);
      return `${clause} ${body}${this.#maybe() ? '\nbreak' : ''}`;
    });
    return `switch (${this.#expression(context)}) { ${bodies.join('\n')}\n }`;
  }

  /** A statement without braces, or a block. */
  #body(context: Context): string {
    if (this.#maybe()) return `{ ${this.#statements(context, 2)}\n }`;
    return this.#pick([
      () => `void ${this.#expression(context)}`,
      () => `t(${this.#step()})`,
      () => this.#jump(context),
      () => ';',
    ])();
  }

  #loop(context: Context): string {
    const i = this.#fresh('i');
    const label = this.#maybe() ? this.#fresh('L') : undefined;
    const labels = label === undefined ? context.labels : [...context.labels, { name: label, loop: true }];
    const inner = {
      ...context,
      inLoop: true,
      inSwitch: false,
      labels,
      names: [...context.names, i],
      depth: context.depth + 1,
    };
    const body = this.#body(inner);
    const prefix = label === undefined ? '' : `${label}: `;
    const keyword = this.#pick(['let', 'const', 'var']);
    switch (this.#count(4)) {
      case 0:
        return `${prefix}for (${keyword === 'const' ? 'let' : keyword} ${i} = 0; ${i} < 3 && fuel-- > 0; ${i}++) ${body}`;
      case 1:
        return `${prefix}for (${keyword} ${i} of [1, 'two', [3]]) ${body}`;
      case 2:
        return `${prefix}for (${keyword} ${i} in { a: 1, b: 2 }) ${body}`;
      case 3:
        return `var ${i} = 0\n${prefix}while (${i}++ < 2 && fuel-- > 0) ${body}`;
      default:
        return `var ${i} = 0\n${prefix}do ${/^[{;]/.test(body) ? body : `${body}\n`} while (${i}++ < 2 && fuel-- > 0)`;
    }
  }

  #jump(context: Context): string {
    const loops = context.labels.filter(({ loop }) => loop).map(({ name }) => `continue ${name}`);
    const options = [
      ...context.labels.map(({ name }) => `break ${name}`),
      ...loops,
      ...(context.inLoop ? ['break', 'continue'] : []),
      ...(context.inSwitch ? ['break'] : []),
      ...(context.inFunction ? ['return', `return ${this.#expression(context)}`] : []),
      `throw new TypeError('thrown ' + ${this.#step()})`,
    ];
    return `if (${this.#expression(context)}) ${this.#pick(options)}`;
  }

  #expression(context: Context): string {
    const deeper = { ...context, depth: context.depth + 1 };
    if (context.depth > 4 || this.#budget-- < 0) return this.#leaf(context);
    const e = (): string => this.#expression(deeper);
    switch (this.#count(15)) {
      case 0:
        return `(${e()} ${this.#pick(['+', '===', '<', '&&', '||', ',', '%'])} ${e()})`;
      case 1:
        return `(${e()} ? ${e()} : ${e()})`;
      case 2:
        return `t(${this.#step()}, ${e()})`;
      case 3:
        return context.names.length === 0
          ? '1'
          : `(${this.#pick(context.names)} ${this.#pick(['=', '-=', '??='])} ${e()})`;
      case 4:
        return `[${e()}, ...[${e()}]]`;
      case 5:
        return `({ p: ${e()}, m() { ${this.#statements(this.#enter(deeper, 'function'), 1)}\n }, [${e()}]: 2 })`;
      case 6:
        return `\`a\n\${${e()}}\\n b\``;
      case 7:
        return this.#call(deeper);
      case 8:
        return this.#call(deeper);
      case 9:
        return `(${this.#function(deeper)})(${e()}, ${e()})`;
      case 10:
        return context.await ? `(await ${e()})` : `(${this.#function(deeper)})`;
      case 11:
        return context.yield ? `(yield ${e()})` : `(${e()})?.p?.[${e()}]`;
      case 12:
        return `tag\`x\${${e()}}y\``;
      case 13:
        return `(typeof ${this.#leaf(context)} + !${e()})`;
      default:
        return this.#leaf(context);
    }
  }

  #call(context: Context): string {
    if (context.functions.length === 0) return this.#leaf(context);
    const name = this.#pick(context.functions);
    const call = `${name}(${this.#leaf(context)}, ${this.#leaf(context)})`;
    return this.#pick([call, call, `(later?.(${call}), 1)`, `use(${call})`, `new ${name}(1)`]);
  }

  #leaf(context: Context): string {
    const leaves = ['0', '1', '"s"', 'null', 'undefined', '/r[/]/.test("r/")', '-1', '1.5', 'fuel > 0'];
    leaves.push(...context.names, ...context.names);
    if (context.inFunction) leaves.push('typeof this', 'this?.x');
    if (context.arguments) leaves.push('arguments.length', 'arguments[0]');
    return this.#pick(leaves);
  }

  #function(context: Context): string {
    const kind = this.#pick([
      'arrow',
      'arrow',
      'arrow',
      'async arrow',
      'function',
      'async function',
      'function*',
    ]);
    if (kind === 'arrow') return this.#arrow(context);
    if (kind === 'async arrow') return `async ${this.#arrow({ ...context, await: true })}`;
    const name = this.#maybe() ? ` ${this.#fresh('n')}` : '';
    return `${kind}${name}${this.#parametersAndBody(context, kind)}`;
  }

  #arrow(context: Context): string {
    const a = this.#fresh('a');
    const inner: Context = {
      ...context,
      names: [...context.names, a],
      labels: [],
      inLoop: false,
      inSwitch: false,
      inFunction: context.inFunction,
      yield: false,
      await: context.await,
      depth: context.depth + 1,
    };
    const parameters = this.#pick([a, `(${a})`, `(${a} = 1)`, `({ p: ${a} } = {})`, `(...${a})`]);
    if (this.#maybe()) return `${parameters} => ${this.#expression({ ...inner, await: false })}`;
    return `${parameters} => { t(${this.#step()})\n${this.#statements({ ...inner, inFunction: true, await: false }, 2)}\n }`;
  }

  #parametersAndBody(context: Context, kind: string): string {
    const a = this.#fresh('a');
    const b = this.#fresh('b');
    const inner = this.#enter(context, kind);
    const parameters = this.#pick([
      `${a}, ${b}`,
      `${a} = t(${this.#step()}), ${b} = ${a}`,
      `${a}, ...${b}`,
      `${a}, { length: ${b} = 1 } = [1]`,
      `${a}, ${b} = () => ${a}`,
    ]);
    const simple = parameters === `${a}, ${b}`;
    const directive = simple && this.#count(5) === 0 ? `'use strict'\n` : '';
    const body = this.#statements({ ...inner, names: [...inner.names, a, b] }, 4);
    return `(${parameters}) { ${directive}t(${this.#step()})\n${body}\n return ${a} }`;
  }

  #enter(context: Context, kind: string): Context {
    return {
      ...context,
      labels: [],
      inLoop: false,
      inSwitch: false,
      inFunction: true,
      await: kind.startsWith('async'),
      yield: kind.endsWith('*'),
      arguments: true,
      depth: context.depth + 1,
    };
  }
}
