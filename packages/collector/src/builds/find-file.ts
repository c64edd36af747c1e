import { CollectorError } from '../collector-error.js';
import { nearestNames } from '../nearest.js';
import type { BuildIndex } from './build-index.js';

/**
 * The source of the build that `wanted` names: by its whole path, by an unambiguous end of it, or by a
 * path that ends in it, as an editor knows it.
 * @throws {CollectorError} UNKNOWN_FILE, AMBIGUOUS_FILE
 */
export function findFile(build: BuildIndex, wanted: string): string {
  const path = wanted.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const { paths } = build;
  if (paths.includes(path)) return path;

  const candidates = paths.filter((known) => endsIn(known, path) || endsIn(path, known));
  const [only] = candidates;
  if (only === undefined) throw unknownFile(build, path);
  if (candidates.length > 1) throw ambiguousFile(path, candidates);
  return only;
}

function endsIn(path: string, end: string): boolean {
  return path.endsWith(`/${end}`);
}

function ambiguousFile(path: string, candidates: readonly string[]): CollectorError {
  const suggestions = [...candidates].sort();
  return new CollectorError(
    'AMBIGUOUS_FILE',
    `${suggestions.length} files end in ${path}. Give more of the path: ${suggestions.slice(0, 5).join(', ')}${suggestions.length > 5 ? ', …' : ''}.`,
    { path: 'file', suggestions },
  );
}

function unknownFile(build: BuildIndex, path: string): CollectorError {
  const skipped = build.manifest.skipped.find((file) => file.path === path || endsIn(file.path, path));
  if (skipped !== undefined) {
    return new CollectorError(
      'UNKNOWN_FILE',
      `${skipped.path} is part of build ${build.buildId}, but was left unwoven (${skipped.code}): ${skipped.reason}`,
      { path: 'file' },
    );
  }
  const suggestions = nearestFiles(path, build.paths);
  const advice =
    suggestions.length > 0
      ? `The nearest: ${suggestions.join(', ')}.`
      : 'GET /builds/:id lists the files of a build.';
  return new CollectorError('UNKNOWN_FILE', `Build ${build.buildId} has no file ${path}. ${advice}`, {
    path: 'file',
    suggestions,
  });
}

/** Names are compared as people mistype them: the last part first, then whole paths. */
function nearestFiles(path: string, paths: readonly string[]): string[] {
  const lastPart = (of: string): string => of.slice(of.lastIndexOf('/') + 1);
  const likely = nearestNames(lastPart(path), paths.map(lastPart));
  const named = likely.flatMap((name) => paths.filter((known) => lastPart(known) === name));
  return (named.length > 0 ? [...new Set(named)] : nearestNames(path, paths)).slice(0, 5);
}
