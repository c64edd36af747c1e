import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { switchModule } from '@dormouse/transformer';
import { createBunPlugin } from 'unplugin';
import { announce, announceBrowser } from './announce.js';
import { type BundledFile, finishBundle } from './bundle.js';
import { Loom, type ModuleText } from './loom.js';
import { type DormouseOptions, checkOptions, settle } from './options.js';
import { overBudget } from './report.js';
import { isSelected } from './selection.js';

export type { DormouseOptions } from './options.js';
export type { BundleReport } from './report.js';

/** `plugins: [dormouse()]` among the options of `Bun.build`. Bun drops the source maps of plugins: lines stay right, columns do not. */
const dormouse = createBunPlugin<DormouseOptions | undefined>((options = {}) => {
  checkOptions(options);
  return { name: 'dormouse', bun: { setup: (build) => setUp(build as never, options) } };
});
export default dormouse;

/** What of `Bun.build`'s plugin interface is used here. */
interface BunBuild {
  readonly config: { readonly target?: string; readonly root?: string; readonly outdir?: string };
  onResolve(filter: object, resolve: (args: { readonly path: string }) => object | undefined): void;
  onLoad(
    filter: object,
    load: (args: { readonly path: string; readonly loader: string }) => Promise<object | undefined>,
  ): void;
  onEnd(end: (result: BunResult) => Promise<void>): void;
}

interface BunResult {
  readonly success: boolean;
  readonly outputs: readonly BunOutput[];
}

interface BunOutput {
  readonly path: string;
  text(): Promise<string>;
}

function setUp(build: BunBuild, options: DormouseOptions): void {
  const { target = 'browser', outdir = '.' } = build.config;
  const settings = settle(options, process.cwd());
  if (!settings.enabled) return;
  if (target === 'browser' && !settings.browser) {
    announceBrowser("`target: 'browser'`, the default,", settings);
    return;
  }
  const loom = new Loom(settings);
  build.onResolve({ filter: /^\.\/\$dm_/ }, ({ path }) => ({ path, namespace: 'dormouse' }));
  build.onLoad({ filter: /.*/, namespace: 'dormouse' }, async ({ path }) => ({
    contents: switchModule(path),
    loader: 'js',
  }));
  build.onLoad({ filter: /\.[mc]?[jt]sx?$/, namespace: 'file' }, async ({ path, loader }) => {
    if (!isProgram(loader) || !isSelected(path, settings)) return undefined;
    const code = await readFile(path, 'utf8');
    const woven = loom.weave({ id: path, code, map: undefined, language: loader, mapTo: 'originals' });
    return woven && { contents: woven.code, loader };
  });
  build.onEnd(async ({ success, outputs }) => {
    if (!success) return;
    const report = finishBundle(loom, await bundledFiles(outputs), resolve(outdir));
    announce(report, settings);
    const problem = overBudget(report, settings.budget);
    if (problem !== undefined) throw new Error(problem);
  });
}

function isProgram(loader: string): loader is NonNullable<ModuleText['language']> {
  return loader === 'js' || loader === 'jsx' || loader === 'ts' || loader === 'tsx';
}

function bundledFiles(outputs: readonly BunOutput[]): Promise<readonly BundledFile[]> {
  const scripts = outputs.filter(({ path }) => /\.[mc]?js$/.test(path));
  return Promise.all(
    scripts.map(async (output) => ({ path: resolve(output.path), code: await output.text() })),
  );
}
