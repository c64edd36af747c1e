import { relative } from 'node:path';
import type { Skip } from '@dormouse/transformer';

/** What a build has woven, and what it has left. */
export interface BundleReport {
  readonly manifestPath: string;
  readonly buildId: string;
  /** Woven files in the bundle; `functions` and `points` are theirs. */
  readonly files: number;
  readonly functions: number;
  readonly points: number;
  /** Files and functions left as they were. */
  readonly skipped: readonly Skip[];
  /** Woven files in the bundle that no manifest tells of, because the bundler took them from a cache: no probe can be placed in them. */
  readonly unknown: number;
  /** Of all woven modules, before bundling and minification. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Reasons listed, and places named for each; the manifest has them all. */
const LISTED = 20;
const NAMED = 3;

/** What was asked for by a comment, or cannot be otherwise, is no cause for alarm. */
const QUIET_SKIPS: ReadonlySet<Skip['code']> = new Set(['declaration-file', 'empty', 'ignored']);

/** The report in a few lines for a person; `directory`: the manifest's path is shown relative to it. */
export function renderReport(report: BundleReport, directory = process.cwd()): string {
  const { files, functions, points, unknown, buildId, manifestPath } = report;
  const loud = report.skipped.filter(({ code }) => !QUIET_SKIPS.has(code));
  const left = [...placesByReason(loud)].map(
    ([reason, places]) => `  not woven: ${named(places)}: ${reason}`,
  );
  return [
    `dormouse: wove ${count(files, 'file')}: ${count(functions, 'function')}, ${count(points, 'point')}${growth(report)}`,
    `  build ${buildId}, manifest ${relative(directory, manifestPath)}`,
    ...left.slice(0, LISTED),
    ...(left.length > LISTED
      ? [`  … and for ${left.length - LISTED} more reasons, listed in the manifest`]
      : []),
    ...(unknown > 0
      ? [
          `  ${count(unknown, 'woven file')} came from the bundler's cache without a manifest: build once without the cache`,
        ]
      : []),
  ].join('\n');
}

function placesByReason(skips: readonly Skip[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, line, reason } of skips) {
    const place = line === undefined ? path : `${path}:${line}`;
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [place]);
    else group.push(place);
  }
  return groups;
}

function named(places: readonly string[]): string {
  const more = places.length - NAMED;
  return places.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What the build fails with; undefined within the budget. */
export function overBudget({ bytesBefore, bytesAfter }: BundleReport, budget: number): string | undefined {
  if (bytesBefore === 0 || bytesAfter <= bytesBefore * budget) return undefined;
  const factor = (bytesAfter / bytesBefore).toFixed(2);
  return `dormouse: the woven modules have ${factor} times their size, more than the budget of ${budget}. Raise \`budget\`, or leave modules out with \`exclude\`.`;
}

function growth({ bytesBefore, bytesAfter }: BundleReport): string {
  if (bytesBefore === 0) return '';
  return `, ${kilobytes(bytesBefore)} → ${kilobytes(bytesAfter)} (${(bytesAfter / bytesBefore).toFixed(2)}×)`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
