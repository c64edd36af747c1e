/**
 * Works one program of one build until it is warm, then measures it. Prints as JSON: `time`, milliseconds per call of
 * its `work`, and `cpu`, those of the whole process on the CPU, which a busy machine disturbs less; `heap` and `rss`,
 * bytes after all of it, garbage collected; `answer`, a number that tells whether it did the same work.
 *
 *     node --expose-gc steady.mjs BUILD PROGRAM STATE
 *
 * STATE: `plain`, `connected` (wait for the agent), `armed` (place the probes of $PROBES first), `disarmed` (place
 * them, let them be hit, remove them first). $WARM_MS and $MEASURE_MS: how long.
 */
import { createHash } from 'node:crypto';
import { cpuUsage, memoryUsage } from 'node:process';
import { arm, disarm } from './probes.mjs';
import { load, runFor } from './surroundings.mjs';

const [build, program, state] = process.argv.slice(2);
const warmMs = Number(process.env.WARM_MS);
const probes = JSON.parse(process.env.PROBES ?? '[]');

const { work } = await load(build, program);
runFor(work, warmMs / 2);
if (state !== 'plain') {
  const placed = await arm(probes);
  if (state === 'disarmed') {
    runFor(work, warmMs / 4);
    await disarm(placed);
    // What was thrown away by arming and disarming a hot function is optimised anew.
    runFor(work, warmMs * 2);
  }
}
runFor(work, warmMs / 2);

const cpuBefore = cpuUsage();
const times = runFor(work, Number(process.env.MEASURE_MS));
const { user, system } = cpuUsage(cpuBefore);
for (let round = 0; round < 3; round++) globalThis.gc();
const { heapUsed, rss } = memoryUsage();
const answer = createHash('sha256').update(String(work())).digest().readUInt32LE();
// The lower quartile: what other processes did to the rest says nothing about the program.
const time = times[times.length >> 2];
const cpu = (user + system) / 1_000 / times.length;
console.log(JSON.stringify({ time, cpu, heap: heapUsed, rss, answer }));
process.exit(0);
