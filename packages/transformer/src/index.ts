export type { Goal } from './1-parse/parse.js';
export { switchDefinition, switchModule } from './3-write/switches.js';
export { type EmittedFile, readEmittedFile } from './build/emitted-file.js';
export { matcher } from './build/glob.js';
export { gitCommit } from './build/git-commit.js';
export { buildManifest } from './build/manifest.js';
export { mergeManifestFiles, mergeManifests } from './build/merge-manifests.js';
export { readManifest, readManifestOrThrow } from './build/read-manifest.js';
export { type RunTscOptions, type TscResult, runTsc } from './build/run-tsc.js';
export {
  type WeaveCache,
  type WeaveCacheOptions,
  openWeaveCache,
  weaveCacheDirectory,
} from './build/weave-cache.js';
export { type WeaveDirectoryOptions, weaveDirectory } from './build/weave-directory.js';
export {
  type FileSize,
  type Size,
  type WeaveFilesOptions,
  type WeaveProgress,
  type WeaveReport,
  type WeaveSettings,
  weaveFiles,
} from './build/weave-files.js';
export { type WatchPathsOptions, watchPaths } from './build/watch-paths.js';
export { type WeavePathsOptions, weavePaths } from './build/weave-paths.js';
export { inlineMap, sourceMapOf, withoutMapComment } from './hosts/inline-map.js';
export {
  type WeaveProjectOptions,
  type WovenFile,
  type WovenProject,
  weaveProject,
} from './hosts/weave-project.js';
export {
  type EmittedText,
  type OriginalText,
  type WeaveTextOptions,
  type WovenText,
  weaveText,
} from './hosts/weave-text.js';
export { TransformerError, type TransformerErrorCode } from './transformer-error.js';
export { type Skip, type WeaveOptions, type WeaveResult, weave } from './weave.js';
