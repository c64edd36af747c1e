/** Loaded into each process of a project's tests: arms every point of the build, and notes at the end what hooks saw. */
import { appendFileSync, readFileSync } from 'node:fs';
import { armFile } from '../arm.mjs';

const { DORMOUSE_CONFORMANCE_MANIFEST: manifest, DORMOUSE_CONFORMANCE_NOTES: notes } = process.env;
const wrong = new Set();
let armed = 0;

for (const file of JSON.parse(readFileSync(manifest, 'utf8')).files) {
  armFile(globalThis, file, (sentence) => wrong.add(sentence));
  armed += file.functions.length;
}
process.on('exit', () => appendFileSync(notes, `${JSON.stringify({ armed, wrong: [...wrong] })}\n`));
