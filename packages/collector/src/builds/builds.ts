import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { BuildOutline, BuildView, Manifest } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { BuildStore } from '../storage/contract/builds.js';
import { BuildIndex } from './build-index.js';

/** Manifests kept unpacked, those used last. */
const UNPACKED_BUILDS = 32;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The builds ever seen, with their manifests. */
export class Builds {
  readonly #store: BuildStore;
  readonly #unpacked = new Map<string, Promise<BuildIndex | undefined>>();

  constructor(store: BuildStore) {
    this.#store = store;
  }

  /** Stores a manifest; a build that is known stays as it is, because its id is a hash of its content. */
  async save(manifest: Manifest): Promise<void> {
    await this.#store.save({
      buildId: manifest.buildId,
      ...(manifest.commit !== undefined && { commit: manifest.commit }),
      files: manifest.files.length,
      ...countCode(manifest),
      skipped: manifest.skipped.length,
      manifest: await compress(JSON.stringify(manifest)),
    });
    this.#unpacked.delete(manifest.buildId);
  }

  /** Notes that a service runs or will run a build, known or not. */
  link(service: string, buildId: string): Promise<void> {
    return this.#store.link(service, buildId);
  }

  /** The build's index, or nothing while its manifest is missing. */
  load(buildId: string): Promise<BuildIndex | undefined> {
    const known = this.#unpacked.get(buildId);
    this.#unpacked.delete(buildId);
    const loading = known ?? this.#readAnew(buildId);
    this.#unpacked.set(buildId, loading);
    if (this.#unpacked.size > UNPACKED_BUILDS) this.#unpacked.delete(this.#unpacked.keys().next().value!);
    return loading;
  }

  /** The ids of a service's builds whose manifests are here, seen last first. */
  idsOf(service: string): Promise<string[]> {
    return this.#store.idsOf(service);
  }

  /** All builds of all services, seen last first. */
  views(): Promise<BuildView[]> {
    return this.#store.list();
  }

  /** @throws {CollectorError} UNKNOWN_BUILD */
  async outline(buildId: string): Promise<BuildOutline> {
    const build = await this.load(buildId);
    if (build === undefined) {
      throw new CollectorError(
        'UNKNOWN_BUILD',
        `No manifest of a build ${buildId} is here. GET /services lists the builds.`,
      );
    }
    const { manifest } = build;
    return {
      buildId,
      ...(manifest.commit !== undefined && { commit: manifest.commit }),
      weaver: manifest.weaver,
      contract: manifest.contract,
      services: await this.#store.servicesOf(buildId),
      files: manifest.files.map((file) => ({
        output: file.output,
        sources: file.sources.map((source) => source.path),
        functions: file.functions.length,
        points: countPoints(file),
      })),
      skipped: manifest.skipped,
    };
  }

  /** What is not there, or could not be read, is looked for again by whoever comes next. */
  async #readAnew(buildId: string): Promise<BuildIndex | undefined> {
    let build: BuildIndex | undefined;
    try {
      build = await this.#read(buildId);
      return build;
    } finally {
      if (build === undefined) this.#unpacked.delete(buildId);
    }
  }

  async #read(buildId: string): Promise<BuildIndex | undefined> {
    const packed = await this.#store.manifest(buildId);
    if (packed === undefined) return undefined;
    const text = await decompress(packed);
    return new BuildIndex(JSON.parse(text.toString('utf8')) as Manifest);
  }
}

function countCode({ files }: Manifest): { functions: number; points: number } {
  const counts = { functions: 0, points: 0 };
  for (const file of files) {
    counts.functions += file.functions.length;
    counts.points += countPoints(file);
  }
  return counts;
}

function countPoints(file: Manifest['files'][number]): number {
  return file.functions.reduce((sum, fn) => sum + fn.points.length, 0);
}
