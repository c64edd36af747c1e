import { join } from 'node:path';
import { switchModule } from '@dormouse/transformer';
import type { NativeBuildContext, UnpluginContextMeta, UnpluginOptions } from 'unplugin';
import type { Compiler } from 'webpack';
import { announce, announceBrowser } from './announce.js';
import { type BundledFile, finishBundle } from './bundle.js';
import { Loom, type ModuleText } from './loom.js';
import { type DormouseOptions, checkOptions, settle } from './options.js';
import { overBudget } from './report.js';
import { isSelected } from './selection.js';

/** The plugin as webpack and Rspack run it: a last loader on every module, and the manifest after the output. */
export function webpackPlugin(
  options: DormouseOptions | undefined = {},
  meta: UnpluginContextMeta,
): UnpluginOptions {
  checkOptions(options);
  const compiler = compilerOf(meta);
  const settings = settle(options, compiler.context);
  const loom = new Loom(settings);
  const isForBrowsers = compiler.platform.web === true && compiler.platform.node !== true;
  if (!settings.enabled) return { name: 'dormouse' };
  if (isForBrowsers && !settings.browser) {
    announceBrowser('this `target`', settings);
    return { name: 'dormouse' };
  }
  resolveSwitchModules(compiler);
  if (meta.framework === 'webpack') askForSourceMaps(compiler, (id) => isSelected(id, settings));
  writeManifest(compiler, loom);
  return {
    name: 'dormouse',
    enforce: 'post',
    transformInclude: (id) => isSelected(id, settings),
    transform(code, id) {
      const context = this.getNativeBuildContext?.() as LoaderBuildContext;
      if (!context.loaderContext?._module?.type.startsWith('javascript/')) return null;
      const map = context.inputSourceMap ?? (isCompiled(id) ? null : undefined);
      const woven = loom.weave({ id, code, map: map as ModuleText['map'], language: 'js', mapTo: 'given' });
      return woven === undefined ? null : { code: woven.code, map: woven.map as never };
    },
  };
}

/** Rspack's compiler has all that is used here in the same places. */
function compilerOf(meta: UnpluginContextMeta): Compiler {
  if (meta.framework === 'webpack') return meta.webpack.compiler;
  if (meta.framework === 'rspack') return meta.rspack.compiler as unknown as Compiler;
  throw new TypeError(`dormouse: ${meta.framework} is no webpack.`);
}

type LoaderBuildContext = Extract<NativeBuildContext, { framework: 'webpack' }>;

/** After all loaders the text is JavaScript, whatever the file was. */
function isCompiled(id: string): boolean {
  return /\.(?:[mc]?tsx?|jsx)(?:\?|$)/.test(id);
}

/**
 * Past the `externals`, which would see a package in it, the definition of a file's switches becomes a `data:` module:
 * both bundlers read those themselves, and no `sideEffects: false` of a package.json applies to them.
 */
function resolveSwitchModules(compiler: Compiler): void {
  compiler.hooks.normalModuleFactory.tap('dormouse', (factory) => {
    factory.hooks.resolve.tapPromise('dormouse', async (request) => {
      const code = switchModule(request.request);
      if (code !== undefined) request.request = `data:text/javascript,${encodeURIComponent(code)}`;
    });
  });
}

/**
 * Loaders give maps only when they are asked to, which a `devtool` does; the manifest needs them without one, too. Rspack
 * cannot be asked by a plugin: there compiled modules stay unwoven, and the report says why.
 */
function askForSourceMaps(compiler: Compiler, isWoven: (id: string) => boolean): void {
  compiler.hooks.compilation.tap('dormouse', (compilation) => {
    compilation.hooks.buildModule.tap('dormouse', (module) => {
      if ('resource' in module && isWoven(String(module.resource))) module.useSourceMap = true;
    });
  });
}

function writeManifest(compiler: Compiler, loom: Loom): void {
  const files: BundledFile[] = [];
  compiler.hooks.emit.tap('dormouse', (compilation) => {
    files.length = 0;
    for (const { name, source } of compilation.getAssets()) {
      if (/\.[mc]?js$/.test(name)) {
        files.push({ path: join(compiler.outputPath, name), code: source.source().toString() });
      }
    }
  });
  compiler.hooks.afterEmit.tap('dormouse', (compilation) => {
    const report = finishBundle(loom, files, compiler.outputPath);
    announce(report, loom.settings);
    const problem = overBudget(report, loom.settings.budget);
    if (problem !== undefined) compilation.errors.push(new compiler.webpack.WebpackError(problem));
  });
}
