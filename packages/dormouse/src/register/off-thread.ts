/** The hooks of the thread that loads ES modules on Node before 22.15. */
import { readFileSync } from 'node:fs';
import type { InitializeHook, LoadFnOutput, LoadHook } from 'node:module';
import process from 'node:process';
import { goalOf, typeScriptFormat } from './formats.js';
import type { OffThreadData } from './hook-off-thread.js';
import { filePathOf, textOf } from './loaded-text.js';
import { type Weaving, isTypeScript, prepare } from './prepare.js';
import { recallingWeave } from './recalling-weave.js';
import { stripsTypes } from './type-stripping.js';
import { userFiles } from './user-files.js';

let weaving: Weaving;

export const initialize: InitializeHook<OffThreadData> = ({ root, weaves, port }) => {
  weaving = {
    root,
    switches: 'own',
    weave: recallingWeave(root),
    isWoven: weaves ? userFiles(root, process.env) : () => false,
    keep: (path, { manifest, map, skipped }) =>
      port.postMessage({ path, woven: { code: '', manifest, map: map && { ...map }, skipped } }),
  };
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const path = filePathOf(url);
  if (path === undefined) return nextLoad(url, context);
  if (isTypeScript(path) && !stripsTypes) return loadTypeScript(path);
  const loaded = await nextLoad(url, context);
  const code = textOf(loaded.source);
  if (goalOf(loaded.format) !== 'module' || code === undefined) return loaded;
  return { ...loaded, source: prepare({ path, code, goal: 'module' }, weaving) };
};

/** A CommonJS text is left to be read when it is required, where {@link hookCompile} sees it. */
function loadTypeScript(path: string): LoadFnOutput {
  const code = readFileSync(path, 'utf8');
  const format = typeScriptFormat(path, code);
  const source = format === 'module' ? prepare({ path, code, goal: 'module' }, weaving) : null;
  return { format, source, shortCircuit: true } as LoadFnOutput;
}
