import type { ManifestFunction, StackFrame } from '@dormouse/protocol';
import type { BuildIndex, IndexedFunction } from './build-index.js';

/**
 * The woven function that a frame of a stack is of, if that is certain: of this name, around this place, and no other such
 * one. Frames of minified code have names that no source knows.
 */
export function findFrame(build: BuildIndex, frame: StackFrame): IndexedFunction | undefined {
  const name = ownName(frame.function);
  const around = build
    .functions(frame.file)
    .filter(({ fn }) => fn.kind !== 'module' && nameOf(fn) === name && isAround(fn, frame));
  const [innermost, ...others] = around.sort((a, b) => b.fn.line - a.fn.line || b.fn.column - a.fn.column);
  if (innermost === undefined) return undefined;
  // Where a function ends in its last line is not known.
  return others.length === 0 || frame.line < innermost.fn.endLine ? innermost : undefined;
}

const isAround = (fn: ManifestFunction, { line, column }: StackFrame): boolean =>
  (fn.line < line || (fn.line === line && fn.column <= column)) && line <= fn.endLine;

/** `Ledger.settle` is `Branch.settle` for a heir, and a constructor is called by its class. */
const nameOf = ({ name, kind }: ManifestFunction): string =>
  kind === 'constructor' ? name.replace(/\.constructor$/, '') : ownName(name);

const ownName = (name: string): string => name.replace(/^.*\./, '').replace(/^(?:new|get|set) /, '');
