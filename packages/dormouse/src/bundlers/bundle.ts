import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE, type ManifestFile, SWITCH_PREFIX } from '@dormouse/protocol';
import { type Skip, buildManifest, gitCommit, readManifest } from '@dormouse/transformer';
import { manifestOfWoven } from './earlier-manifest.js';
import type { Loom, SeenModule } from './loom.js';
import { relativeTo } from './paths.js';
import type { BundleReport } from './report.js';

/** A file that the bundler has made, or will serve. */
export interface BundledFile {
  /** Absolute. */
  readonly path: string;
  readonly code: string;
}

/**
 * Writes the manifest of a finished bundle. What is in the bundle is read from its text, since bundlers leave
 * modules out and take others from their caches: each woven file's switches are defined by name.
 * @param directory where the manifest goes unless the options say otherwise
 */
export function finishBundle(loom: Loom, files: readonly BundledFile[], directory: string): BundleReport {
  const { settings, modules } = loom;
  const manifestPath = settings.manifest ?? join(directory, MANIFEST_FILE);
  const outputs = outputsById(files, settings.root);
  const entries = entriesOf(loom, outputs, manifestPath);
  const skipped = modules.flatMap(({ result }) => result.skipped).filter(isNews);
  const fileSkips = skipped.filter(({ line }) => line === undefined);
  const manifest = buildManifest(entries, fileSkips, gitCommit(settings.root));
  mkdirSync(dirname(manifestPath), { recursive: true });
  writeFileSync(manifestPath, `${JSON.stringify(manifest)}\n`);
  const bundled = entries.filter(({ id }) => outputs.has(id));
  return {
    manifestPath,
    buildId: manifest.buildId,
    ...figures(bundled),
    ...sizes(modules),
    skipped,
    unknown: outputs.size - bundled.length,
  };
}

/** Modules that were woven before are in the manifest, or counted as unknown. */
function isNews({ code }: Skip): boolean {
  return code !== 'already-woven';
}

/** What was woven now, what came woven, and what the manifest of an earlier build tells of; in the order of their ids. */
function entriesOf(
  { modules, settings }: Loom,
  outputs: ReadonlyMap<string, string>,
  manifestPath: string,
): readonly ManifestFile[] {
  const { root } = settings;
  const earlier = readManifest(manifestPath)?.files ?? [];
  const seen = modules.flatMap(({ path, result }) =>
    result.manifest === null ? manifestOfWoven(path, result, root) : [result.manifest],
  );
  const entries = new Map<string, ManifestFile>();
  for (const entry of earlier)
    if (outputs.has(entry.id) || isStillThere(entry, root)) entries.set(entry.id, entry);
  for (const entry of seen) if (outputs.has(entry.id)) entries.set(entry.id, entry);
  return [...entries.values()]
    .map((entry) => ({ ...entry, output: outputs.get(entry.id) ?? entry.output }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const SWITCH_NAME = new RegExp(`${SWITCH_PREFIX.replace('$', '\\$')}([0-9a-f]{12})`, 'g');

/** The first of the files that has each woven file, relative to the root. */
function outputsById(files: readonly BundledFile[], root: string): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const { path, code } of files) {
    for (const [, id = ''] of code.matchAll(SWITCH_NAME)) {
      if (!outputs.has(id)) outputs.set(id, relativeTo(root, path));
    }
  }
  return outputs;
}

/** Whether another bundle, built into the same directory, still has the file. */
function isStillThere({ id, output }: ManifestFile, root: string): boolean {
  try {
    return readFileSync(resolve(root, output), 'utf8').includes(SWITCH_PREFIX + id);
  } catch {
    return false;
  }
}

function figures(entries: readonly ManifestFile[]): Pick<BundleReport, 'files' | 'functions' | 'points'> {
  const functions = entries.flatMap((entry) => entry.functions);
  return {
    files: entries.length,
    functions: functions.length,
    points: functions.reduce((sum, { points }) => sum + points.length, 0),
  };
}

function sizes(modules: readonly SeenModule[]): Pick<BundleReport, 'bytesBefore' | 'bytesAfter'> {
  const woven = modules.filter(({ result }) => result.manifest !== null);
  return {
    bytesBefore: woven.reduce((sum, { bytesBefore }) => sum + bytesBefore, 0),
    bytesAfter: woven.reduce((sum, { bytesAfter }) => sum + bytesAfter, 0),
  };
}
