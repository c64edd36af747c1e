import { randomBytes } from 'node:crypto';
import { PATH_LIMITS, type ProbeEvent, type ProbeLocation, type ProbeRequest } from '@dormouse/protocol';
import type { BuildIndex, IndexedPoint } from '../builds/build-index.js';
import { findFile } from '../builds/find-file.js';
import { withLine } from '../builds/find-line.js';
import { findFunction } from '../builds/find-function.js';
import { findPoints, pickByColumn } from '../builds/find-point.js';
import { CollectorError, within } from '../collector-error.js';
import type { PlacingRules } from '../policy/rules.js';
import type { DefinedPlace, ProbeDefinition } from './definition.js';
import { checkExpressions, parseExpressions, type ParsedExpressions } from './expressions.js';
import { MAX_PROBE_BYTES, resolveLimits } from './limits.js';
import { checkContext } from './target.js';
import { whyTooLarge } from './path.js';
import { anchorOf } from './place.js';
import { isFollowed, positionOf, scopeOf, whyUnseen, type Scope, type Spot } from './spot.js';

/** Short enough to type, long enough never to repeat: 50 bits. */
const ID_DIGITS = 10;
const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Checks a request against the first of the builds in which its line is found.
 * @param rules what may not be probed and is never shown
 * @throws {CollectorError} as the first build answers, when none has the line.
 */
export function defineProbe(
  request: ProbeRequest,
  builds: readonly [BuildIndex, ...BuildIndex[]],
  rules: PlacingRules,
  now: number,
): ProbeDefinition {
  const { limits, capture } = resolveLimits(request);
  const expressions = parseExpressions(request);
  checkContext(request.target ?? {}, rules.redaction);
  const place = firstSuccess(builds, (build) => resolvePlace(request, expressions, build, rules));
  const definition: ProbeDefinition = {
    id: newProbeId(),
    kind: request.kind,
    service: request.service,
    on: eventOf(request),
    ...place,
    ...(request.kind === 'tictoc' && { within: request.within ?? 'call' }),
    ...(request.kind === 'path' && { steps: request.steps ?? PATH_LIMITS.steps }),
    ...expressions,
    ...(request.verdict !== undefined && { verdict: request.verdict }),
    ...(request.name !== undefined && { name: request.name }),
    level: request.level ?? 'info',
    ...(request.to !== undefined && { to: request.to }),
    ...(request.callers !== undefined && request.callers > 0 && { callers: request.callers }),
    target: request.target ?? {},
    limits,
    ...(request.hitsOf !== undefined && { hitsOf: request.hitsOf }),
    capture,
    ...(request.owner !== undefined && { owner: request.owner }),
    createdAt: now,
    expiresAt: now + limits.expiresInMs,
  };
  checkSize(definition);
  return definition;
}

/** Durations and paths are of calls from their begin to their end, and so are spans, unless they are of lines. */
const eventOf = ({ kind, until, on = 'line' }: ProbeRequest): ProbeEvent =>
  (kind === 'span' && until === undefined) || kind === 'duration' || kind === 'path' ? 'end' : on;

function resolvePlace(
  request: ProbeRequest,
  expressions: ParsedExpressions,
  build: BuildIndex,
  rules: PlacingRules,
): Pick<ProbeDefinition, 'location' | 'anchor' | 'until' | 'includes'> {
  const { kind, location } = request;
  const on = eventOf(request);
  const file = within('location', () => findFile(build, location.file));
  const spot = within('location', () => findSpot(build, file, location, on));
  within('location', () => requireSeen(spot, request, on));
  const includes = findIncludes(request, build);
  const functions = [spot, ...(includes ?? []).map((include) => include.spot)];
  if (request.kind === 'path') requireSmall(spot, functions.slice(1));
  const until = findUntil(request, build, functions);
  for (const { file: of, fn } of until === undefined ? functions : [...functions, until.spot])
    rules.requireAllowed(of, fn);
  const scope = (at: Spot): Scope => scopeOf(at, rules.redaction);
  checkExpressions(expressions, kind, on, scope(spot), until && scope(until.spot));
  return {
    ...definePlace(build, file, spot),
    ...(until !== undefined && { until: definePlace(build, until.file, until.spot) }),
    ...(includes !== undefined && {
      includes: includes.map((include) => definePlace(build, include.file, include.spot)),
    }),
  };
}

const definePlace = (build: BuildIndex, file: string, spot: Spot): DefinedPlace => ({
  location: { file, ...positionOf(spot) },
  anchor: anchorOf(build, file, spot),
});

/** @throws {CollectorError} INVALID_REQUEST, NO_CODE_AT_LINE, AMBIGUOUS_LINE, UNKNOWN_FUNCTION, AMBIGUOUS_FUNCTION */
function findSpot(build: BuildIndex, file: string, asked: ProbeLocation, on: ProbeEvent): Spot {
  const location = withLine(build, file, asked, on);
  if (on === 'line') return pickByColumn(findLine(build, file, location), location.column);
  return { ...findFunction(build, file, location), point: undefined };
}

/** @throws {CollectorError} INVALID_REQUEST, NO_CODE_AT_LINE */
function findLine(build: BuildIndex, file: string, location: ProbeLocation): readonly IndexedPoint[] {
  if (location.line === undefined || location.function !== undefined)
    throw new CollectorError('INVALID_REQUEST', 'A probe on a line needs its line, and no function.', {
      path: 'line',
    });
  return findPoints(build, file, location.line);
}

/** @throws {CollectorError} CALLS_NOT_SEEN */
function requireSeen(spot: Spot, request: ProbeRequest, on: ProbeEvent): void {
  const unseen = whyUnseen(spot, { ...request, on });
  if (unseen === undefined) return;
  throw new CollectorError('CALLS_NOT_SEEN', unseen, { path: on === 'line' ? 'line' : 'function' });
}

interface FoundSpot {
  readonly file: string;
  readonly spot: Spot;
}

/** @throws {CollectorError} UNKNOWN_FILE, AMBIGUOUS_FILE, UNKNOWN_FUNCTION, AMBIGUOUS_FUNCTION, CALLS_NOT_SEEN */
const findIncludes = (request: ProbeRequest, build: BuildIndex): FoundSpot[] | undefined =>
  request.includes
    ?.map((location, index) =>
      within(`includes[${index}]`, () => {
        const file = findFile(build, location.file);
        const spot = findSpot(build, file, location, 'end');
        requireSeen(spot, request, 'end');
        return { file, spot };
      }),
    )
    .filter(({ spot }, index, all) => all.findIndex((other) => other.spot.fn === spot.fn) === index);

/** @throws {CollectorError} LIMIT_EXCEEDED */
function requireSmall(root: Spot, includes: readonly Spot[]): void {
  const tooLarge = whyTooLarge(root, includes);
  if (tooLarge !== undefined) throw new CollectorError('LIMIT_EXCEEDED', tooLarge, { path: 'location' });
}

/**
 * @param functions whose calls the probe follows; the first is where it begins
 * @throws {CollectorError} UNKNOWN_FILE, AMBIGUOUS_FILE, INVALID_REQUEST, NO_CODE_AT_LINE
 */
function findUntil(
  request: ProbeRequest,
  build: BuildIndex,
  functions: readonly Spot[],
): FoundSpot | undefined {
  const { until } = request;
  if (until === undefined) return undefined;
  return within('until', () => {
    const file = findFile(build, until.file);
    const location = withLine(build, file, until, 'line');
    const all = findLine(build, file, location);
    const points = all.filter((point) => isFollowed(point, request, functions));
    if (points.length === 0) throw notInFunctions(location, all, functions);
    return { file, spot: pickByColumn(points, until.column) };
  });
}

function notInFunctions(
  { line }: ProbeLocation,
  points: readonly IndexedPoint[],
  [first, ...others]: readonly Spot[],
): CollectorError {
  const or = others.map(({ fn }) => ` or ${fn.name}`).join('');
  const message = `What begins in ${first?.fn.name} has to end in it${or}, and line ${line} is in ${points[0]?.fn.name}.`;
  return new CollectorError('INVALID_REQUEST', message, { path: 'line' });
}

/** @throws {CollectorError} LIMIT_EXCEEDED */
function checkSize(definition: ProbeDefinition): void {
  const size = Buffer.byteLength(JSON.stringify(definition));
  if (size <= MAX_PROBE_BYTES) return;
  throw new CollectorError(
    'LIMIT_EXCEEDED',
    `The probe’s expressions come to ${size} bytes, and ${MAX_PROBE_BYTES} is the most a probe can have. Ask for less at once.`,
  );
}

function firstSuccess<Item, Result>(
  [first, ...others]: readonly [Item, ...Item[]],
  attempt: (item: Item) => Result,
): Result {
  try {
    return attempt(first);
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    for (const item of others) {
      try {
        return attempt(item);
      } catch {
        // The first answer is the one to report: it is about the build the caller most likely means.
      }
    }
    throw error;
  }
}

function newProbeId(): string {
  const digits = Array.from(randomBytes(ID_DIGITS), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]);
  return `p_${digits.join('')}`;
}
