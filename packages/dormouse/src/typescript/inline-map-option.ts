import type ts from 'typescript';

/** Options that had no source map before one was borrowed, and what their `inlineSourceMap` was. */
const borrowed = new Map<ts.CompilerOptions, boolean | undefined>();

/**
 * Without a source map, nothing could be told in terms of the source. Where the project asks for none, the compiler is
 * made to append one, from the transformation of a file to its output.
 */
export function borrowInlineMap(options: ts.CompilerOptions): void {
  if (options.sourceMap === true || options.inlineSourceMap === true) return;
  borrowed.set(options, options.inlineSourceMap);
  options.inlineSourceMap = true;
}

/** @returns whether the map of the file just emitted was only borrowed, and has to be taken off */
export function returnInlineMap(options: ts.CompilerOptions): boolean {
  if (!borrowed.has(options)) return false;
  const before = borrowed.get(options);
  if (before === undefined) delete options.inlineSourceMap;
  else options.inlineSourceMap = before;
  borrowed.delete(options);
  return true;
}
