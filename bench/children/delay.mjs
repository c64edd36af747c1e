/**
 * Hits one point a thousand times a second, as a busy service would. Prints the delay of the event loop, ms, as JSON:
 * `p50`, `p99` and `max`, without the interval at which it is looked at.
 *
 *     node delay.mjs FILE STATE
 *
 * STATE: `plain`, `armed` (place the probes of $PROBES first).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { arm, disarm } from './probes.mjs';

const INTERVAL_MS = 1;
const MEASURE_MS = 5_000;

const [file, state] = process.argv.slice(2);
const { handle, makeRequest } = await import(pathToFileURL(file).href);
const request = makeRequest(1);
const placed = state === 'armed' ? await arm(JSON.parse(process.env.PROBES)) : [];

let sent = 0;
let sink = 0;
const started = performance.now();
setInterval(() => {
  for (const due = performance.now() - started; sent < due; sent++) sink += handle(request, sent);
}, INTERVAL_MS);
await sleep(1_000);
const histogram = monitorEventLoopDelay({ resolution: INTERVAL_MS });
histogram.enable();
await sleep(MEASURE_MS);
histogram.disable();
const delay = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - INTERVAL_MS);
const { max } = histogram;
console.log(
  JSON.stringify({
    p50: delay(histogram.percentile(50)),
    p99: delay(histogram.percentile(99)),
    max: delay(max),
  }),
);
// The process of the next round is of the same service.
await disarm(placed);
process.exit(0);
