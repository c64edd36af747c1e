import type { PathCommand } from '@dormouse/protocol';
import type { IndexedFunction } from '../builds/build-index.js';
import { perFunction } from '../builds/per-function.js';
import { MAX_PROBE_BYTES } from './limits.js';
import { stepsOf } from './steps.js';

/** What a process of one build is told to record. */
export const pathOf = (
  root: IndexedFunction,
  includes: readonly IndexedFunction[],
  steps: number,
): PathCommand => ({ root: stepsOf(root), includes: includes.map(stepsOf), steps });

/** Whether a process can be told of the function, if it is the only one. */
export const isSmall = perFunction((at) => whyTooLarge(at, []) === undefined);

/** In one sentence, why no process can be told of the functions; nothing where it can. */
export function whyTooLarge(root: IndexedFunction, includes: readonly IndexedFunction[]): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(pathOf(root, includes, 0)));
  if (bytes <= MAX_PROBE_BYTES) return undefined;
  const statements = [root, ...includes].reduce((sum, { fn }) => sum + fn.points.length, 0);
  const subject = includes.length === 0 ? 'is' : 'and what it includes are';
  return `${root.fn.name} ${subject} too large to be followed: ${statements} statements come to ${bytes} bytes, and ${MAX_PROBE_BYTES} is the most.`;
}
