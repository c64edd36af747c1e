import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { MANIFEST_FILE, type Manifest, type ManifestFile, type ManifestFunction } from '@dormouse/protocol';
import { weaveFiles } from '@dormouse/transformer';
import { ROOT } from '../../scripts/lib/paths.ts';
import type { Survey, Treatment } from './programs.ts';

/** The weaver that is built in this checkout. */
export const WOVEN: Treatment = {
  name: 'woven',
  version: weaverVersion(),
  make(folder, files) {
    const report = weaveFiles(files, { root: folder, manifestPath: manifestOf(folder) });
    const failed = report.skipped.filter(({ code }) => code !== 'empty' && code !== 'ignored');
    for (const { path, reason } of failed)
      console.error(`${relative(ROOT, folder)}: ${path} unwoven: ${reason}`);
  },
};

/** Where the manifest of a woven folder lies. */
export function manifestOf(folder: string): string {
  return join(folder, MANIFEST_FILE);
}

/** A statement that a probe can stand at. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** The function that is called most, and the nearest one of the same file that is called least: they share a switch object. */
export interface Extremes {
  readonly hottest: Place;
  readonly coldest: Place;
}

/** Where to probe a woven program in order to disturb it most. */
export function extremes(folder: string, { calls }: Survey): Extremes {
  const { files } = JSON.parse(readFileSync(manifestOf(folder), 'utf8')) as Manifest;
  const candidates = files
    .filter(({ output }) => output.startsWith('node_modules/'))
    .map((file) => counted(file, calls[file.output] ?? []))
    .filter(({ length }) => length > 1)
    .flat();
  const hottest = candidates.reduce((best, one) => (one.count > best.count ? one : best));
  const neighbours = candidates.filter(({ file, woven }) => file === hottest.file && woven !== hottest.woven);
  const distance = ({ woven }: Counted): number => Math.abs(woven.index - hottest.woven.index);
  const coldest = neighbours.reduce((best, one) =>
    one.count < best.count || (one.count === best.count && distance(one) < distance(best)) ? one : best,
  );
  return { hottest: placeIn(hottest), coldest: placeIn(coldest) };
}

interface Counted {
  readonly file: ManifestFile;
  readonly woven: ManifestFunction;
  readonly count: number;
}

/** The functions of a file that have a line of their own to probe, with how often each was called. */
function counted(file: ManifestFile, calls: Survey['calls'][string]): Counted[] {
  const counts = new Map(calls.map(([line, column, count]) => [`${line}:${column}`, count]));
  const pointsOn = new Map<number, number>();
  for (const { line } of file.functions.flatMap(({ points }) => points))
    pointsOn.set(line, (pointsOn.get(line) ?? 0) + 1);
  return file.functions
    .filter(({ kind, points }) => kind !== 'module' && pointsOn.get(points[0]?.line ?? 0) === 1)
    .map((woven) => ({ file, woven, count: counts.get(`${woven.line}:${woven.column}`) ?? 0 }));
}

function placeIn({ file, woven }: Counted): Place {
  return { file: file.sources[0]?.path ?? '', line: woven.points[0]?.line ?? 0 };
}

function weaverVersion(): string {
  const hash = createHash('sha256');
  for (const name of ['transformer', 'protocol']) {
    const dist = join(ROOT, 'packages', name, 'dist');
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    for (const file of files.sort()) hash.update(readFileSync(join(dist, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
