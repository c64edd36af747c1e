import type { Choices } from './choices.ts';
import type { Context, FunctionKind } from './context.ts';

/** Writes one program: what the parts of the grammar share, and the parts that refer to each other. */
export interface Writer {
  readonly choices: Choices;
  /** A name that the program does not have yet. */
  fresh(prefix: string): string;
  /** A name that a later statement may declare: read too early, or never declared at all. */
  notYet(): string;
  /** A number that tells this place in the trace from all others. */
  step(): number;
  /** Whether one more compound statement or expression may be written. */
  spend(context: Context): boolean;

  statements(context: Context, max: number): string;
  /** What may follow `if (…)`: a block or a statement without braces. */
  body(context: Context): string;
  expression(context: Context): string;
  leaf(context: Context): string;
  /** A function, arrow or class, to be put into parentheses. */
  functionExpression(context: Context): string;
  arrow(context: Context): string;
  classText(context: Context, name: string): string;
  parametersAndBody(context: Context, kind: FunctionKind, own?: string): string;
  /** A destructuring pattern and the variables it declares. */
  pattern(context: Context): readonly [text: string, variables: readonly string[]];
}
