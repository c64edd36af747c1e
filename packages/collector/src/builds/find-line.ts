import { lineTextHash, type ProbeEvent, type ProbeLocation } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { BuildIndex, IndexedPoint } from './build-index.js';
import { findPoints } from './find-point.js';

/** Lines that an error names. */
const CANDIDATES = 5;

/**
 * A location with the line that it means, where it says that by a text or by a range.
 * @param on what is waited for: of a range it is the first statement, or the first function that begins there
 * @throws {CollectorError} INVALID_REQUEST, NO_CODE_AT_LINE, AMBIGUOUS_LINE
 */
export function withLine(
  build: BuildIndex,
  path: string,
  { text, endLine, ...location }: ProbeLocation,
  on: ProbeEvent,
): ProbeLocation {
  if (text !== undefined) return { ...location, line: lineOfText(build, path, text, location) };
  if (endLine === undefined) return location;
  return { ...location, line: lineInRange(build, path, requireRange(location.line, endLine), on) };
}

interface Range {
  readonly line: number;
  readonly endLine: number;
}

function requireRange(line: number | undefined, endLine: number): Range {
  if (line !== undefined && line <= endLine) return { line, endLine };
  throw new CollectorError(
    'INVALID_REQUEST',
    'A range needs the line it begins with, and then its last one.',
    {
      path: 'endLine',
    },
  );
}

function lineInRange(build: BuildIndex, path: string, { line, endLine }: Range, on: ProbeEvent): number {
  const isInside = (at: number): boolean => line <= at && at <= endLine;
  if (on !== 'line') {
    const functions = build.functions(path).filter(({ fn }) => fn.kind !== 'module' && isInside(fn.line));
    return functions.length === 0 ? line : Math.min(...functions.map(({ fn }) => fn.line));
  }
  const first = build.points(path).find(({ point }) => isInside(point.line));
  return first?.point.line ?? findPoints(build, path, line)[0]!.point.line;
}

/** Of several lines with the text, the one nearest to `line`, if there is one to be near to. */
function lineOfText(
  build: BuildIndex,
  path: string,
  text: string,
  { line, function: name }: ProbeLocation,
): number {
  const points = build.points(path);
  if (points.length > 0 && points.every(({ point }) => point.text === undefined))
    throw unknownTexts(build, path);
  const hash = lineTextHash(text);
  const found = points.filter(
    ({ point, fn }) => point.text === hash && (name === undefined || fn.name === name),
  );
  const lines = [...new Set(found.map(({ point }) => point.line))];
  if (lines.length === 0) throw noSuchLine(path, name);
  if (line !== undefined) return lines.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line))[0]!;
  if (lines.length > 1) throw ambiguousLine(path, found, lines);
  return lines[0]!;
}

const unknownTexts = (build: BuildIndex, path: string): CollectorError =>
  new CollectorError(
    'NO_CODE_AT_LINE',
    `Build ${build.buildId} does not know the texts of ${path}: its sources were not at hand when it was woven. Give the line.`,
    { path: 'text' },
  );

const noSuchLine = (path: string, name: string | undefined): CollectorError =>
  new CollectorError(
    'NO_CODE_AT_LINE',
    `No statement${name === undefined ? '' : ` of ${name}`} begins on a line of ${path} with this text. Give the whole line, as the source has it; blanks do not count.`,
    { path: 'text' },
  );

function ambiguousLine(
  path: string,
  found: readonly IndexedPoint[],
  lines: readonly number[],
): CollectorError {
  const named = lines.map((line) => {
    const at = found.find(({ point }) => point.line === line)!;
    return `${line} (in ${at.fn.name})`;
  });
  const more = lines.length > CANDIDATES ? ', …' : '';
  return new CollectorError(
    'AMBIGUOUS_LINE',
    `${lines.length} lines of ${path} have this text: ${named.slice(0, CANDIDATES).join(', ')}${more}. Give a line near the one that is meant, too.`,
    { path: 'text', suggestions: lines.map((line) => `${path}:${line}`) },
  );
}
