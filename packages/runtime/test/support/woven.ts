import vm from 'node:vm';
import { weave } from '@dormouse/transformer';
import type { ManifestFile, ManifestFunction, ManifestPoint } from '@dormouse/protocol';

/** A woven script that was run in this process. */
export interface Woven {
  /** The script's last value. */
  readonly value: unknown;
  readonly file: ManifestFile;
  readonly code: string;
  /** Manifest function by its name. */
  function(name: string): ManifestFunction;
  /** The first point of a line, counted from 1. */
  point(line: number): { readonly owner: ManifestFunction; readonly point: ManifestPoint };
  /** Names by their indices. */
  names(indices?: readonly number[]): string[];
}

let scripts = 0;

/** Weaves a script, so that each is a file of its own, and runs it in this realm. */
export function runWoven(source: string): Woven {
  const filename = `script-${++scripts}.cjs`;
  const { code, manifest, skipped } = weave(source, { filename });
  if (manifest === null) throw new Error(`not woven: ${JSON.stringify(skipped)}`);
  const value: unknown = vm.runInThisContext(code, { filename: `/app/${filename}` });
  return {
    value,
    file: manifest,
    code,
    function(name) {
      const found = manifest.functions.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`no function ${name}`);
      return found;
    },
    point(line) {
      for (const owner of manifest.functions) {
        const point = owner.points.find((candidate) => candidate.line === line);
        if (point !== undefined) return { owner, point };
      }
      throw new Error(`no point at line ${line}`);
    },
    names: (indices = []) => indices.map((index) => manifest.names[index] as string),
  };
}
