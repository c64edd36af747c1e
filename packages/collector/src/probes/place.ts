import type { CompiledExpression, ManifestFunction, ResolvedLocation } from '@dormouse/protocol';
import type { BuildIndex, IndexedFunction, IndexedPoint } from '../builds/build-index.js';
import { pickByColumn } from '../builds/find-point.js';
import { whyTooLarge } from './path.js';
import { expressionsOf, keysOf, type Anchor, type DefinedPlace, type ProbeDefinition } from './definition.js';
import { isFollowed, positionOf, variablesOf, whyUnseen, type Spot } from './spot.js';

/** A probe's places in one build. */
export interface Places {
  readonly at: Spot;
  /** The second one, where the probe has one. */
  readonly until: IndexedPoint | undefined;
  /** Other functions that a path follows. */
  readonly includes: readonly IndexedFunction[];
}

/** Where a probe stands in one build, or in one sentence why it cannot. */
export type Placement = (Places & { readonly location: ResolvedLocation }) | Reason;

/**
 * Finds a probe's places in a build: all of them, or none. Where the source is the same, it is the same line. Where the source
 * has changed, it follows its function as long as that has not changed itself, and otherwise stays on its
 * line only while that is still in the same function, at the same distance from its start.
 */
export function placeProbe(probe: ProbeDefinition, build: BuildIndex): Placement {
  const at = probe.on === 'line' ? findLine(probe, build) : findCalls(probe, build);
  if ('reason' in at) return at;
  const unseen = whyUnseen(at, probe);
  if (unseen !== undefined) return { reason: unseen };
  const until = probe.until && findLine(probe.until, build);
  if (until !== undefined && 'reason' in until) return until;
  const includes = findIncludes(probe, build);
  if ('reason' in includes) return includes;
  if (until !== undefined && !isFollowed(until, probe, [at, ...includes]))
    return { reason: `Line ${until.point.line} is not in ${at.fn.name} in this build.` };
  const tooLarge = probe.steps === undefined ? undefined : whyTooLarge(at, includes);
  if (tooLarge !== undefined) return { reason: tooLarge };

  return (
    missingVariable(expressionsOf(probe), at) ??
    missingVariable(keysOf(probe), until ?? at) ?? {
      at,
      until,
      includes,
      location: { file: probe.location.file, ...positionOf(at) },
    }
  );
}

interface Reason {
  readonly reason: string;
}

/** How a place's source differs from the one that it was defined in. */
interface Difference {
  readonly same: boolean;
  /** Lines that its function has moved. */
  readonly shift: number;
}

function differenceOf({ location: { file }, anchor }: DefinedPlace, build: BuildIndex): Difference | Reason {
  const hash = build.hash(file);
  if (hash === undefined) return { reason: `The build has no file ${file}.` };
  const same = hash !== '' && hash === anchor.hash;
  return { same, shift: same ? 0 : shiftOf(anchor, build.functions(file)) };
}

function findLine(place: DefinedPlace, build: BuildIndex): IndexedPoint | Reason {
  const difference = differenceOf(place, build);
  if ('reason' in difference) return difference;
  const { same, shift } = difference;
  const {
    location: { file, line, column },
    anchor,
  } = place;
  const candidates = build.points(file).filter(({ point }) => point.line === line + shift);
  if (candidates.length === 0)
    return { reason: `No statement starts on line ${line} of ${file} in this build.` };
  const at = pickByColumn(candidates, column);
  if (same || (at.fn.name === anchor.function && at.fn.line === anchor.functionLine + shift)) return at;
  return { reason: `Line ${line} of ${file} is not the same place of ${anchor.function} in this build.` };
}

/** A function that was changed is still the same function while its name is the only one of its kind. */
function findCalls(place: DefinedPlace, build: BuildIndex): Spot | Reason {
  const difference = differenceOf(place, build);
  if ('reason' in difference) return difference;
  const { shift } = difference;
  const {
    location: { file, column },
    anchor,
  } = place;
  const namesakes = build.functions(file).filter(({ fn }) => fn.name === anchor.function);
  const there = namesakes.find(({ fn }) => fn.line === anchor.functionLine + shift && fn.column === column);
  const found = there ?? (namesakes.length === 1 ? namesakes[0] : undefined);
  if (found === undefined) return { reason: `${file} has not one ${anchor.function} in this build.` };
  return { ...found, point: undefined };
}

function findIncludes({ kind, includes = [] }: ProbeDefinition, build: BuildIndex): readonly Spot[] | Reason {
  const found: Spot[] = [];
  for (const place of includes) {
    const spot = findCalls(place, build);
    if ('reason' in spot) return spot;
    const unseen = whyUnseen(spot, { kind, on: 'end' });
    if (unseen !== undefined) return { reason: unseen };
    found.push(spot);
  }
  return found;
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

function missingVariable(expressions: readonly CompiledExpression[], at: Spot): Reason | undefined {
  const inScope = new Set(variablesOf(at));
  const missing = expressions.flatMap((expression) => expression.reads).find((name) => !inScope.has(name));
  if (missing === undefined) return undefined;
  return { reason: `${missing} is not in scope at line ${positionOf(at).line} in this build.` };
}
