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
 * has changed, it follows its function as long as that has not changed itself. Otherwise it stays on its line only while that is
 * still in the same function, at the same distance from its start, and has the same text; and follows its text, where only one
 * line of the function has it.
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
  /** Whether its function has the same shape: then it is where it was, `shift` lines further on. */
  readonly sameShape: boolean;
  readonly shift: number;
}

function differenceOf({ location: { file }, anchor }: DefinedPlace, build: BuildIndex): Difference | Reason {
  const hash = build.hash(file);
  if (hash === undefined) return { reason: `The build has no file ${file}.` };
  const same = hash !== '' && hash === anchor.hash;
  const shift = same ? 0 : shiftOf(anchor, build.functions(file));
  return { same, sameShape: shift !== undefined, shift: shift ?? 0 };
}

function findLine(place: DefinedPlace, build: BuildIndex): IndexedPoint | Reason {
  const difference = differenceOf(place, build);
  if ('reason' in difference) return difference;
  const { same, sameShape, shift } = difference;
  const {
    location: { file, line, column },
    anchor,
  } = place;
  const there = build.points(file).filter(({ point }) => point.line === line + shift);
  const at = there.length === 0 ? undefined : pickByColumn(there, column);
  if (at !== undefined && (same || isSamePlace(at, anchor, shift, sameShape))) return at;
  const moved = same ? undefined : findByText(anchor, build.points(file), column);
  if (moved !== undefined) return moved;
  if (at === undefined) return { reason: `No statement starts on line ${line} of ${file} in this build.` };
  return { reason: `Line ${line} of ${file} is not the same place of ${anchor.function} in this build.` };
}

function isSamePlace(
  { fn, point }: IndexedPoint,
  anchor: Anchor,
  shift: number,
  sameShape: boolean,
): boolean {
  if (fn.name !== anchor.function || fn.line !== anchor.functionLine + shift) return false;
  return sameShape || anchor.text === undefined || point.text === undefined || point.text === anchor.text;
}

/** The only line of its function that has the same text. */
function findByText(
  anchor: Anchor,
  points: readonly IndexedPoint[],
  column: number,
): IndexedPoint | undefined {
  if (anchor.text === undefined) return undefined;
  const found = points.filter(({ fn, point }) => fn.name === anchor.function && point.text === anchor.text);
  const isOne = new Set(found.map(({ point }) => point.line)).size === 1;
  return isOne ? pickByColumn(found, column) : undefined;
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

export function anchorOf(build: BuildIndex, path: string, { fn, point }: Spot): Anchor {
  return {
    hash: build.hash(path) ?? '',
    function: fn.name,
    functionLine: fn.line,
    fingerprint: fingerprint(fn),
    ...(point?.text !== undefined && { text: point.text }),
  };
}

/** How many lines the anchor's function has moved, if it is there once and has not changed its shape. */
function shiftOf(anchor: Anchor, functions: readonly IndexedFunction[]): number | undefined {
  const [only, ...others] = functions.map(({ fn }) => fn).filter((fn) => fn.name === anchor.function);
  if (only === undefined || others.length > 0 || fingerprint(only) !== anchor.fingerprint) return undefined;
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
