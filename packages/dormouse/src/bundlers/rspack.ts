import { createRspackPlugin } from 'unplugin';
import type { DormouseOptions } from './options.js';
import { webpackPlugin } from './webpack-hooks.js';

export type { DormouseOptions } from './options.js';
export type { BundleReport } from './report.js';

/** `plugins: [dormouse()]` in an Rspack configuration. */
const dormouse = createRspackPlugin<DormouseOptions | undefined>(webpackPlugin);
export default dormouse;
