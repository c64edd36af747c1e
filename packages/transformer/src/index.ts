export type { Goal } from './1-parse/parse.js';
export { type Skip, type WeaveOptions, type WeaveResult, weave } from './weave.js';
