import type { FunctionView } from '@dormouse/protocol';
import { namesOf, type BuildIndex, type IndexedFunction } from './build-index.js';

/** What a search compares with, best first: a function of that name, in a file of that name, that knows a variable of that name. */
const RANKS = ['name', 'file', 'variable'] as const;

/**
 * Functions whose name, file or variables contain a text, in any case; without one, all. The best come first, and then
 * those of one file in its order.
 * @param files only of these sources
 */
export function findFunctions(build: BuildIndex, files: readonly string[], search = ''): FunctionView[] {
  const wanted = search.toLowerCase();
  const found = files.flatMap((path) =>
    build.functions(path).map((indexed) => viewFunction(build, path, indexed)),
  );
  return found
    .map((view) => ({ view, rank: rankOf(view, wanted) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank)
    .map(({ view }) => view);
}

function rankOf({ function: named, file, variables }: FunctionView, wanted: string): number {
  const has = (text: string): boolean => text.toLowerCase().includes(wanted);
  const isIn = { name: has(named), file: has(file), variable: variables.some(has) };
  return RANKS.findIndex((place) => isIn[place]);
}

function viewFunction({ buildId }: BuildIndex, path: string, { file, fn }: IndexedFunction): FunctionView {
  const known = fn.points.flatMap(({ locals, outers = [] }) => [...locals, ...outers]);
  return {
    buildId,
    file: path,
    function: fn.name,
    kind: fn.kind,
    form: fn.form,
    async: fn.async,
    exits: fn.exits,
    line: fn.line,
    endLine: fn.endLine,
    lines: [...new Set(fn.points.map(({ line }) => line))].sort((a, b) => a - b),
    variables: namesOf(file, [...new Set([...fn.parameters, ...known])]),
  };
}
