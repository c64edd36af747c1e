import { readFileSync } from 'node:fs';

/**
 * Whether text that is said to be a file's own can be: a plugin that compiles and gives no source map says so, too. What is
 * only edited within its lines keeps their number. Text of no file is its own original.
 */
export function isLineByLine(code: string, path: string): boolean {
  const original = readIfThere(path);
  return original === undefined || original === code || linesIn(original) === linesIn(code);
}

/**
 * Whether a source map only says that each character is where it was, as Rollup makes it for a module that no plugin has
 * given a map for.
 */
export function isUntold(mappings: string): boolean {
  return mappings.split(';').every((line) => CHARACTER_BY_CHARACTER.test(line));
}

const CHARACTER_BY_CHARACTER = /^(?:AA[A-Za-z\d+/]+(?:,CAAC)*)?$/;

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linesIn(text: string): number {
  return text.trimEnd().split('\n').length;
}
