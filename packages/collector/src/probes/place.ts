import type { ManifestFunction, ProbeLocation } from '@dormouse/protocol';
import { variablesAt, type BuildIndex, type IndexedPoint } from '../builds/build-index.js';
import { pickByColumn } from '../builds/find-point.js';
import { expressionsOf, type Anchor, type ProbeDefinition } from './definition.js';

/** Where a probe stands in one build, or in one sentence why it cannot. */
export type Placement =
  | { readonly at: IndexedPoint; readonly location: Required<ProbeLocation> }
  | { readonly reason: string };

/**
 * Finds a probe's place in a build. Where the source is the same, it is the same line. Where the source
 * has changed, it follows its function as long as that has not changed itself, and otherwise stays on its
 * line only while that is still in the same function, at the same distance from its start.
 */
export function placeProbe(probe: ProbeDefinition, build: BuildIndex): Placement {
  const { file, line, column } = probe.location;
  const hash = build.hash(file);
  if (hash === undefined) return { reason: `The build has no file ${file}.` };

  const points = build.points(file);
  const same = hash !== '' && hash === probe.anchor.hash;
  const shift = same ? 0 : shiftOf(probe.anchor, points);
  const candidates = points.filter(({ point }) => point.line === line + shift);
  if (candidates.length === 0)
    return { reason: `No statement starts on line ${line} of ${file} in this build.` };

  const at = pickByColumn(candidates, column);
  if (!same && (at.fn.name !== probe.anchor.function || at.fn.line !== probe.anchor.functionLine + shift)) {
    return {
      reason: `Line ${line} of ${file} is not the same place of ${probe.anchor.function} in this build.`,
    };
  }
  const missing = missingVariable(probe, at);
  if (missing !== undefined)
    return { reason: `${missing} is not in scope at line ${line + shift} in this build.` };
  return { at, location: { file, line: at.point.line, column: at.point.column } };
}

export function anchorOf(build: BuildIndex, path: string, { fn }: IndexedPoint): Anchor {
  return {
    hash: build.hash(path) ?? '',
    function: fn.name,
    functionLine: fn.line,
    fingerprint: fingerprint(fn),
  };
}

/** How many lines the anchor's function has moved, if it is there once and has not changed. */
function shiftOf(anchor: Anchor, points: readonly IndexedPoint[]): number {
  const namesakes = new Set(points.map(({ fn }) => fn).filter((fn) => fn.name === anchor.function));
  const [only] = namesakes;
  if (only === undefined || namesakes.size > 1 || fingerprint(only) !== anchor.fingerprint) return 0;
  return only.line - anchor.functionLine;
}

/** The shape of a function: its extent and points, relative to its first line. */
function fingerprint(fn: ManifestFunction): string {
  const places = fn.points.map(
    (point) => `${point.line - fn.line}:${point.column}-${point.endLine - fn.line}`,
  );
  return `${fn.endLine - fn.line} ${places.join(' ')}`;
}

function missingVariable(probe: ProbeDefinition, at: IndexedPoint): string | undefined {
  const inScope = new Set(variablesAt(at));
  return expressionsOf(probe)
    .flatMap((expression) => expression.reads)
    .find((name) => !inScope.has(name));
}
