import type { ManifestFunction } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { nearestNames } from '../nearest.js';
import type { BuildIndex, IndexedFunction } from './build-index.js';

/** What a person says of a function: its name, a line of it, or both. */
export interface FunctionQuery {
  readonly function?: string;
  readonly line?: number;
}

/**
 * The function of a source that a person means: of several around a line, the innermost.
 * @throws {CollectorError} UNKNOWN_FUNCTION, AMBIGUOUS_FUNCTION
 */
export function findFunction(build: BuildIndex, path: string, query: FunctionQuery): IndexedFunction {
  const all = build.functions(path).filter(({ fn }) => fn.kind !== 'module');
  const named =
    query.function === undefined ? all : all.filter(({ fn }) => isNamed(fn, query.function as string));
  const { line } = query;
  const matching = line === undefined ? named : innermost(named, line);
  const [only] = matching;
  if (only === undefined) throw unknownFunction(path, query, all);
  if (matching.length > 1) throw ambiguousFunction(path, query, matching);
  return only;
}

/** `settle` means `Ledger.settle` too. */
function isNamed({ name }: ManifestFunction, wanted: string): boolean {
  return name === wanted || name.endsWith(`.${wanted}`);
}

function innermost(functions: readonly IndexedFunction[], line: number): readonly IndexedFunction[] {
  const around = functions.filter(({ fn }) => fn.line <= line && line <= fn.endLine);
  const length = ({ fn }: IndexedFunction): number => fn.endLine - fn.line;
  const shortest = Math.min(...around.map(length));
  return around.filter((one) => length(one) === shortest);
}

function unknownFunction(
  path: string,
  query: FunctionQuery,
  all: readonly IndexedFunction[],
): CollectorError {
  const names = [...new Set(all.map(({ fn }) => fn.name))];
  const suggestions = query.function === undefined ? [] : nearestNames(query.function, names);
  const what =
    query.function === undefined ? `no function around line ${query.line}` : `no ${query.function}`;
  const hint = suggestions.length > 0 ? ` Is it ${suggestions.join(' or ')}?` : '';
  return new CollectorError('UNKNOWN_FUNCTION', `${path} has ${what}.${hint}`, {
    path: 'function',
    suggestions,
  });
}

function ambiguousFunction(
  path: string,
  query: FunctionQuery,
  matching: readonly IndexedFunction[],
): CollectorError {
  const lines = matching.map(({ fn }) => fn.line);
  return new CollectorError(
    'AMBIGUOUS_FUNCTION',
    `${path} has several functions ${query.function ?? ''} there: they start on the lines ${lines.join(', ')}. Give the line too.`,
    { path: 'function', suggestions: matching.map(({ fn }) => `${path}:${fn.line} ${fn.name}`) },
  );
}
