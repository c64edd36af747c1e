import module from 'node:module';
import process from 'node:process';
import vm from 'node:vm';
import { type WeaveResult, switchDefinition } from '@dormouse/transformer';
import { GrowingBuild } from './growing-build.js';
import { hookCompile } from './hook-compile.js';
import { hookOffThread } from './hook-off-thread.js';
import { hookInThread } from './hook-in-thread.js';
import type { Weaving } from './prepare.js';
import { recallingWeave } from './recalling-weave.js';
import { userFiles } from './user-files.js';

/**
 * Hooks the loading of this thread's files.
 * @param root paths in the manifest are relative to it
 * @param weaves whether files are woven; otherwise TypeScript is compiled where Node does not do it, and that is all
 * @returns what has been woven so far
 */
export function hookLoading(root: string, weaves: boolean): GrowingBuild {
  const build = new GrowingBuild(root);
  const weaving: Weaving = {
    root,
    switches: 'given',
    weave: recallingWeave(root),
    isWoven: weaves ? userFiles(root, process.env) : () => false,
    keep(path, woven) {
      define(woven);
      build.add(path, woven);
    },
  };
  if (typeof module.registerHooks === 'function') {
    hookInThread(weaving);
  } else {
    hookCompile(weaving);
    hookOffThread(weaves, build);
  }
  return build;
}

/** Before the file runs: hoisted functions of an import cycle can be called before its first statement. */
function define({ manifest }: WeaveResult): void {
  if (manifest !== null) vm.runInThisContext(switchDefinition(manifest));
}
