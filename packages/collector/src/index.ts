export { startCollector, type Collector, type CollectorOptions } from './collector.js';
export { StartError } from './start-error.js';
export { DEFAULT_DATA_FOLDER } from './storage/open.js';
export { IN_MEMORY } from './storage/sqlite/folder.js';
export { DEFAULT_RETENTION, type Retention } from './storage/contract/retention.js';
