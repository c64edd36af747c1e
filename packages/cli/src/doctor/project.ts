import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

import {
  CONTRACT_VERSION,
  MANIFEST_FILE,
  MANIFEST_VERSION,
  SWITCH_PREFIX,
  type Manifest,
  type ManifestFile,
  type ManifestSource,
} from '@dormouse/protocol';

import { count } from '../render/text.js';
import { bad, good, note, type Finding } from './finding.js';
import { ProjectFiles } from './project-files.js';
import { examineStart } from './start.js';

const WEAVE =
  'Build with "dormouse tsc" in place of tsc, with the plugin of your bundler, or run "dormouse weave dist" behind any other compiler.';

/** How many are named where there are many. */
const NAMED = 3;

/** Looks at a project before anything of it runs: whether it is woven, and whether what is woven will be heard of. */
export function* examineProject(folder: string, environment: NodeJS.ProcessEnv): Generator<Finding> {
  const root = resolve(folder);
  const files = new ProjectFiles(root);
  const scripts = yield* examinePackage(root, files);
  if (scripts !== undefined) {
    const manifests = files.named(MANIFEST_FILE);
    if (manifests.length === 0)
      yield bad('weaving', 'not-woven', `there is no ${MANIFEST_FILE}: nothing of it was woven`, WEAVE);
    for (const path of manifests) yield* examineManifest(root, path, files);
    yield examineRuntime(root);
    yield* examineStart(root, files, scripts, environment);
  }
  if (files.unread.length > 0)
    yield note('project', 'unread', `could not be read, and was left out: ${some(files.unread)}`);
}

/** @returns its scripts, where it is a package */
function* examinePackage(
  root: string,
  files: ProjectFiles,
): Generator<Finding, readonly string[] | undefined> {
  const text = files.text(join(root, 'package.json'));
  if (text === undefined) {
    const evidence = `there is no package.json in ${root}, or none that can be read`;
    yield bad('project', 'no-project', evidence, 'Name the folder of a package with --project.');
    return undefined;
  }
  try {
    const content = JSON.parse(text.replace(/^\uFEFF/u, '')) as { scripts?: object } | null;
    return Object.values(content?.scripts ?? {}).map(String);
  } catch (error) {
    const evidence = `${join(root, 'package.json')} cannot be understood: ${(error as Error).message}`;
    yield bad('project', 'broken-package', evidence, 'Correct it: nothing of the project starts without it.');
    return undefined;
  }
}

function* examineManifest(root: string, path: string, files: ProjectFiles): Generator<Finding> {
  const shown = relative(root, path);
  const manifest = parsed(files.text(path));
  if (manifest === undefined) {
    yield bad('weaving', 'no-manifest', `${shown} is no manifest`, 'Build again.');
    return;
  }
  const { weaver, contract } = manifest;
  if (manifest.manifest !== MANIFEST_VERSION || contract !== CONTRACT_VERSION) {
    const evidence = `${shown} was written by ${weaver} (manifest ${manifest.manifest}, contract ${contract}); this version knows manifest ${MANIFEST_VERSION}, contract ${CONTRACT_VERSION}`;
    yield bad(
      'versions',
      'versions-differ',
      evidence,
      'Install the same version of Dormouse everywhere, and build again.',
    );
    return;
  }
  if (!isWhole(manifest)) {
    yield bad('weaving', 'no-manifest', `${shown} is a damaged manifest`, 'Build again.');
    return;
  }
  yield* examineOutputs(shown, path, manifest, files);
  const { skipped, buildId } = manifest;
  if (skipped.length > 0)
    yield note(
      'weaving',
      'left-unwoven',
      `left as they were: ${some(skipped.map((file) => `${file.path} (${file.reason})`))}`,
    );
  if (manifest.files.length > 0)
    yield good(
      'build',
      `${buildId.slice(0, 12)} by ${weaver}: ${count(manifest.files.length, 'file')}, in ${shown}`,
    );
}

function* examineOutputs(
  shown: string,
  path: string,
  { files: woven }: Manifest,
  files: ProjectFiles,
): Generator<Finding> {
  const base = ancestors(dirname(path)).find((folder) =>
    woven.some(({ output }) => existsSync(join(folder, output))),
  );
  if (base === undefined) {
    yield bad('weaving', 'no-outputs', `the files that ${shown} describes are not there`, 'Build again.');
    return;
  }
  const isUnwoven = ({ output, id }: ManifestFile): boolean => {
    const text = files.text(join(base, output));
    return text === undefined ? !existsSync(join(base, output)) : !text.includes(SWITCH_PREFIX + id);
  };
  const unwoven = woven.filter(isUnwoven);
  if (unwoven.length > 0)
    yield bad(
      'weaving',
      'written-over',
      `not woven, or not any more: ${some(unwoven.map(({ output }) => output))}`,
      'A compiler wrote over them after they were woven: let weaving be the last step of the build.',
    );
  const isChanged = ({ path: source, hash }: ManifestSource): boolean => {
    const text = hash === '' ? undefined : files.text(join(base, source));
    return text !== undefined && createHash('sha256').update(text).digest('hex') !== hash;
  };
  const changed = woven.flatMap(({ output, sources }) =>
    sources.filter((source) => source.path !== output && isChanged(source)),
  );
  if (changed.length > 0)
    yield note(
      'weaving',
      'sources-changed',
      `changed since they were built: ${some(changed.map((source) => source.path))}`,
      'Build again, or lines will not be where you see them.',
    );
}

function examineRuntime(root: string): Finding {
  const require = createRequire(join(root, 'package.json'));
  for (const name of ['@dormouse/runtime', 'dormouse']) {
    try {
      const { version } = require(`${name}/package.json`) as { version: string };
      return good('versions', `${name} ${version} is installed`);
    } catch {
      // The other one brings it along.
    }
  }
  return bad('versions', 'no-runtime', '@dormouse/runtime is not installed', 'npm install @dormouse/runtime');
}

/** @returns nothing where it is no manifest of any version */
function parsed(text = ''): Partial<Manifest> | undefined {
  try {
    const manifest = JSON.parse(text) as Partial<Manifest> | null;
    return manifest?.manifest === undefined ? undefined : manifest;
  } catch {
    return undefined;
  }
}

/** Whether all is there that is looked at here: what it says was not checked by anybody. */
function isWhole(manifest: Partial<Manifest>): manifest is Manifest {
  const { buildId, files, skipped } = manifest;
  const isFile = (file: Partial<ManifestFile> | null): boolean =>
    typeof file?.id === 'string' && typeof file.output === 'string' && areAll(file.sources, isPlace);
  const isPlace = (place: { path?: string } | null): boolean => typeof place?.path === 'string';
  return typeof buildId === 'string' && areAll(files, isFile) && areAll(skipped, isPlace);
}

const areAll = <Item>(list: readonly Item[] | undefined, is: (item: Item) => boolean): boolean =>
  Array.isArray(list) && list.every(is);

function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function some(names: readonly string[]): string {
  const others = names.length - NAMED;
  const first = names.slice(0, NAMED).join(', ');
  return others > 0 ? `${first} and ${count(others, 'other')}` : first;
}
