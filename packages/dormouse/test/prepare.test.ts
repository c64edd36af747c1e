import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { weave, type WeaveResult, inlineMap, sourceMapOf } from '@dormouse/transformer';
import { expect, it } from 'vitest';
import ts from 'typescript';
import { prepare, type Weaving } from '../src/register/prepare.ts';

/** What `--import tsx` beside the loader makes of a file, on a Node that would strip its types itself. */
it('TypeScript that another loader has compiled is told in lines of the original', () => {
  const path = '/shop/src/price.ts';
  const original = `interface Item {\n  price: number;\n}\nexport function priceOf(item: Item): number {\n  return item.price;\n}\n`;
  const { outputText, sourceMapText } = ts.transpileModule(original, {
    fileName: path,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true },
  });
  const code = inlineMap(outputText.replace(/\/\/# source.*\s*$/, ''), sourceMapText);
  const kept: WeaveResult[] = [];
  const weaving: Weaving = {
    root: '/shop',
    switches: 'given',
    weave,
    isWoven: () => true,
    keep: (_, woven) => kept.push(woven),
  };
  const prepared = prepare({ path, code, goal: 'module' }, weaving);
  const [file] = kept.map(({ manifest }) => manifest);
  expect(file?.sources.map((source) => source.path)).toEqual(['src/price.ts']);
  expect(file?.functions.find(({ name }) => name === 'priceOf')?.points.map(({ line }) => line)).toEqual([5]);
  const map = new TraceMap(sourceMapOf(path, prepared) ?? '');
  const line = prepared.split('\n').findIndex((text) => text.includes('  return item.price')) + 1;
  expect(originalPositionFor(map, { line, column: 4 })).toMatchObject({ line: 5 });
});
