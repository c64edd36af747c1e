import { readFileSync } from 'node:fs';
import module from 'node:module';
import { goalOf, typeScriptFormat } from './formats.js';
import { filePathOf, textOf } from './loaded-text.js';
import { type Weaving, isTypeScript, prepare } from './prepare.js';
import { stripsTypes } from './type-stripping.js';

/** Node from 22.15 on: one synchronous hook sees everything that is imported or required. */
export function hookInThread(weaving: Weaving): void {
  module.registerHooks({
    load(url, context, nextLoad) {
      const path = filePathOf(url);
      if (path === undefined) return nextLoad(url, context);
      if (isTypeScript(path) && !stripsTypes) return loadTypeScript(path, weaving);
      const loaded = nextLoad(url, context);
      const goal = goalOf(loaded.format);
      const code = textOf(loaded.source);
      if (goal === 'none' || code === undefined) return loaded;
      const prepared = prepare({ path, code, goal }, weaving);
      return prepared === code ? loaded : { ...loaded, source: prepared };
    },
  });
}

function loadTypeScript(path: string, weaving: Weaving): module.LoadFnOutput {
  const code = readFileSync(path, 'utf8');
  const format = typeScriptFormat(path, code);
  const goal = format === 'module' ? 'module' : 'script';
  return { format, source: prepare({ path, code, goal }, weaving), shortCircuit: true };
}
