import type { FunctionView, PointView } from '@dormouse/protocol';
import type { SourceText, TextOrigin } from '../../../state/sources.svelte.js';

export interface CodeLine {
  /** In the original source, from 1. */
  readonly number: number;
  readonly text: string;
  /** Statements that a probe can stand before, by column. */
  readonly points: readonly PointView[];
}

/** A file as it is shown: every line of its source, or of the outline those of which something is known. */
export interface CodeDocument {
  readonly file: string;
  readonly origin: TextOrigin | 'outline';
  /** The text is another one than was woven. */
  readonly isOther: boolean;
  readonly lines: readonly CodeLine[];
  readonly functions: readonly FunctionView[];
}

export interface FileKnowledge {
  readonly file: string;
  readonly points: readonly PointView[];
  readonly functions: readonly FunctionView[];
}

export function textDocument(
  { file, points, functions }: FileKnowledge,
  { text, origin, isOther }: SourceText,
): CodeDocument {
  const byLine = Map.groupBy(points, ({ line }) => line);
  const lines = text.split(/\r\n|\n/).map((line, index) => ({
    number: index + 1,
    text: line,
    points: byLine.get(index + 1) ?? [],
  }));
  return { file, origin, isOther, lines, functions };
}

const INDENT = '  ';

/**
 * What the manifest tells of a file without its text: where functions begin, and at each statement the variables that are
 * new in its function.
 *
 *     38  ƒ check(order)
 *     39    order
 *     41    + amount
 */
export function outlineDocument({ file, points, functions }: FileKnowledge): CodeDocument {
  const byLine = Map.groupBy(points, ({ line }) => line);
  const starts = Map.groupBy(functions.filter(isNamed), ({ line }) => line);
  const known = new Map<string, ReadonlySet<string>>();
  const numbers = [...new Set([...byLine.keys(), ...starts.keys()])].sort((a, b) => a - b);
  const lines = numbers.map((number) => {
    const here = byLine.get(number) ?? [];
    const depth = functions.filter((fn) => isNamed(fn) && fn.line < number && number <= fn.endLine).length;
    const heads = (starts.get(number) ?? []).map(headOf);
    const news = here.slice(0, 1).map((point) => newsOf(point, known));
    return { number, text: INDENT.repeat(depth) + [...heads, ...news].join('  '), points: here };
  });
  return { file, origin: 'outline', isOther: false, lines, functions };
}

const isNamed = ({ kind }: FunctionView): boolean => kind !== 'module';

const headOf = ({ function: name, async }: FunctionView): string => `${async ? 'async ' : ''}ƒ ${name}`;

/** Variables that the statements of the function before this one did not know. */
function newsOf(point: PointView, known: Map<string, ReadonlySet<string>>): string {
  const before = known.get(point.function);
  const news = point.variables.filter((name) => before?.has(name) !== true);
  known.set(point.function, new Set([...(before ?? []), ...point.variables]));
  if (news.length === 0) return '·';
  return before === undefined ? news.join(', ') : `+ ${news.join(', ')}`;
}

/** The line at or else before a number that a probe can stand on, in the same document; else the first after it. */
export function nearestLine({ lines }: CodeDocument, number: number): CodeLine | undefined {
  const able = lines.filter(({ points }) => points.length > 0);
  return able.findLast((line) => line.number <= number) ?? able[0];
}

/** The lines of a function below a line that a probe can stand on. */
export const linesAhead = ({ lines }: CodeDocument, number: number, of: string): readonly CodeLine[] =>
  lines.filter((line) => line.number > number && line.points.some((point) => point.function === of));
