export { startCollector, type Collector } from './collector.js';
export type { CollectorOptions } from './options.js';
export { StartError } from './start-error.js';
export { DEFAULT_DATA_FOLDER } from './storage/open.js';
export { IN_MEMORY } from './storage/sqlite/folder.js';
export { DEFAULT_RETENTION, type Retention } from './storage/contract/retention.js';
