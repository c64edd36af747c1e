import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';

/** Where each identifier of a text stands. */
function identifiers(
  code: string,
): readonly { readonly text: string; readonly line: number; readonly column: number }[] {
  const file = ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, true);
  const found: { text: string; line: number; column: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ text: node.text, line: line + 1, column: character });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function linesOf(code: string): readonly string[] {
  return code.split(/\r\n|[\n\r\u2028\u2029]/);
}

/** How many identifiers of `woven` lead back to the same identifier in `original`; the rest is ours. */
function walkBack(
  woven: string,
  map: ConstructorParameters<typeof TraceMap>[0],
  original: string,
): Map<string, number> {
  const trace = new TraceMap(map);
  const lines = linesOf(original);
  const counts = new Map<string, number>();
  for (const { text, line, column } of identifiers(woven)) {
    const found = originalPositionFor(trace, { line, column });
    if (found.source === null) continue;
    if (lines[found.line - 1]?.startsWith(text, found.column)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

describe('the source map', () => {
  const require = createRequire(import.meta.url);
  it.each(['acorn', 'semver/classes/range.js', 'marked'])(
    'leads every identifier of both bodies of %s back to itself',
    (path) => {
      const file = require.resolve(path);
      const code = readFileSync(file, 'utf8');
      const { code: woven, map, manifest } = weave(code, { filename: file });
      expect(manifest?.functions.some(({ form }) => form === 'twin')).toBe(true);
      const back = walkBack(woven, map as never, code);
      const expected = new Map<string, number>();
      for (const { text } of identifiers(code)) expected.set(text, (expected.get(text) ?? 0) + 1);
      for (const [text, count] of expected)
        expect([text, (back.get(text) ?? 0) >= count]).toEqual([text, true]);
    },
    120_000,
  );

  const SOURCE = `export function price(cart: { items: number[] }, rate: number): number {
  let total: number = 0;
  // a comment that the twin drops
  for (const item of cart.items) {
    total += item * rate;
  }
  return total;
}
export const double = (value: number) =>
  value * 2;
`;

  it('leads through a compiler’s map to the original line and column, in both bodies', () => {
    const { outputText, sourceMapText } = ts.transpileModule(SOURCE, {
      fileName: 'src/price.ts',
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true },
    });
    const { code, map } = weave(outputText, { filename: 'src/price.js', map: sourceMapText });
    const trace = new TraceMap(map as never);
    const lines = code.split('\n');
    for (const [text, line, column] of [
      ['total += item', 5, 4],
      ['item of', 4, 13],
      ['return total', 7, 2],
      ['value * 2', 10, 2],
    ] as const) {
      const places = lines.flatMap((found, n) =>
        [...found.matchAll(new RegExp(text.replace(/[*+]/g, '\\$&'), 'g'))].map(({ index }) =>
          originalPositionFor(trace, { line: n + 1, column: index }),
        ),
      );
      expect(places).toHaveLength(2);
      for (const place of places) expect(place).toMatchObject({ source: 'price.ts', line, column });
    }
    expect(map?.sources).toEqual(['price.ts']);
  });

  it('keeps the names that the given map knows', () => {
    const code = 'function a(b){var c=b;return c}';
    // `a` was `price`, `b` was `cart`, `c` was `total`.
    const map = {
      version: 3 as const,
      sources: ['price.ts'],
      names: ['price', 'cart', 'total'],
      sourcesContent: ['function price(cart){var total=cart;return total}'],
      mappings: 'AAAA,SAASA,EAAMC,GAAM,IAAIC,EAAMD,EAAK,OAAOC',
    };
    const { code: woven, map: composed, manifest } = weave(code, { filename: 'price.js', map });
    const trace = new TraceMap(composed as never);
    const named = [...woven.matchAll(/\bc\b/g)].map(
      ({ index }) => originalPositionFor(trace, { line: 1, column: index }).name,
    );
    expect(named.filter((name) => name === 'total').length).toBeGreaterThanOrEqual(4);
    expect(manifest?.names).toEqual(['cart', 'total']);
    expect(manifest?.functions[0]).toMatchObject({ name: 'price', line: 1 });
  });

  it('gives our own text the place of the statement it stands before, or none', () => {
    const code = 'function f(a) {\n  return a;\n}\nasync function g(b) {\n  return b;\n}\n';
    const { code: woven, map } = weave(code, { filename: 'f.js' });
    const trace = new TraceMap(map as never);
    expect(originalPositionFor(trace, { line: 1, column: 0 }).source).toBeNull();
    const hook = woven.split('\n')[4]?.indexOf('$dm_') as number;
    expect(originalPositionFor(trace, { line: 5, column: hook })).toMatchObject({ line: 5, column: 2 });
  });
});
