import { type Context, type Declared, declaring, deeper } from './context.ts';
import type { Writer } from './writer.ts';

type Waiting = (w: Writer, context: Context) => readonly [text: string, declared?: Declared];

/**
 * A statement of a function that waits without parentheses around it, or undefined where nothing may wait. Behind some of
 * these at the top level, TypeScript's parser loses its way, and the module is left as it was.
 */
export function waiting(w: Writer, context: Context): ReturnType<Waiting> | undefined {
  if (!context.return || (!context.await && !context.yield)) return undefined;
  return w.choices.pick(context.await ? WAITING : YIELDING)(w, deeper(context));
}

/** `await x`, `yield x` and the like, as it may stand behind `=`, `return` or `=>`, and nowhere else. */
export function wait(w: Writer, context: Context): string {
  const mayYield = context.yield && (!context.await || w.choices.oneIn(2));
  return mayYield ? yielded(w, context) : awaited(w, context);
}

function awaited(w: Writer, context: Context): string {
  const keyword = w.choices.pick(['await ', 'await ', 'await', 'await\n', 'await/* c */', 'await // c\n  ']);
  const text = operand(w, context);
  return keyword === 'await' ? `await(${text})` : keyword + text;
}

function yielded(w: Writer, context: Context): string {
  return w.choices.pick([
    () => `yield ${operand(w, context)}`,
    () => `yield(${w.expression(context)})`,
    () => 'yield',
    () => `yield* ${w.choices.pick(['counted(2)', w.leaf(context)])}`,
    () => `yield yield ${w.leaf(context)}`,
  ])();
}

function operand(w: Writer, context: Context): string {
  const value = w.expression(context);
  return w.choices.pick([
    value,
    w.leaf(context),
    `thenable(${value})`,
    `Promise.resolve(${value})`,
    `Promise.reject(${value})`,
    `t(${w.step()}, ${value})`,
    `new (class P extends Promise {})(f => f(${value}))`,
    ...(context.await ? [`await ${value}`, `thenable(await ${value})`] : []),
  ]);
}

const WAITING: readonly Waiting[] = [
  (w, c) => [wait(w, c)],
  (w, c) => [wait(w, c)],
  (w, c) => [`${w.fresh('L')}: ${wait(w, c)}`],
  declared,
  declared,
  assigned,
  (w, c) => [`if (${awaited(w, c)}) ${wait(w, c)}\nelse ${awaited(w, c)}`],
  (w, c) => [`if (${w.leaf(c)}) ${wait(w, c)}`],
  (w, c) => [
    `while (${awaited(w, c)} && fuel-- > 0) ${awaited(w, { ...c, depth: Infinity })}\nt(${w.step()})`,
  ],
  (w, c) => [`do ${awaited(w, c)}\nwhile (fuel-- > 0 && ${awaited(w, c)})`],
  (w, c) => {
    const i = w.fresh('i');
    const head = `let ${i} = await ${w.choices.upTo(2)}; ${i} < await 2 && fuel-- > 0; ${i} += await 1`;
    return [`for (${head}) ${w.body(declaring({ ...c, breakable: true, loop: true }, { variables: [i] }))}`];
  },
  (w, c) => {
    const inner = { ...c, breakable: true };
    const cases = `case ${awaited(w, c)}: ${w.statements(inner, 1)}\ncase await 1: ${wait(w, c)}\n`;
    return [`switch (${awaited(w, c)}) { ${cases}default: ${awaited(w, c)}\n }`];
  },
  (w, c) => [`try { ${wait(w, c)} } finally { ${wait(w, c)} }`],
  (w, c) => [`try { ${wait(w, c)} } catch ({ message: e = ${awaited(w, c)} }) { t(e)\n${wait(w, c)} }`],
  quoted,
  quoted,
  (w, c) => [`t(${awaited(w, c)}, ...[${awaited(w, c)}], { p: ${awaited(w, c)}, [${awaited(w, c)}]: 1 }.p)`],
  (w, c) => [`t(\`\${${awaited(w, c)}}\`, typeof ${awaited(w, c)}, ${awaited(w, c)} ? ${awaited(w, c)} : 1)`],
  (w, c) => {
    const name = w.fresh('C');
    const members = `[${awaited(w, c)}]() { } static [await t(${w.step()}, 's')] = 2; static async m(v) { ${wait(w, { ...c, yield: false })} }`;
    return [
      `class ${name} extends (await ${w.choices.pick(['Object', w.leaf(c)])}) { ${members} }\n${name}.m(1).catch(t)`,
    ];
  },
];

const YIELDING: readonly Waiting[] = [(w, c) => [wait(w, c)], declared, assigned];

function declared(w: Writer, context: Context): ReturnType<Waiting> {
  const keyword = w.choices.pick(['let', 'const', 'var']);
  const [text, variables] = w.pattern(context);
  const other = w.choices.oneIn(3) ? w.fresh('v') : undefined;
  const more = other === undefined ? '' : `, ${other} = ${wait(w, context)}`;
  return [
    `${keyword} ${text} = ${wait(w, context)}${more}`,
    { variables: other === undefined ? variables : [...variables, other] },
  ];
}

function assigned(w: Writer, context: Context): ReturnType<Waiting> {
  if (context.variables.length === 0) return [wait(w, context)];
  const name = w.choices.pick(context.variables);
  const target = w.choices.pick([name, `(${name} ?? {}).q`, `[${name}]`, `[t(${w.step()}, ${name})].q`]);
  const operator = target === `[${name}]` ? '=' : w.choices.pick(['=', '+=', '??=', '&&=']);
  return [`;${target} ${operator} ${wait(w, context)}`];
}

/** Where V8 quotes what is awaited if it is not what it should be. */
function quoted(w: Writer, context: Context): ReturnType<Waiting> {
  const value = awaited(w, context);
  return [
    w.choices.pick([
      `;(${value})()`,
      `;(${value}).m(${awaited(w, context)})`,
      `;(${value})?.m?.(${awaited(w, context)}).x`,
      `new (${value})(${awaited(w, context)})`,
      `;[...${value}]`,
      `t(...${value})`,
      `for (const x of ${value}) t(x)`,
      `for await (const x of ${value}) { if (fuel-- > 0) continue; t(x) }`,
      `;(${value})\`\${${awaited(w, context)}}\``,
      `;((${value}) ?? 1)()`,
      `delete (${value}).x, void ${value}, 'x' in ${value}`,
    ]),
  ];
}
