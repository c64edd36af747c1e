/**
 * Hits one point again and again. Prints nanoseconds per call as JSON: `ns`, the median, and `p99`.
 *
 *     node hit.mjs FILE CALLS STATE [FUNCTION]
 *
 * CALLS: `loop` or `bursts`, see `HitKind`. STATE: `plain`; `armed` (place the probes of $PROBES first); `condition`,
 * `pause` or `capture` (what a debugger on the V8 inspector does, see `inspector.mjs`); `datadog` ($PROBE_FILE tells its
 * debugger what to do).
 */
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { breakWhere } from './inspector.mjs';
import { arm, disarm } from './probes.mjs';

const [file, calls, state, called = 'handle'] = process.argv.slice(2);
const { makeRequest, ...functions } = await import(pathToFileURL(file).href);
const handle = functions[called];
const requests = Array.from({ length: 64 }, (_, n) => makeRequest(n));
let sink = 0;
const work = (n) => (sink += handle(requests[n & 63], n));

const placed = state === 'armed' ? await arm(JSON.parse(process.env.PROBES)) : [];
if (state === 'datadog') await sleep(5_000);
else if (state !== 'plain' && state !== 'armed') {
  await breakWhere(
    file,
    'return amount;',
    state === 'condition' ? 'n === -1' : undefined,
    state === 'capture',
  );
}
const times = calls === 'loop' ? loop() : await bursts();
times.sort((a, b) => a - b);
console.log(JSON.stringify({ ns: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] }));
// The process of the next round is of the same service.
await disarm(placed);
process.exit(0);

/** Batches of a length at which the clock no longer counts, after twice as long to get warm. */
function loop() {
  const BATCH_MS = 10;
  const BATCHES = 40;
  let count = 1;
  while (batch(count) * count < BATCH_MS * 1e6 && count < 1e9) count *= 2;
  for (let warm = 0; warm < 2 * BATCHES; warm++) batch(count);
  return Array.from({ length: BATCHES }, () => batch(count));
}

/** Nanoseconds per call. */
function batch(count) {
  const started = performance.now();
  for (let n = 0; n < count; n++) work(n);
  return ((performance.now() - started) * 1e6) / count;
}

/** Each call on its own; the first bursts are there to get warm. The clock's own time is taken off. */
async function bursts() {
  const size = { armed: 900, plain: 900, datadog: 20 }[state] ?? 200;
  const times = [];
  for (let burst = 0; burst < 8; burst++) {
    const own = [];
    for (let n = 0; n < size; n++) {
      const started = performance.now();
      work(n);
      own.push((performance.now() - started) * 1e6);
    }
    if (burst >= 4) times.push(...own);
    await sleep(1_100);
  }
  const clock = clockTime();
  return times.map((time) => time - clock);
}

function clockTime() {
  const times = [];
  for (let n = 0; n < 10_000; n++) {
    const started = performance.now();
    times.push((performance.now() - started) * 1e6);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
