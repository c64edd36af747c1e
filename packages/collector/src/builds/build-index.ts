import type { Manifest, ManifestFile, ManifestFunction, ManifestPoint } from '@dormouse/protocol';

/** A point with everything around it. */
export interface IndexedPoint {
  readonly file: ManifestFile;
  readonly fn: ManifestFunction;
  readonly point: ManifestPoint;
}

/** A function with the file that has it. */
export interface IndexedFunction {
  readonly file: ManifestFile;
  readonly fn: ManifestFunction;
}

/** A manifest, seen from the original sources. Paths are looked up at once, points on first use. */
export class BuildIndex {
  readonly manifest: Manifest;
  readonly #outputs = new Map<string, ManifestFile[]>();
  readonly #hashes = new Map<string, string>();
  readonly #points = new Map<string, readonly IndexedPoint[]>();

  constructor(manifest: Manifest) {
    this.manifest = manifest;
    for (const file of manifest.files) {
      for (const { path, hash } of file.sources) {
        const outputs = this.#outputs.get(path);
        if (outputs === undefined) this.#outputs.set(path, [file]);
        else outputs.push(file);
        this.#hashes.set(path, hash);
      }
    }
  }

  get buildId(): string {
    return this.manifest.buildId;
  }

  /** The original sources. */
  get paths(): readonly string[] {
    return [...this.#outputs.keys()];
  }

  /** The source's hash; empty or absent where it is not known. */
  hash(path: string): string | undefined {
    return this.#hashes.get(path);
  }

  /** All functions of a source, the first output's where several have it. */
  functions(path: string): readonly IndexedFunction[] {
    const [file] = this.#outputs.get(path) ?? [];
    if (file === undefined) return [];
    return file.functions.filter((fn) => file.sources[fn.source]?.path === path).map((fn) => ({ file, fn }));
  }

  /** All points of a source, by line and column; of points that several outputs share, the first output's. */
  points(path: string): readonly IndexedPoint[] {
    let points = this.#points.get(path);
    if (points === undefined) {
      points = collectPoints(path, this.#outputs.get(path) ?? []);
      this.#points.set(path, points);
    }
    return points;
  }
}

/** The names of the values a point offers: `this` first where it has one, then locals, then outers. */
export function variablesAt({ file, point }: IndexedPoint): string[] {
  const named = namesOf(file, [...point.locals, ...(point.outers ?? [])]);
  return point.self ? ['this', ...named] : named;
}

export function namesOf(file: ManifestFile, indices: readonly number[]): string[] {
  return indices.map((index) => file.names[index]!);
}

function collectPoints(path: string, outputs: readonly ManifestFile[]): IndexedPoint[] {
  const byPlace = new Map<string, IndexedPoint>();
  for (const file of outputs) {
    for (const fn of file.functions) {
      if (file.sources[fn.source]?.path !== path) continue;
      for (const point of fn.points) {
        const place = `${point.line}:${point.column}`;
        if (!byPlace.has(place)) byPlace.set(place, { file, fn, point });
      }
    }
  }
  return [...byPlace.values()].sort((a, b) => a.point.line - b.point.line || a.point.column - b.point.column);
}
