import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

import { CONTRACT_VERSION, MANIFEST_VERSION, SWITCH_PREFIX, type Manifest } from '@dormouse/protocol';

import { count } from '../render/text.js';
import { bad, good, note, type Finding } from './finding.js';
import { filesNamed } from './files-named.js';
import { examineStart } from './start.js';

const WEAVE =
  'Build with "dormouse tsc" in place of tsc, with the plugin of your bundler, or run "dormouse weave dist" behind any other compiler.';

/** How many are named where there are many. */
const NAMED = 3;

/** Looks at a project before anything of it runs: whether it is woven, and whether what is woven will be heard of. */
export function* examineProject(folder: string, environment: NodeJS.ProcessEnv): Generator<Finding> {
  const root = resolve(folder);
  if (!existsSync(join(root, 'package.json'))) {
    yield bad(
      'project',
      'no-project',
      `there is no package.json in ${root}`,
      'Name the folder of a package with --project.',
    );
    return;
  }
  const manifests = filesNamed(root, 'dormouse.manifest.json');
  if (manifests.length === 0)
    yield bad('weaving', 'not-woven', 'there is no dormouse.manifest.json: nothing of it was woven', WEAVE);
  for (const path of manifests) yield* examineManifest(root, path);
  yield examineRuntime(root);
  yield* examineStart(root, environment);
}

function* examineManifest(root: string, path: string): Generator<Finding> {
  const shown = relative(root, path);
  const manifest = readManifest(path);
  if (manifest === undefined) {
    yield bad('weaving', 'no-manifest', `${shown} is no manifest`, 'Build again.');
    return;
  }
  const { weaver, contract, files, skipped, buildId } = manifest;
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
  yield* examineOutputs(shown, path, manifest);
  if (skipped.length > 0)
    yield note(
      'weaving',
      'left-unwoven',
      `left as they were: ${some(skipped.map((file) => `${file.path} (${file.reason})`))}`,
    );
  if (files.length > 0)
    yield good('build', `${buildId.slice(0, 12)} by ${weaver}: ${count(files.length, 'file')}, in ${shown}`);
}

function* examineOutputs(shown: string, path: string, { files }: Manifest): Generator<Finding> {
  const base = ancestors(dirname(path)).find((folder) =>
    files.some(({ output }) => existsSync(join(folder, output))),
  );
  if (base === undefined) {
    yield bad('weaving', 'no-outputs', `the files that ${shown} describes are not there`, 'Build again.');
    return;
  }
  const unwoven = files.filter(({ output, id }) => !textOf(join(base, output)).includes(SWITCH_PREFIX + id));
  if (unwoven.length > 0)
    yield bad(
      'weaving',
      'written-over',
      `not woven, or not any more: ${some(unwoven.map(({ output }) => output))}`,
      'A compiler wrote over them after they were woven: let weaving be the last step of the build.',
    );
  const changed = files.flatMap(({ output, sources }) =>
    sources.filter(({ path: source, hash }) => source !== output && isChanged(join(base, source), hash)),
  );
  if (changed.length > 0)
    yield note(
      'weaving',
      'sources-changed',
      `changed since they were built: ${some(changed.map((source) => source.path))}`,
      'Build again, or lines will not be where you see them.',
    );
}

function isChanged(source: string, hash: string): boolean {
  return (
    hash !== '' && existsSync(source) && createHash('sha256').update(textOf(source)).digest('hex') !== hash
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

function readManifest(path: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(textOf(path)) as Partial<Manifest> | null;
    return Array.isArray(manifest?.files) && Array.isArray(manifest.skipped)
      ? (manifest as Manifest)
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function some(names: readonly string[]): string {
  const others = names.length - NAMED;
  const first = names.slice(0, NAMED).join(', ');
  return others > 0 ? `${first} and ${count(others, 'other')}` : first;
}
