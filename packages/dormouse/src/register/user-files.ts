import { relative } from 'node:path';
import { matcher } from '@dormouse/transformer';
import { nearestPackage } from './nearest-package.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** In a checkout of Dormouse they lie outside `node_modules`, and an agent that probes itself would never end. */
const OWN = new Set([
  'dormouse',
  '@dormouse/protocol',
  '@dormouse/expression',
  '@dormouse/transformer',
  '@dormouse/runtime',
]);

/**
 * Which files are the user's, given their absolute paths: those outside `node_modules`. Comma-separated patterns,
 * relative to `root`, say otherwise: `DORMOUSE_INCLUDE` names all that is woven, within `node_modules` too;
 * `DORMOUSE_EXCLUDE` what is not.
 */
export function userFiles(root: string, env: Environment): (path: string) => boolean {
  const include = patternsIn(env['DORMOUSE_INCLUDE']);
  const isIncluded = include.length > 0 ? matcher(include) : isOutsidePackages;
  const isExcluded = matcher(patternsIn(env['DORMOUSE_EXCLUDE']));
  return (path) => {
    const name = relative(root, path).replaceAll('\\', '/');
    return isIncluded(name) && !isExcluded(name) && !OWN.has(nearestPackage(path).name ?? '');
  };
}

function isOutsidePackages(path: string): boolean {
  return !/(?:^|\/)node_modules\//.test(path);
}

function patternsIn(list = ''): readonly string[] {
  return list
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}
