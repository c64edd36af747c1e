import { dirname, join, resolve } from 'node:path';
import { switchModule } from '@dormouse/transformer';
import { announce } from './announce.js';
import { type BundledFile, finishBundle } from './bundle.js';
import { isLineByLine, isUntold } from './line-by-line.js';
import type { Loom, ModuleText } from './loom.js';
import { pathOfModule } from './paths.js';
import { overBudget } from './report.js';
import { isSelected } from './selection.js';
import { SWITCH_MODULE_ID, withSwitchChunk } from './switch-chunk.js';

/** What of the hooks' contexts is used: Rollup, Rolldown and Vite have it in common. */
interface Context {
  error(message: string): never;
}

interface TransformContext extends Context {
  getCombinedSourcemap(): CombinedMap;
}

interface CombinedMap {
  readonly mappings: string;
  readonly sourcesContent?: readonly (string | null)[] | undefined;
}

interface Output {
  readonly dir?: string | undefined;
  readonly file?: string | undefined;
}

interface OutputFile {
  readonly type: string;
  readonly fileName: string;
}

interface Chunk extends OutputFile {
  readonly code: string;
}

/**
 * The hooks that Rollup, Rolldown and Vite have in common.
 * @param theLoom is asked once the bundler knows its root
 * @param onWoven called after each module that was woven
 */
export function rollupHooks(theLoom: () => Loom, onWoven: () => void = () => {}) {
  const switchModules = new Set<string>();
  return {
    // Before plugins that resolve every relative import to a file, existing or not.
    resolveId: {
      order: 'pre' as const,
      handler(source: string) {
        if (switchModule(source) === undefined) return null;
        switchModules.add(source);
        return { id: SWITCH_MODULE_ID + source, moduleSideEffects: true };
      },
    },

    load(id: string) {
      if (!id.startsWith(SWITCH_MODULE_ID)) return null;
      const code = switchModule(id.slice(SWITCH_MODULE_ID.length)) as string;
      return { code, map: { mappings: '' as const }, moduleSideEffects: true };
    },

    transform: {
      order: 'post' as const,
      handler(this: TransformContext, code: string, id: string, options?: object) {
        if (!isSelected(id, theLoom().settings)) return null;
        const woven = theLoom().weave({
          id,
          code,
          map: mapOf(this.getCombinedSourcemap(), { code, id }),
          language: languageOf((options as { moduleType?: string } | undefined)?.moduleType),
          mapTo: 'given',
        });
        if (woven === undefined) return null;
        onWoven();
        return { code: woven.code, map: woven.map as never };
      },
    },

    outputOptions<Options extends object>(options: Options): Options {
      return withSwitchChunk(options, [...switchModules]);
    },

    writeBundle(this: Context, options: Output, bundle: Readonly<Record<string, OutputFile>>) {
      const directory = outputDirectory(options);
      const files = Object.values(bundle)
        .filter(isChunk)
        .map(({ fileName, code }): BundledFile => ({ path: join(directory, fileName), code }));
      const report = finishBundle(theLoom(), files, directory);
      announce(report, theLoom().settings);
      const problem = overBudget(report, theLoom().settings.budget);
      if (problem !== undefined) this.error(problem);
    },
  };
}

/** Text that no plugin has changed is its own original; a plugin that gave no map has broken the chain. */
function mapOf(
  combined: CombinedMap,
  { code, id }: { readonly code: string; readonly id: string },
): ModuleText['map'] {
  const { mappings, sourcesContent } = combined;
  if (sourcesContent?.[0] === code) return undefined;
  if (mappings === '') return null;
  const path = pathOfModule(id);
  if (path !== undefined && isUntold(mappings) && !isLineByLine(code, path)) return null;
  return combined as unknown as ModuleText['map'];
}

/** Rolldown says what the text is, and compiles it later; Rollup reads nothing but JavaScript. */
function languageOf(moduleType: string | undefined): ModuleText['language'] {
  return moduleType === 'ts' || moduleType === 'tsx' || moduleType === 'jsx' ? moduleType : 'js';
}

function isChunk(file: OutputFile): file is Chunk {
  return file.type === 'chunk';
}

function outputDirectory({ dir, file }: Output): string {
  return resolve(dir ?? dirname(file ?? '.'));
}
