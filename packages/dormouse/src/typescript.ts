/**
 * Weaving inside hosts that run TypeScript 5 or 6 and write what it emits: ts-loader, ts-jest, Nest, ts-patch. Each of
 * them finds the export it looks for; all of them are the same transformer.
 */
import { readFileSync } from 'node:fs';
import type ts from 'typescript';
import { type TypeScriptOptions, readOptions } from './typescript/options.js';
import { weaveEmitted } from './typescript/weave-emitted.js';

export type { TypeScriptOptions } from './typescript/options.js';

/** Any kind of file: transformers of sources are given bundles (`outFile`) one source at a time. */
export type Transformer = ts.TransformerFactory<ts.SourceFile>;

/** For ts-loader's `getCustomTransformers`, and for every other caller of `program.emit`. */
export function customTransformers(options?: TypeScriptOptions): { readonly after: [Transformer] } {
  return { after: [weaveEmitted(readOptions(options))] };
}

/** For plugins of the Nest CLI, which calls it with the plugin's options. */
export function after(options?: TypeScriptOptions): Transformer {
  return weaveEmitted(readOptions(options));
}

/** For ts-jest, which makes them part of the key of its cache. */
export const name = 'dormouse';
export const version = readVersion();

/** For ts-jest, which emits into no directory: the manifest lies in Jest's `rootDir`. */
export function factory(
  { configSet }: { readonly configSet: { readonly rootDir: string } },
  options?: TypeScriptOptions,
): Transformer {
  const manifest = 'dormouse.manifest.json';
  return weaveEmitted(readOptions({ root: configSet.rootDir, manifest, ...options }));
}

/** For ts-patch, as `before`, `after`, or neither. */
function forTsPatch(_program: ts.Program, options?: TypeScriptOptions): Transformer {
  return weaveEmitted(readOptions(options));
}
// ts-patch takes the default export unless it is told another.
// oxlint-disable-next-line import/no-default-export
export default forTsPatch;

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
