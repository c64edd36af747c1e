import { resolve } from 'node:path';
import { createVitePlugin } from 'unplugin';
import type { Plugin, ResolvedConfig } from 'vite';
import { announceBrowser } from './announce.js';
import { finishBundle } from './bundle.js';
import { Loom } from './loom.js';
import { type DormouseOptions, checkOptions, settle } from './options.js';
import { rollupHooks } from './rollup-hooks.js';

export type { DormouseOptions } from './options.js';
export type { BundleReport } from './report.js';

/** While a server runs, the manifest is written when nothing was woven for so long. */
const QUIET_MS = 100;

/** `plugins: [dormouse()]` in a Vite configuration: weaves what Vite builds or serves for Node. */
const dormouse = createVitePlugin<DormouseOptions | undefined>((options = {}) => {
  checkOptions(options);
  let loom: Loom;
  let config: ResolvedConfig;
  let timer: NodeJS.Timeout | undefined;

  const writeServed = (): void => {
    const served = loom.modules.map(({ path, result }) => ({ path, code: result.code }));
    finishBundle(loom, served, resolve(config.root, config.build.outDir));
  };
  const vite: Plugin = {
    name: 'dormouse',
    ...rollupHooks(
      () => loom,
      () => {
        if (config.command !== 'serve') return;
        clearTimeout(timer);
        timer = setTimeout(writeServed, QUIET_MS).unref();
      },
    ),

    configResolved(resolved) {
      config = resolved;
      loom = new Loom(settle(options, resolved.root));
      const { enabled, browser } = loom.settings;
      if (enabled && !browser && isForBrowsersOnly(resolved))
        announceBrowser('Vite without `build.ssr`', loom.settings);
    },

    applyToEnvironment({ config: { consumer } }) {
      return loom.settings.enabled && (consumer === 'server' || loom.settings.browser);
    },
  };
  return { name: 'dormouse', enforce: 'post', vite };
});
export default dormouse;

/** A build of one environment is for Node where `build.ssr` says so; with a builder each environment speaks for itself. */
function isForBrowsersOnly({ command, build, builder }: ResolvedConfig): boolean {
  return command === 'build' && build.ssr === false && builder === undefined;
}
