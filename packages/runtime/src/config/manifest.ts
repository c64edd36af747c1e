import path from 'node:path';
import { CONTRACT_VERSION, MANIFEST_FILE, MANIFEST_VERSION, type Manifest } from '@dormouse/protocol';
import { isRecord } from '../is-record.js';
import { process } from '../process.js';
import { ancestors } from './main-script.js';

const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');

/**
 * The build that runs, as far as the process needs it. The manifest itself is read again when the
 * collector asks for it: as live objects it can weigh ten times its file.
 */
export interface Build {
  readonly buildId: string;
  readonly commit?: string;
  /** Ids of the woven files. */
  readonly files: ReadonlySet<string>;
  /** Properties that `@secret` comments mark. */
  readonly secretProperties: readonly string[];
  /** The directory that the manifest's paths are relative to, where one can be found. */
  readonly root?: string;
  /** Where the manifest is, for people. */
  readonly manifestPath: string;
  /** @throws where it cannot be read any more; it may be another one by now */
  readManifest(): Manifest;
}

/** Beside the main script, in a directory above it (short of the root of the file system), or in the `dist` of one. */
export function findManifest(directory: string): string | undefined {
  return ancestors(directory)
    .filter((ancestor) => ancestor === directory || ancestor !== path.parse(ancestor).root)
    .flatMap((ancestor) => [path.join(ancestor, MANIFEST_FILE), path.join(ancestor, 'dist', MANIFEST_FILE)])
    .find((file) => existsSync(file));
}

/** @throws where the file cannot be read or is no manifest */
export function readBuild(manifestPath: string): Build {
  const manifest = readManifest(manifestPath);
  return buildOf(manifest, manifestPath, findRoot(manifestPath, manifest), () => readManifest(manifestPath));
}

/** @param read gives the manifest again, when the collector asks for it */
export function buildOf(
  manifest: Manifest,
  manifestPath: string,
  root: string | undefined,
  read: () => Manifest,
): Build {
  return {
    buildId: manifest.buildId,
    files: new Set(manifest.files.map((file) => file.id)),
    secretProperties: secretPropertiesOf(manifest),
    manifestPath,
    readManifest: read,
    ...(manifest.commit !== undefined && { commit: manifest.commit }),
    ...(root !== undefined && { root }),
  };
}

/** @throws where the file cannot be read or is no manifest */
export function readManifest(manifestPath: string): Manifest {
  const manifest: unknown = JSON.parse(readFileSync(manifestPath, 'utf8'));
  if (!isManifest(manifest)) throw new Error(`${manifestPath} is not a Dormouse manifest`);
  if (manifest.manifest !== MANIFEST_VERSION || manifest.contract !== CONTRACT_VERSION) {
    throw new Error(otherVersion(manifestPath, manifest));
  }
  return manifest;
}

const secretPropertiesOf = ({ files }: Manifest): string[] =>
  files.flatMap(({ names, secretProperties = [] }) => secretProperties.map((index) => names[index] ?? ''));

function otherVersion(manifestPath: string, { manifest, contract, weaver }: Manifest): string {
  return (
    `${manifestPath} was written by ${weaver} (manifest ${manifest}, contract ${contract}); ` +
    `this runtime knows manifest ${MANIFEST_VERSION}, contract ${CONTRACT_VERSION}. ` +
    'Install the same version of Dormouse for both and build again.'
  );
}

/** The collector checks the rest. */
const isManifest = (value: unknown): value is Manifest =>
  isRecord(value) &&
  typeof value['buildId'] === 'string' &&
  Array.isArray(value['files']) &&
  value['files'].every((file) => isRecord(file) && typeof file['id'] === 'string');

/** The manifest lies somewhere below the root; its outputs tell where. */
function findRoot(manifestPath: string, manifest: Manifest): string | undefined {
  const output = manifest.files[0]?.output;
  if (output === undefined) return undefined;
  return ancestors(path.dirname(manifestPath)).find((ancestor) => existsSync(path.join(ancestor, output)));
}
