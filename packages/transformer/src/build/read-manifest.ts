import { readFileSync } from 'node:fs';
import { CONTRACT_VERSION, MANIFEST_VERSION, type Manifest } from '@dormouse/protocol';
import { TransformerError } from '../transformer-error.js';
import { weaver } from './weaver-name.js';

/** The manifest at `path`, or undefined where there is none that this weaver can go on with. */
export function readManifest(path: string): Manifest | undefined {
  try {
    return readManifestOrThrow(path);
  } catch {
    return undefined;
  }
}

/** @throws TransformerError where there is no manifest, or one of another format or contract */
export function readManifestOrThrow(path: string): Manifest {
  const manifest = parsed(path);
  const problem = otherVersion(manifest);
  if (problem !== undefined) throw new TransformerError('MANIFEST_VERSION', `${path} ${problem}`);
  return manifest as unknown as Manifest;
}

/** What keeps a weaver from going on with the manifest at `path`, as the end of a sentence; undefined: nothing does. */
export function whyUnreadable(path: string): string | undefined {
  try {
    return otherVersion(parsed(path));
  } catch {
    return undefined;
  }
}

function parsed(path: string): Readonly<Record<string, unknown>> {
  const text = readFileText(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'manifest' in value) return { ...value };
  } catch {
    // Told below, as is JSON that is something else.
  }
  throw new TransformerError('NO_MANIFEST', `${path} is not a Dormouse manifest.`);
}

function readFileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TransformerError('NO_MANIFEST', `${path} cannot be read: ${(error as Error).message}`);
  }
}

function otherVersion(found: Readonly<Record<string, unknown>>): string | undefined {
  const { manifest, contract } = found;
  if (manifest === MANIFEST_VERSION && contract === CONTRACT_VERSION) return undefined;
  const by = typeof found['weaver'] === 'string' ? found['weaver'] : 'an unknown weaver';
  return (
    `was written by ${by} (manifest ${manifest}, contract ${contract}); ` +
    `${weaver()} knows manifest ${MANIFEST_VERSION}, contract ${CONTRACT_VERSION}. ` +
    'Build it again, from clean outputs, with the same version of Dormouse everywhere.'
  );
}
