import { useOfClass } from './classes.ts';
import { type Context, type Declared, type FunctionKind, declaring, deeper } from './context.ts';
import { loop } from './loops.ts';
import { wait, waiting } from './waits.ts';
import type { Writer } from './writer.ts';

/** A statement's text, and what it declares for those after it. */
type Statement = readonly [text: string, declared?: Declared | undefined];

/** Statements in a row, in a layout that leaves out what may be left out. */
export function statements(w: Writer, context: Context, max: number): string {
  const texts: string[] = [];
  let inner = context;
  for (let n = w.choices.upTo(max) + 1; n > 0; n--) {
    const [text, declared = {}] = statement(w, inner);
    inner = declaring(inner, declared);
    texts.push(text);
  }
  return texts.join(w.choices.pick(['\n', '\n', '\n  ', '\r\n', ' \n/* c */ ', ' // c\n', '/* c\n */']));
}

function statement(w: Writer, context: Context): Statement {
  const end = w.choices.pick(['', '', ';']);
  if (!w.spend(context)) return [`t(${w.step()}, ${w.leaf(context)})${end}`];
  const [text, declared] = w.choices.pick(STATEMENTS)(w, context);
  return [/[}]$/.test(text) ? text : text + end, declared];
}

const STATEMENTS: readonly ((w: Writer, context: Context) => Statement)[] = [
  declaration,
  declaration,
  functionDeclaration,
  functionDeclaration,
  classDeclaration,
  (w, c) => [compound(w, deeper(c))],
  (w, c) => [compound(w, deeper(c))],
  (w, c) => [loop(w, c)],
  (w, c) => [loop(w, c)],
  (w, c) => [jump(w, c)],
  (w, c) => [jump(w, c)],
  (w, c) => waiting(w, c) ?? [simple(w, c)],
  (w, c) => waiting(w, c) ?? [simple(w, c)],
  (w, c) => [simple(w, c)],
  (w, c) => [simple(w, c)],
  (w, c) => [simple(w, c)],
];

/** Now and then without the semicolon that keeps the line before apart. */
function simple(w: Writer, context: Context): string {
  const value = w.expression(context);
  const guard = w.choices.oneIn(10) ? '' : ';';
  return w.choices.pick([
    `${guard}${/^(?:function|class|async|\{|let)/.test(value) ? `(${value})` : value}`,
    `void ${value}`,
    `t(${w.step()}, ${value})`,
    `t(${w.step()},\n  ${value}\n)`,
    `${guard}[${value}]`,
    `${guard}\`\${${value}}\``,
    `${w.choices.pick(['+', '-', '!'])}${value}`,
    `t(${w.step()}), ${value}`,
    'debugger',
  ]);
}

function declaration(w: Writer, context: Context): Statement {
  const keyword = w.choices.pick(['let', 'const', 'var']);
  const name = w.fresh('v');
  const value = w.expression(context);
  return w.choices.pick<() => Statement>([
    () => [`${keyword} ${name} = ${value}`, { variables: [name] }],
    () => [`${keyword} ${name} = ${w.functionExpression(context)}`, { functions: [name] }],
    () => {
      const [text, variables] = w.pattern(context);
      return [
        `${keyword} ${text} = ${w.choices.pick([value, `{ p: ${value} }`, `[${value}]`])}`,
        { variables },
      ];
    },
    () => {
      const other = w.fresh('v');
      return [`${keyword} ${name} = ${value},\n  ${other} = ${name}`, { variables: [name, other] }];
    },
    () => [`${keyword === 'var' ? 'var' : 'let'} ${name}`, { variables: [name] }],
  ])();
}

/** Sometimes called before its text. */
function functionDeclaration(w: Writer, context: Context): Statement {
  const name = w.fresh('f');
  const kind = w.choices.pick<FunctionKind>([
    'function',
    'function',
    'async function',
    'function*',
    'async function*',
  ]);
  const early = w.choices.oneIn(3) ? `attempt(() => ${name}(${w.leaf(context)}))\n` : '';
  return [`${early}${kind} ${name}${w.parametersAndBody(context, kind, name)}`, { functions: [name] }];
}

function classDeclaration(w: Writer, context: Context): Statement {
  const name = w.fresh('C');
  return [`${w.classText(context, name)}\n${useOfClass(w, name)}`, { functions: [name] }];
}

function compound(w: Writer, context: Context): string {
  return w.choices.pick([
    () => `if (${w.expression(context)}) ${w.body(context)}\nelse ${w.body(context)}`,
    () => `if (${w.expression(context)}) ${w.body(context)}`,
    () => tryStatement(w, context),
    () => tryStatement(w, context),
    () => switchStatement(w, context),
    () => labelled(w, context),
    () => `{ ${w.statements(context, 2)}\n }`,
    () =>
      context.strict
        ? `{ ${w.statements(context, 1)}\n }`
        : `with (${w.choices.pick(['{ p: 1 }', w.expression(context)])}) ${w.body(context)}`,
  ])();
}

/** A `finally` may jump too, over whatever was on its way out. */
function tryStatement(w: Writer, context: Context): string {
  const e = w.fresh('e');
  const [caught, variables] = w.choices.pick<readonly [string, readonly string[]]>([
    [` (${e})`, [e]],
    [` ({ message: ${e} })`, [e]],
    ['', []],
  ]);
  const handler = `catch${caught} { ${w.statements(declaring(context, { variables }), 1)}\n }`;
  const last = `finally { ${w.statements(context, 1)}\n }`;
  return `try { ${w.statements(context, 2)}\n } ${w.choices.pick([handler, last, `${handler} ${last}`])}`;
}

function switchStatement(w: Writer, context: Context): string {
  const clauses = w.choices.some([
    'case 0:',
    'case 1: case 2:',
    'default:',
    `case t(${w.step()}, 'u'):`,
    `case ${w.leaf(context)}:`,
  ]);
  const bodies = clauses.map((clause) =>
    w.choices.oneIn(5)
      ? clause
      : `${clause} ${w.statements({ ...context, breakable: true }, 1)}${w.choices.oneIn(2) ? '\nbreak' : ''}`,
  );
  return `switch (${w.expression(context)}) { ${bodies.join('\n')}\n }`;
}

function labelled(w: Writer, context: Context): string {
  const name = w.fresh('L');
  const labels = [...context.labels, { name, loop: false }];
  return `${name}: { ${w.statements({ ...context, labels }, 2)}\n }`;
}

/** A statement without braces, or a block. */
export function body(w: Writer, context: Context): string {
  return w.choices.pick([
    () => `{ ${w.statements(context, 2)}\n }`,
    () => `{ ${w.statements(context, 2)}\n }`,
    () => `void ${w.expression(context)};`,
    () => `t(${w.step()});`,
    () => `${bareJump(w, context)};`,
    () => `{ ${jump(w, context)} }`,
    () => ';',
  ])();
}

function jump(w: Writer, context: Context): string {
  return `if (${w.expression(context)}) ${bareJump(w, context)}`;
}

function bareJump(w: Writer, context: Context): string {
  const { labels, breakable, loop: inLoop } = context;
  return w.choices.pick([
    ...labels.map(({ name }) => `break ${name}`),
    ...labels.filter(({ loop: isLoop }) => isLoop).map(({ name }) => `continue ${name}`),
    ...(breakable ? ['break'] : []),
    ...(inLoop ? ['break', 'continue'] : []),
    ...(context.return && context.await ? [`return ${wait(w, context)}`, `throw ${wait(w, context)}`] : []),
    ...(context.return
      ? ['return', `return ${w.expression(context)}`, `return (${w.leaf(context)},\n ${w.leaf(context)})`]
      : []),
    `throw new TypeError('thrown ' + ${w.step()})`,
    `throw ${w.leaf(context)}`,
  ]);
}
