import { type Context, deeper } from './context.ts';
import type { Writer } from './writer.ts';

/** A destructuring pattern whose defaults and keys may do anything, and the variables it declares. */
export function pattern(w: Writer, context: Context): readonly [text: string, variables: readonly string[]] {
  const a = w.fresh('v');
  const b = w.fresh('v');
  const value = (): string => w.expression(deeper(context));
  return w.choices.pick<() => readonly [string, readonly string[]]>([
    () => [a, [a]],
    () => [a, [a]],
    () => [`{ p: ${a} = ${value()}, ...${b} }`, [a, b]],
    () => [`[${a}, ${b} = ${a}]`, [a, b]],
    () => [`[, ${a} = ${value()}, ...${b}]`, [a, b]],
    () => [`{ [${value()}]: ${a} = ${value()}, ${b} = ${a} }`, [a, b]],
    () => [`{ length: ${a} = 1, p: [${b} = ${value()}] = [] }`, [a, b]],
  ])();
}
