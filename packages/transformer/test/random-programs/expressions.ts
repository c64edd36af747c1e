import { type Context, deeper, insideFunction } from './context.ts';
import type { Writer } from './writer.ts';

type Production = (w: Writer, context: Context) => string;

/** An expression that may stand anywhere, an operand or a statement of its own included. */
export function expression(w: Writer, context: Context): string {
  if (!w.spend(context)) return leaf(w, context);
  return w.choices.pick(PRODUCTIONS)(w, deeper(context));
}

/** An expression without parts. */
export function leaf(w: Writer, context: Context): string {
  const leaves = [
    '0',
    '1',
    '"s"',
    'null',
    'undefined',
    '/r[/]/.test("r/")',
    '(-1)',
    '1.5',
    '(fuel > 0)',
    '10n',
    'this',
  ];
  leaves.push(...context.variables, ...context.variables);
  if (context.arguments) leaves.push('arguments.length', 'arguments[0]');
  if (context.newTarget) leaves.push('new.target');
  if (context.super) leaves.push('super.x');
  return w.choices.pick(leaves);
}

const PRODUCTIONS: readonly Production[] = [
  (w, c) => `(${w.expression(c)} ${w.choices.pick(BINARY)} ${w.expression(c)})`,
  (w, c) => `(${w.expression(c)} ${w.choices.pick(BINARY)}\n ${w.expression(c)})`,
  (w, c) => `(${w.expression(c)} ? ${w.expression(c)} : ${w.expression(c)})`,
  (w, c) => `t(${w.step()}, ${w.expression(c)})`,
  (w, c) => `t(${w.step()}, ${w.expression(c)}, ${w.expression(c)})`,
  (w, c) => `(${w.choices.pick(UNARY)} ${w.expression(c)})`,
  (w, c) => `(typeof ${w.leaf(c)} + !${w.expression(c)})`,
  (w, c) => `[${w.expression(c)}, ...[${w.expression(c)}], , ${w.leaf(c)},]`,
  object,
  object,
  (w, c) => `\`a\n\${${w.expression(c)}}\\n b\${\`\${${w.leaf(c)}}\`}\``,
  (w, c) => `tag\`x\${${w.expression(c)}}\ny\``,
  (w, c) => `site\`${w.step()}\${${w.leaf(c)}}\``,
  assignment,
  assignment,
  call,
  call,
  call,
  (w, c) => `(${w.functionExpression(c)})(${w.expression(c)}, ${w.expression(c)})`,
  (w, c) => `(${w.functionExpression(c)})`,
  (w, c) => `(${w.expression(c)})?.p?.[${w.expression(c)}]`,
  (w, c) => `(${w.expression(c)})?.m?.(${w.expression(c)}).x`,
  (w, c) => `attempt(() => ${w.expression({ ...c, await: false, yield: false })})`,
  (w) => `attempt(() => ${w.notYet()})`,
  (w) => `(typeof ${w.notYet()})`,
  (w, c) => `((f => t(f.name, f.length))(${w.functionExpression(c)}))`,
  (w, c) => `[...counted(${w.choices.upTo(2)}), ${w.leaf(c)}]`,
  asynchronous,
  generating,
  reflection,
  (w, c) =>
    `eval(${JSON.stringify(w.choices.pick([w.leaf(c), `(() => ${w.leaf(c)})()`, `var ${w.fresh('e')} = 1; this`]))})`,
  (w, c) => w.leaf(c),
  (w, c) => w.leaf(c),
  (w, c) => w.leaf(c),
];

const BINARY = ['+', '-', '===', '<', '&&', '||', '??', ',', '%', '**', 'in', 'instanceof', '|', '>>>'];
const UNARY = ['!', '-', '+', '~', 'void', 'typeof', '- -'];

function object(w: Writer, context: Context): string {
  const members: readonly Production[] = [
    (w, c) => `p: ${w.expression(c)}`,
    (w, c) => `m${w.parametersAndBody(c, 'method')}`,
    (w, c) => `async am${w.parametersAndBody(c, 'async method')}`,
    (w, c) => `*[Symbol.iterator]${w.parametersAndBody(c, '*method')}`,
    (w, c) => `get x() { ${w.statements(insideFunction(c, 'method'), 1)}\n return ${w.step()} }`,
    (w, c) => `set x(v) { t(v); ${w.statements(insideFunction(c, 'method'), 1)}\n }`,
    (w, c) => `[${w.expression(c)}]: ${w.expression(c)}`,
    (w, c) => `[t(${w.step()}, 'k')]${w.parametersAndBody(c, 'method')}`,
    (w, c) => `...${w.expression(c)}`,
    (w, c) => `f: ${w.functionExpression(c)}`,
    () => `__proto__: { m() { return 'proto' }, x: 'far' }`,
    (w, c) => (c.variables.length === 0 ? '' : w.choices.pick(c.variables)),
    () => `valueOf() { t('valueOf'); return 2 }`,
  ];
  const written = members.filter(() => w.choices.oneIn(4)).map((member) => member(w, context));
  return `({ ${written.filter((text) => text !== '').join(',\n')} })`;
}

function assignment(w: Writer, context: Context): string {
  if (context.variables.length === 0) return w.leaf(context);
  const name = w.choices.pick(context.variables);
  const value = w.expression(context);
  return w.choices.pick([
    `(${name} ${w.choices.pick(['=', '-=', '+=', '??=', '||=', '&&=', '**='])} ${value})`,
    `(${name}${w.choices.pick(['++', '--'])})`,
    `(${w.choices.pick(['++', '--'])}${name})`,
    `([${name}, ${name} = ${w.leaf(context)}] = [${value}])`,
    `({ p: ${name} = ${w.leaf(context)} } = ${value})`,
    `((${name} ?? {}).q = ${value})`,
    `(delete ${name}?.p, delete ${name}?.[${w.leaf(context)}])`,
    ...(context.arguments ? [`(arguments[0] = ${value})`] : []),
    ...(context.super ? [`(super.z = ${value})`] : []),
  ]);
}

function call(w: Writer, context: Context): string {
  if (context.functions.length === 0) return w.leaf(context);
  const name = w.choices.pick(context.functions);
  const once = `${name}(${w.leaf(context)}, ${w.leaf(context)})`;
  return w.choices.pick([
    once,
    once,
    `${name}(...counted(2))`,
    `${name}.call(${w.leaf(context)}, ${w.leaf(context)})`,
    `${name}?.(${w.expression(context)})`,
    `new ${name}(1)`,
    `(later?.(attempt(() => ${once})), 1)`,
    `attempt(() => [...${once}].length)`,
    `drive(attempt(() => ${once}), [${script(w)}])`,
    `(later(driveAsync(attempt(() => ${once}), [${script(w)}])), 2)`,
  ]);
}

function script(w: Writer): string {
  return Array.from({ length: w.choices.upTo(4) + 1 }, () =>
    w.choices.pick(["'next'", "'next'", "'return'", "'throw'"]),
  ).join(', ');
}

function asynchronous(w: Writer, context: Context): string {
  if (!context.await) return `(later(Promise.resolve(${w.leaf(context)}).then(${w.arrow(context)})), 3)`;
  const value = w.expression(context);
  return w.choices.pick([
    `(await ${value})`,
    `(await thenable(${value}))`,
    `(await null, ${value})`,
    `(await Promise.all([${value}, ${w.expression(context)}]))`,
    `(await Promise.reject(new RangeError('rejected')).catch(${w.arrow(context)}))`,
  ]);
}

function generating(w: Writer, context: Context): string {
  if (!context.yield) {
    const kind = w.choices.pick(['function*', 'async function*'] as const);
    const made = `(${kind} ${w.parametersAndBody(context, kind)})(1), [${script(w)}]`;
    return kind === 'function*' ? `drive(${made})` : `(later(driveAsync(${made})), 4)`;
  }
  return w.choices.pick([
    `(yield ${w.expression(context)})`,
    `(yield)`,
    `(yield* counted(${w.choices.upTo(2)}))`,
    `(yield* [${w.expression(context)}])`,
  ]);
}

/** What only some functions have; elsewhere `this`. */
function reflection(w: Writer, context: Context): string {
  const options = ['typeof this', '(() => this)()', '(() => typeof this)()'];
  if (context.arguments) options.push('[...arguments]', '(() => arguments.length)()', 'arguments[1]');
  if (context.arguments && context.return && !context.strict) options.push('typeof arguments.callee');
  if (context.newTarget) options.push('(() => new.target === undefined)()', 'new.target?.name');
  if (context.super)
    options.push(`super.m?.(${w.leaf(context)})`, '(() => super.g)()', 'super.constructor.name');
  return w.choices.pick(options);
}
