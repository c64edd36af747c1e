import { type Context, declaring, deeper } from './context.ts';
import type { Writer } from './writer.ts';

/** A loop that ends: it counts, it goes over few things, or it burns fuel. */
export function loop(w: Writer, context: Context): string {
  const label = w.choices.oneIn(2) ? w.fresh('L') : undefined;
  const labels = label === undefined ? context.labels : [...context.labels, { name: label, loop: true }];
  const inner = { ...deeper(context), labels, breakable: true, loop: true };
  return w.choices.pick(context.await ? [...LOOPS, forAwait] : LOOPS)(
    w,
    inner,
    label === undefined ? '' : w.choices.pick([`${label}: `, `${label}:\n`]),
  );
}

type Loop = (w: Writer, inner: Context, label: string) => string;

const LOOPS: readonly Loop[] = [
  counting,
  counting,
  (w, c, label) => iterating(w, c, `${label}for`, `of [1, 'two', [3]]`),
  (w, c, label) => iterating(w, c, `${label}for`, `of counted(3)`),
  (w, c, label) => iterating(w, c, `${label}for`, `of [{ p: [${w.leaf(c)}] }, { length: 2 }]`),
  (w, c, label) => iterating(w, c, `${label}for`, `in { a: 1, b: ${w.expression(c)} }`),
  assigning,
  (w, c, label) => {
    const i = w.fresh('i');
    return `var ${i} = 0\n${label}while (${i}++ < 2 && fuel-- > 0) ${w.body(declaring(c, { variables: [i] }))}`;
  },
  (w, c, label) => {
    const i = w.fresh('i');
    const body = w.body(declaring(c, { variables: [i] }));
    return `var ${i} = 0\n${label}do ${/^[{;]/.test(body) ? body : `${body}\n`} while (${i}++ < 2 && fuel-- > 0)${w.choices.pick(['', ';'])}`;
  },
];

/** With closures over the variable of each turn. */
function counting(w: Writer, context: Context, label: string): string {
  const i = w.fresh('i');
  const get = w.fresh('f');
  const keyword = w.choices.pick(['let', 'let', 'var']);
  const closure = w.choices.oneIn(3) ? `, ${get} = () => ${i}++` : '';
  const body = w.body(declaring(context, { variables: [i], functions: closure === '' ? [] : [get] }));
  return `${label}for (${keyword} ${i} = ${w.choices.pick(['0', w.expression(context)])}${closure}; ${i} < 3 && fuel-- > 0; ${i}++) ${body}`;
}

function iterating(w: Writer, context: Context, head: string, tail: string): string {
  const [text, variables] = w.pattern(context);
  const keyword = w.choices.pick(['let', 'const', 'var']);
  return `${head} (${keyword} ${text} ${tail}) ${w.body(declaring(context, { variables }))}`;
}

/** Into what exists already. */
function assigning(w: Writer, context: Context, label: string): string {
  if (context.variables.length === 0) return iterating(w, context, `${label}for`, 'of "ab"');
  const name = w.choices.pick(context.variables);
  const target = w.choices.pick([
    name,
    `(${name} ?? {}).q`,
    `[${name}]`,
    `{ p: ${name} = ${w.leaf(context)} }`,
  ]);
  return `${label}for (${target} of [[1], { p: 2 }]) ${w.body(context)}`;
}

function forAwait(w: Writer, context: Context, label: string): string {
  return iterating(
    w,
    context,
    `${label}for await`,
    `of ${w.choices.pick(['[1, Promise.resolve(2)]', 'counted(2)', `(async function* () { yield t(${w.step()}); yield ${w.leaf({ ...context, arguments: false, super: false, newTarget: false })} })()`])}`,
  );
}
