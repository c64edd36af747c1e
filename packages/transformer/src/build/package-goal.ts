import { dirname, join } from 'node:path';
import type { Goal } from '../1-parse/parse.js';
import { readIfThere } from './emitted-file.js';

/**
 * What Node takes a `.js` file for, by the nearest package.json; undefined where its syntax decides.
 * `cache` holds the answer for each directory.
 */
export function packageGoal(path: string, cache: Map<string, Goal | undefined>): Goal | undefined {
  return path.endsWith('.js') ? directoryGoal(dirname(path), cache) : undefined;
}

function directoryGoal(directory: string, cache: Map<string, Goal | undefined>): Goal | undefined {
  if (cache.has(directory)) return cache.get(directory);
  const goal = readGoal(directory, cache);
  cache.set(directory, goal);
  return goal;
}

function readGoal(directory: string, cache: Map<string, Goal | undefined>): Goal | undefined {
  const text = readIfThere(join(directory, 'package.json'));
  if (text !== undefined) return /"type"\s*:\s*"module"/.test(text) ? 'module' : undefined;
  const parent = dirname(directory);
  return parent === directory ? undefined : directoryGoal(parent, cache);
}
