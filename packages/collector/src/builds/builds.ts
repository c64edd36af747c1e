import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { BuildOutline, BuildView, Manifest } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Database } from '../storage/database.js';
import { BuildIndex } from './build-index.js';

/** Manifests kept unpacked, those used last. */
const UNPACKED_BUILDS = 32;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The builds ever seen, with their manifests. */
export class Builds {
  readonly #db: Database;
  readonly #unpacked = new Map<string, Promise<BuildIndex | undefined>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores a manifest; a build that is known stays as it is, because its id is a hash of its content. */
  async save(manifest: Manifest): Promise<void> {
    const row = {
      id: manifest.buildId,
      commit_id: manifest.commit ?? null,
      files: manifest.files.length,
      ...countCode(manifest),
      skipped: manifest.skipped.length,
      manifest: await compress(JSON.stringify(manifest)),
      received_at: Date.now(),
    };
    await this.#db
      .insertInto('builds')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    this.#unpacked.delete(manifest.buildId);
  }

  /** Notes that a service runs or will run a build, known or not. */
  async link(service: string, buildId: string): Promise<void> {
    const seen = { last_seen: Date.now() };
    await this.#db
      .insertInto('service_builds')
      .values({ service, build: buildId, ...seen })
      .onConflict((conflict) => conflict.columns(['service', 'build']).doUpdateSet(seen))
      .execute();
  }

  /** The build's index, or nothing while its manifest is missing. */
  load(buildId: string): Promise<BuildIndex | undefined> {
    const known = this.#unpacked.get(buildId);
    this.#unpacked.delete(buildId);
    const loading = known ?? this.#read(buildId);
    this.#unpacked.set(buildId, loading);
    if (this.#unpacked.size > UNPACKED_BUILDS) this.#unpacked.delete(this.#unpacked.keys().next().value!);
    return loading;
  }

  /** The ids of a service's builds whose manifests are here, seen last first. */
  async idsOf(service: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('service_builds')
      .innerJoin('builds', 'builds.id', 'service_builds.build')
      .select('builds.id')
      .where('service', '=', service)
      .orderBy('last_seen', 'desc')
      .execute();
    return rows.map((row) => row.id);
  }

  /** All builds of all services, seen last first. */
  async views(): Promise<BuildView[]> {
    const rows = await this.#db
      .selectFrom('service_builds')
      .innerJoin('builds', 'builds.id', 'service_builds.build')
      .select(['builds.id as buildId', 'service', 'commit_id', 'files', 'functions', 'points', 'skipped'])
      .orderBy('last_seen', 'desc')
      .execute();
    return rows.map(({ commit_id: commit, ...view }) => (commit === null ? view : { ...view, commit }));
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
    const links = await this.#db
      .selectFrom('service_builds')
      .select('service')
      .where('build', '=', buildId)
      .orderBy('service')
      .execute();
    return {
      buildId,
      ...(manifest.commit !== undefined && { commit: manifest.commit }),
      weaver: manifest.weaver,
      contract: manifest.contract,
      services: links.map((link) => link.service),
      files: manifest.files.map((file) => ({
        output: file.output,
        sources: file.sources.map((source) => source.path),
        functions: file.functions.length,
        points: countPoints(file),
      })),
      skipped: manifest.skipped,
    };
  }

  async #read(buildId: string): Promise<BuildIndex | undefined> {
    const row = await this.#db
      .selectFrom('builds')
      .select('manifest')
      .where('id', '=', buildId)
      .executeTakeFirst();
    if (row === undefined) {
      this.#unpacked.delete(buildId);
      return undefined;
    }
    const text = await decompress(row.manifest);
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
