export type { Goal } from './1-parse/parse.js';
export { type RunTscOptions, type TscResult, runTsc } from './build/run-tsc.js';
export { type WeaveDirectoryOptions, weaveDirectory } from './build/weave-directory.js';
export { type WeaveFilesOptions, type WeaveReport, weaveFiles } from './build/weave-files.js';
export { TransformerError, type TransformerErrorCode } from './transformer-error.js';
export { type Skip, type WeaveOptions, type WeaveResult, weave } from './weave.js';
