import { createRollupPlugin } from 'unplugin';
import { Loom } from './loom.js';
import { type DormouseOptions, checkOptions, settle } from './options.js';
import { rollupHooks } from './rollup-hooks.js';

export type { DormouseOptions } from './options.js';
export type { BundleReport } from './report.js';

/** `plugins: [dormouse()]` in a Rollup configuration, after the plugins that compile. */
const dormouse = createRollupPlugin<DormouseOptions | undefined>((options = {}) => {
  checkOptions(options);
  const settings = settle(options, process.cwd());
  if (!settings.enabled) return { name: 'dormouse' };
  const loom = new Loom(settings);
  return { name: 'dormouse', rollup: rollupHooks(() => loom) };
});
export default dormouse;
