import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { readEmittedFile, switchModule } from '@dormouse/transformer';
import type { BuildOptions, BuildResult, PluginBuild } from 'esbuild';
import { createEsbuildPlugin } from 'unplugin';
import { announce, announceBrowser } from './announce.js';
import { type BundledFile, finishBundle } from './bundle.js';
import { Loom, type ModuleText } from './loom.js';
import { type DormouseOptions, checkOptions, settle } from './options.js';
import { overBudget } from './report.js';
import { isSelected } from './selection.js';

export type { DormouseOptions } from './options.js';
export type { BundleReport } from './report.js';

/** `plugins: [dormouse()]` among esbuild's options, after the other plugins. */
const dormouse = createEsbuildPlugin<DormouseOptions | undefined>((options = {}) => {
  checkOptions(options);
  return { name: 'dormouse', esbuild: { setup: (build) => setUp(build, options) } };
});
export default dormouse;

function setUp(build: PluginBuild, options: DormouseOptions): void {
  const { initialOptions } = build;
  const directory = initialOptions.absWorkingDir ?? process.cwd();
  const settings = settle(options, directory);
  if (!settings.enabled) return;
  if ((initialOptions.platform ?? 'browser') === 'browser' && !settings.browser) {
    announceBrowser("`platform: 'browser'`, the default,", settings);
    return;
  }
  const loom = new Loom(settings);
  loadSwitchModules(build);
  weaveFiles(build, loom);
  // Which files were written is told by the metafile only.
  initialOptions.metafile = true;
  build.onEnd(async (result) => {
    const files = await bundledFiles(result, directory);
    if (files.length === 0) return null;
    const report = finishBundle(loom, files, outputDirectory(initialOptions, directory));
    announce(report, settings);
    const problem = overBudget(report, settings.budget);
    return problem === undefined ? null : { errors: [{ text: problem }] };
  });
}

function loadSwitchModules(build: PluginBuild): void {
  build.onResolve({ filter: /^\.\/\$dm_|^data:text\/javascript,if/ }, ({ path }) =>
    switchModule(path) === undefined ? null : { path, namespace: 'dormouse', sideEffects: true },
  );
  build.onLoad({ filter: /.*/, namespace: 'dormouse' }, ({ path }) => ({
    contents: switchModule(path) as string,
    loader: 'js',
  }));
}

function weaveFiles(build: PluginBuild, loom: Loom): void {
  const { initialOptions } = build;
  build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path, suffix, with: attributes }) => {
    const language = languageOf(path, initialOptions);
    if (language === undefined || Object.keys(attributes).length > 0) return null;
    if (!isSelected(path + suffix, loom.settings)) return null;
    // esbuild follows the map that a file names, and so must the manifest.
    const { code, map } = readEmittedFile(path);
    const woven = loom.weave({
      id: path + suffix,
      code,
      map,
      language,
      mapTo: 'originals',
      ...ways(initialOptions),
    });
    return woven === undefined ? null : { contents: withMap(woven), loader: 'default' };
  });
}

/** The language that esbuild will read the file in; undefined where it is no program to it. */
function languageOf(path: string, { loader }: BuildOptions): ModuleText['language'] {
  const extension = extname(path);
  const name = loader?.[extension] ?? LANGUAGES[extension];
  return name === 'js' || name === 'jsx' || name === 'ts' || name === 'tsx' ? name : undefined;
}

/** esbuild's own table of extensions. */
const LANGUAGES: Readonly<Record<string, ModuleText['language']>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/** Without bundling each file is compiled for itself, and what it imports is left as it is. */
function ways({ bundle, format }: BuildOptions): Pick<ModuleText, 'resolvesImports' | 'goal'> {
  if (bundle === true) return {};
  return {
    resolvesImports: false,
    ...((format === 'cjs' || format === 'iife') && { goal: 'script' as const }),
  };
}

function withMap({ code, map }: { readonly code: string; readonly map: object | null }): string {
  const data = Buffer.from(JSON.stringify(map)).toString('base64');
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${data}`;
}

async function bundledFiles(result: BuildResult, directory: string): Promise<readonly BundledFile[]> {
  if (result.outputFiles !== undefined) {
    return result.outputFiles
      .filter(({ path }) => isScript(path))
      .map(({ path, text }) => ({ path, code: text }));
  }
  const paths = Object.keys(result.metafile?.outputs ?? {}).filter(isScript);
  return Promise.all(
    paths.map(async (path) => {
      const absolute = resolve(directory, path);
      return { path: absolute, code: await readFile(absolute, 'utf8') };
    }),
  );
}

function isScript(path: string): boolean {
  return /\.[mc]?js$/.test(path);
}

function outputDirectory({ outdir, outfile }: BuildOptions, directory: string): string {
  return resolve(directory, outdir ?? dirname(outfile ?? '.'));
}
