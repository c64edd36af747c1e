/**
 * Loads one program of one build and lets it do its first small piece of work. Prints as JSON, in milliseconds:
 * `process`, since the process began, and `program`, without what Node itself needed.
 *
 *     node cold.mjs BUILD PROGRAM
 */
import { load } from './surroundings.mjs';

const [build, program] = process.argv.slice(2);
const started = performance.now();
const { first } = await load(build, program);
await first();
const now = performance.now();
console.log(JSON.stringify({ process: now, program: now - started }));
process.exit(0);
