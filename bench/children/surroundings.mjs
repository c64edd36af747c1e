/** Where a child finds one program of one build, and how long a run lasts. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @returns the program's module: `first`, and `work` unless it is a service */
export const load = (build, program) => import(pathToFileURL(join(build, 'programs', `${program}.mjs`)).href);

/** Calls `work` for about `ms` milliseconds, at least three times. Returns milliseconds per call, ascending. */
export function runFor(work, ms) {
  const times = [];
  const end = performance.now() + ms;
  while (performance.now() < end || times.length < 3) {
    const started = performance.now();
    work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}
