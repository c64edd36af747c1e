import { type Context, type FunctionKind, declaring, insideArrow, insideFunction } from './context.ts';
import { wait } from './waits.ts';
import type { Writer } from './writer.ts';

/** A function, arrow or class, to be put into parentheses. */
export function functionExpression(w: Writer, context: Context): string {
  const kind = w.choices.pick([
    'arrow',
    'arrow',
    'arrow',
    'async arrow',
    'function',
    'async function',
    'function*',
    'async function*',
    'class',
  ] as const);
  if (kind === 'arrow') return w.arrow(context);
  if (kind === 'async arrow') return asyncArrow(w, context);
  if (kind === 'class') return w.classText(context, w.choices.oneIn(2) ? w.fresh('C') : '');
  const name = w.choices.oneIn(2) ? w.fresh('n') : undefined;
  const inner = name === undefined ? context : declaring(context, { variables: [name] });
  return `${kind}${name === undefined ? '' : ` ${name}`}${w.parametersAndBody(inner, kind)}`;
}

export function arrow(w: Writer, context: Context): string {
  const [parameters, inner] = arrowParameters(w, context, insideArrow(context, { async: false }));
  return `${parameters} => ${arrowBody(w, inner)}`;
}

function asyncArrow(w: Writer, context: Context): string {
  const [parameters, inner] = arrowParameters(w, context, insideArrow(context, { async: true }));
  return `async ${parameters} => ${arrowBody(w, inner)}`;
}

/** Parameters may neither await nor yield, whatever the text around may. */
function arrowParameters(w: Writer, context: Context, inside: Context): readonly [string, Context] {
  const outside = { ...context, await: false, yield: false, depth: context.depth + 1 };
  const a = w.fresh('a');
  const [text, variables] = w.choices.pick<() => readonly [string, readonly string[]]>([
    () => [a, [a]],
    () => [`(${a})`, [a]],
    () => [`(${a} = ${w.expression(outside)})`, [a]],
    () => [`(...${a})`, [a]],
    () => ['()', []],
    () => {
      const [bound, variables] = w.pattern(outside);
      return [`(${bound} = {})`, variables];
    },
  ])();
  return [text, declaring(inside, { variables })];
}

function arrowBody(w: Writer, inner: Context): string {
  return w.choices.pick([
    () => w.expression(inner),
    ...(inner.await ? [() => wait(w, inner)] : []),
    () => `(${w.expression(inner)}, ${w.expression(inner)})`,
    () => w.arrow(inner),
    () => `{ t(${w.step()})\n${w.statements(inner, 2)}\n }`,
    () => `{ ${w.statements(inner, 2)}\n return ${w.leaf(inner)} }`,
  ])();
}

/** From the opening parenthesis to the closing brace. Only its body, which burns fuel, may call the function itself. */
export function parametersAndBody(w: Writer, context: Context, kind: FunctionKind, own?: string): string {
  const inside = insideFunction(context, kind);
  const defaults = { ...inside, await: false, yield: false };
  const a = w.fresh('a');
  const b = w.fresh('b');
  const [parameters, simple] = w.choices.pick<() => readonly [string, boolean]>([
    () => [`${a}, ${b}`, true],
    () => [`${a}, ${b}`, true],
    () => [`${a} = t(${w.step()}), ${b} = ${a}`, false],
    () => [`${a}, ...${b}`, false],
    () => [`${a}, { length: ${b} = 1 } = [1]`, false],
    () => [`${a}, ${b} = () => ${a}`, false],
    () => [`${a} = attempt(() => ${b}), ${b} = ${w.expression(defaults)},`, false],
  ])();
  const useStrict = simple && w.choices.oneIn(6);
  const inner = declaring(inside, { variables: [a, b], functions: own === undefined ? [] : [own] });
  return `(${parameters}) { ${functionBody(w, useStrict ? { ...inner, strict: true } : inner, a, useStrict)} }`;
}

function functionBody(w: Writer, inner: Context, a: string, useStrict: boolean): string {
  const directive = useStrict
    ? w.choices.pick(["'use strict'\n", "/**/ 'use strict'; ", '"x"\n"use strict"\n'])
    : '';
  const again = w.choices.oneIn(8)
    ? w.choices.pick([`var ${a}\n`, `var ${a} = 5\n`, `function ${a}() { return t(${w.step()}) }\n`])
    : '';
  const end = w.choices.pick([
    `return ${a}`,
    `return ${a}\n`,
    '',
    `return\n${a}`,
    `return t(${a}), ${w.leaf(inner)}`,
  ]);
  return `${directive}t(${w.step()})\n${again}${w.statements(inner, 4)}\n ${end}`;
}
