/**
 * Runs one program and prints as JSON what it consists of: `files`, the paths of all it loads, and for each of them how
 * often each function was called: `calls[file] = [[line, column, count], …]`, lines and columns from 1.
 *
 *     node survey.mjs BUILD PROGRAM
 */
import { readFileSync, realpathSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './surroundings.mjs';

const [build, program] = process.argv.slice(2);
const root = realpathSync(build);
const files = new Set();
registerHooks({
  load(url, context, next) {
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (path.startsWith(root) && /\.[mc]?js$/.test(path)) files.add(path);
    return next(url, context);
  },
});

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const { first, work } = await load(root, program);
await first();
work?.();
const { result } = await session.post('Profiler.takePreciseCoverage');

const calls = {};
for (const { url, functions } of result) {
  const path = url.startsWith('file:') ? fileURLToPath(url) : '';
  if (!files.has(path)) continue;
  const placeOf = places(readFileSync(path, 'utf8'));
  calls[path] = functions.map(({ ranges: [{ startOffset, count }] }) => [...placeOf(startOffset), count]);
}
// Not the program itself: what it asks of the packages is what it measures.
files.delete(join(root, 'programs', 'corpus.mjs'));
process.stdout.write(`${JSON.stringify({ files: [...files], calls })}\n`, () => process.exit(0));

function places(text) {
  const starts = [0];
  for (const { index } of text.matchAll(/\n/g)) starts.push(index + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return [low + 1, offset - starts[low] + 1];
  };
}
