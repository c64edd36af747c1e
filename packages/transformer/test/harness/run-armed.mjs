/** Runs a CommonJS program, with everything armed where its entry in the manifest is given: `run-armed.mjs program [manifest]`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arm } from '../random-programs/arm.mjs';

const [program, manifest] = process.argv.slice(2);
const report = (problem) => console.log(problem);
if (manifest !== undefined) arm(globalThis, JSON.parse(readFileSync(manifest, 'utf8')), report);
createRequire(import.meta.url)(program);
