import { initSync, parse } from 'cjs-module-lexer';

let ready = false;

/**
 * Node never runs a CommonJS file to learn which names an ES module may import from it: it scans the text for
 * what compilers write. So weaving must leave the same names to be found, with the scanner that Node uses.
 * @returns what would be lost or gained, in one sentence, or undefined
 */
export function findChangedExports(original: string, woven: string): string | undefined {
  const before = exportsOf(original);
  if (before === undefined) return undefined;
  const after = exportsOf(woven) ?? new Set();
  const changed = [...before, ...after].filter((name) => before.has(name) !== after.has(name));
  if (changed.length === 0) return undefined;
  return `ES modules that import ${changed.map((name) => `\`${name}\``).join(', ')} from it would no longer find the same.`;
}

/** Names and re-exports that the scanner finds; undefined where it gives up. */
function exportsOf(code: string): Set<string> | undefined {
  if (!ready) {
    initSync();
    ready = true;
  }
  try {
    const { exports, reexports } = parse(code);
    return new Set([...exports, ...reexports.map((from) => `* from '${from}'`)]);
  } catch {
    return undefined;
  }
}
