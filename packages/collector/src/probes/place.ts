import type { ManifestFunction, ResolvedLocation } from '@dormouse/protocol';
import type { BuildIndex, IndexedFunction, IndexedPoint } from '../builds/build-index.js';
import { pickByColumn } from '../builds/find-point.js';
import { expressionsOf, type Anchor, type ProbeDefinition } from './definition.js';
import { positionOf, variablesOf, whyUnseen, type Spot } from './spot.js';

/** Where a probe stands in one build, or in one sentence why it cannot. */
export type Placement =
  | { readonly at: Spot; readonly location: ResolvedLocation }
  | { readonly reason: string };

/**
 * Finds a probe's place in a build. Where the source is the same, it is the same line. Where the source
 * has changed, it follows its function as long as that has not changed itself, and otherwise stays on its
 * line only while that is still in the same function, at the same distance from its start.
 */
export function placeProbe(probe: ProbeDefinition, build: BuildIndex): Placement {
  const { file } = probe.location;
  const hash = build.hash(file);
  if (hash === undefined) return { reason: `The build has no file ${file}.` };

  const same = hash !== '' && hash === probe.anchor.hash;
  const shift = same ? 0 : shiftOf(probe.anchor, build.functions(file));
  const at = probe.on === 'line' ? findLine(probe, build, same, shift) : findCalls(probe, build, shift);
  if ('reason' in at) return at;
  const { line, column } = positionOf(at);
  const missing = missingVariable(probe, at);
  if (missing !== undefined) return { reason: `${missing} is not in scope at line ${line} in this build.` };
  return { at, location: { file, line, column } };
}

interface Reason {
  readonly reason: string;
}

function findLine(
  { location: { file, line, column }, anchor }: ProbeDefinition,
  build: BuildIndex,
  same: boolean,
  shift: number,
): IndexedPoint | Reason {
  const candidates = build.points(file).filter(({ point }) => point.line === line + shift);
  if (candidates.length === 0)
    return { reason: `No statement starts on line ${line} of ${file} in this build.` };
  const at = pickByColumn(candidates, column);
  if (same || (at.fn.name === anchor.function && at.fn.line === anchor.functionLine + shift)) return at;
  return { reason: `Line ${line} of ${file} is not the same place of ${anchor.function} in this build.` };
}

/** A function that was changed is still the same function while its name is the only one of its kind. */
function findCalls(
  { location: { file, column }, anchor, on }: ProbeDefinition,
  build: BuildIndex,
  shift: number,
): Spot | Reason {
  const namesakes = build.functions(file).filter(({ fn }) => fn.name === anchor.function);
  const there = namesakes.find(({ fn }) => fn.line === anchor.functionLine + shift && fn.column === column);
  const found = there ?? (namesakes.length === 1 ? namesakes[0] : undefined);
  if (found === undefined) return { reason: `${file} has not one ${anchor.function} in this build.` };
  const spot = { ...found, point: undefined };
  const unseen = whyUnseen(spot, on);
  return unseen === undefined ? spot : { reason: unseen };
}

export function anchorOf(build: BuildIndex, path: string, { fn }: Spot): Anchor {
  return {
    hash: build.hash(path) ?? '',
    function: fn.name,
    functionLine: fn.line,
    fingerprint: fingerprint(fn),
  };
}

/** How many lines the anchor's function has moved, if it is there once and has not changed. */
function shiftOf(anchor: Anchor, functions: readonly IndexedFunction[]): number {
  const [only, ...others] = functions.map(({ fn }) => fn).filter((fn) => fn.name === anchor.function);
  if (only === undefined || others.length > 0 || fingerprint(only) !== anchor.fingerprint) return 0;
  return only.line - anchor.functionLine;
}

/** The shape of a function: its extent and points, relative to its first line. */
function fingerprint(fn: ManifestFunction): string {
  const places = fn.points.map(
    (point) => `${point.line - fn.line}:${point.column}-${point.endLine - fn.line}`,
  );
  return `${fn.endLine - fn.line} ${places.join(' ')}`;
}

function missingVariable(probe: ProbeDefinition, at: Spot): string | undefined {
  const inScope = new Set(variablesOf(at));
  return expressionsOf(probe)
    .flatMap((expression) => expression.reads)
    .find((name) => !inScope.has(name));
}
