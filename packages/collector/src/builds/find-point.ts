import { CollectorError } from '../collector-error.js';
import type { BuildIndex, IndexedPoint } from './build-index.js';

/** Lines with code that an error names on either side. */
const NEIGHBOURS = 2;

/**
 * The points that start on a line, by column; at least one.
 * @throws {CollectorError} NO_CODE_AT_LINE
 */
export function findPoints(build: BuildIndex, path: string, line: number): readonly IndexedPoint[] {
  const points = build.points(path).filter(({ point }) => point.line === line);
  if (points.length === 0) throw noCode(build, path, line);
  return points;
}

/** The point a column means: the nearest at or before it, else the first. */
export function pickByColumn(points: readonly IndexedPoint[], column: number | undefined): IndexedPoint {
  const before = column === undefined ? [] : points.filter(({ point }) => point.column <= column);
  return before.at(-1) ?? points[0]!;
}

function noCode(build: BuildIndex, path: string, line: number): CollectorError {
  const points = build.points(path);
  const nearest = [
    ...linesOf(points.filter(({ point }) => point.line < line)).slice(-NEIGHBOURS),
    ...linesOf(points.filter(({ point }) => point.line > line)).slice(0, NEIGHBOURS),
  ].sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line));

  return new CollectorError('NO_CODE_AT_LINE', explain(path, line, points, nearest), {
    path: 'line',
    suggestions: nearest.map((neighbour) => `${path}:${neighbour.line}`),
  });
}

interface CodeLine {
  readonly line: number;
  readonly fn: string;
}

/** Each line once, in order. */
function linesOf(points: readonly IndexedPoint[]): CodeLine[] {
  const lines = new Map(points.map(({ point, fn }) => [point.line, fn.name]));
  return Array.from(lines, ([line, fn]) => ({ line, fn }));
}

function explain(
  path: string,
  line: number,
  points: readonly IndexedPoint[],
  nearest: readonly CodeLine[],
): string {
  if (nearest.length === 0) return `${path} has no statement that a probe could stand before.`;
  const around = points.findLast(({ point }) => point.line < line && line <= point.endLine);
  const what =
    around === undefined
      ? `No statement starts on line ${line} of ${path}`
      : `Line ${line} of ${path} is inside the statement that starts on line ${around.point.line}`;
  const where = nearest.map((neighbour) => `${neighbour.line} (in ${neighbour.fn})`).join(', ');
  return `${what}. The nearest lines with code: ${where}.`;
}
