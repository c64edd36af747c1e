import vm from 'node:vm';
import type { ManifestFile, ManifestFunction, ManifestPoint } from '@dormouse/protocol';
import { weave } from '@dormouse/transformer';

/** What a test needs to know of a woven file to place probes in it. */
export interface WovenPoints {
  readonly file: ManifestFile;
  /** The first point of a line, counted from 1. */
  point(line: number): { readonly owner: ManifestFunction; readonly point: ManifestPoint };
  /** Names by their indices. */
  names(indices?: readonly number[]): string[];
}

export interface WovenSource {
  readonly code: string;
  readonly map: object;
  readonly points: WovenPoints;
}

/** Weaves a source that has to be weavable. */
export function weaveSource(source: string, filename: string): WovenSource {
  const { code, map, manifest: file, skipped } = weave(source, { filename });
  if (file === null) throw new Error(`not woven: ${JSON.stringify(skipped)}`);
  const points: WovenPoints = {
    file,
    point(line) {
      for (const owner of file.functions) {
        const point = owner.points.find((candidate) => candidate.line === line);
        if (point !== undefined) return { owner, point };
      }
      throw new Error(`no point at line ${line}`);
    },
    names: (indices = []) => indices.map((index) => file.names[index] as string),
  };
  return { code, map: { ...map }, points };
}

/** A woven script that was run in this process, with its last value. */
export interface WovenScript extends WovenPoints {
  readonly value: unknown;
}

let scripts = 0;

/** Weaves a script under a name of its own, so that no two are the same file, and runs it in this realm. */
export function runWoven(source: string): WovenScript {
  const filename = `script-${++scripts}.cjs`;
  const { code, points } = weaveSource(source, filename);
  return { ...points, value: vm.runInThisContext(code, { filename: `/app/${filename}` }) };
}
