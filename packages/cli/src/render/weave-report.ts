import { relative } from 'node:path';

import type { Skip, WeaveReport } from '@dormouse/transformer';

import { bytes } from './bytes.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count, escapeUnsafe } from './text.js';

/** Skips listed; `--json` has them all. */
const LISTED = 20;

/** What was asked for by a comment, or cannot be otherwise, is no cause for alarm. */
const QUIET_SKIPS: ReadonlySet<Skip['code']> = new Set(['declaration-file', 'empty', 'ignored']);

/** What was woven and what was not, and why. `directory`: the manifest's path is shown relative to it. */
export function renderWeaveReport(report: WeaveReport, style: Style, directory = process.cwd()): string {
  const { woven, functions, points, skipped, ms, manifest, manifestPath } = report;
  const { colors } = style;
  const shape = `${count(functions, 'function')}, ${count(points, 'point')}`;
  return [
    `${colors.green('woven')} ${count(woven, 'file')}${origins(report)}: ${shape}${growth(report)} in ${Math.round(ms)} ms`,
    colors.dim(escapeUnsafe(`build ${manifest.buildId}, manifest ${relative(directory, manifestPath)}`)),
    ...withoutMaps(manifest).map(colors.dim),
    ...(skipped.length === 0 ? [] : ['', renderSkips(skipped, style)]),
  ].join('\n');
}

/** The report for machines; the manifest itself is in its file. */
export function reportAsJson({ manifest, ...figures }: WeaveReport): object {
  return { buildId: manifest.buildId, ...figures };
}

/** Right for JavaScript that nobody compiled; otherwise a compiler's option was forgotten, and nobody would find `src/a.ts`. */
function withoutMaps({ files }: WeaveReport['manifest']): readonly string[] {
  const own = files.filter(({ output, sources }) => sources.every(({ path }) => path === output));
  if (own.length === 0) return [];
  return [
    `${count(own.length, 'file')} without a source map: probes go by the lines of the JavaScript itself`,
  ];
}

function origins({ kept, cached }: WeaveReport): string {
  const parts = [
    ...(cached === 0 ? [] : [`${cached} from the cache`]),
    ...(kept === 0 ? [] : [`${count(kept, 'file')} woven before`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function growth({ size: { before, after, gzip } }: WeaveReport): string {
  if (before === 0) return '';
  return `, ${change(before, after)}${gzip === undefined ? '' : `, gzip ${change(gzip.before, gzip.after)}`}`;
}

function change(before: number, after: number): string {
  return `${bytes(before)} → ${bytes(after)} (${(after / before).toFixed(2)}×)`;
}

function renderSkips(skipped: readonly Skip[], style: Style): string {
  const { colors } = style;
  const loudFirst = skipped.toSorted((a, b) => Number(isQuiet(a)) - Number(isQuiet(b)));
  const table = renderTable(
    loudFirst.slice(0, LISTED),
    [
      {
        header: 'NOT WOVEN',
        cell: ({ path, line }) => (line === undefined ? path : `${path}:${line}`),
        cut: 'start',
      },
      {
        header: 'WHY',
        cell: ({ code }) => code,
        paint: (text, skip) => (isQuiet(skip) ? text : colors.yellow(text)),
      },
      { header: 'REASON', cell: ({ reason }) => reason, cut: 'end' },
    ],
    style,
  );
  const more = skipped.length - LISTED;
  return more > 0 ? `${table}\n… and ${count(more, 'more', 'more')}; --json lists all` : table;
}

function isQuiet({ code }: Skip): boolean {
  return QUIET_SKIPS.has(code);
}
