import type { FunctionView } from '@dormouse/protocol';
import { namesOf, type BuildIndex, type IndexedFunction } from './build-index.js';

/**
 * Functions of which every word of a search is part of their name, their file or one of their variables, in any case; all,
 * without a word. The best come first: by their name rather than their file, and by their file rather than a variable.
 * @param files only of these sources
 */
export function findFunctions(build: BuildIndex, files: readonly string[], search = ''): FunctionView[] {
  const words = search.toLowerCase().split(/\s+/);
  const all = files.flatMap((path) =>
    build.functions(path).map((indexed) => viewFunction(build, path, indexed)),
  );
  return all
    .map((view) => ({ view, distance: distanceOf(view, words) }))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance)
    .map(({ view }) => view);
}

function distanceOf({ function: named, file, variables }: FunctionView, words: readonly string[]): number {
  const [name, path, known] = [named, file, variables.join('\n')].map((text) => text.toLowerCase());
  return words.reduce((sum, word) => {
    if (name!.includes(word)) return sum;
    if (path!.includes(word)) return sum + 1;
    return known!.includes(word) ? sum + 2 : Infinity;
  }, 0);
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
