/**
 * Arms a point, hits it and disarms it, over and over, without a collector. Prints as JSON: `growth`, bytes that the heap
 * has grown by after the first tenth, garbage collected; `us`, microseconds per cycle; `before` and `after`, nanoseconds
 * of a call while nothing is armed.
 *
 *     node --expose-gc cycles.mjs FILE MANIFEST LINE CYCLES
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DEFAULT_CAPTURE_LIMITS, DEFAULT_LOG_LIMITS } from '@dormouse/protocol';

const RUNTIME = new URL('../../packages/runtime/dist/', import.meta.url);
const load = (path) => import(new URL(path, RUNTIME).href);
const { createProbeSet } = await load('agent/probe-set.js');
const { ProcessBudget } = await load('budget/budget.js');
const { takeRegistry } = await load('switchboard/registry.js');
const { createSwitchboard } = await load('switchboard/switchboard.js');

const [file, manifestPath, line, cycles] = process.argv.slice(2);
const { handle, makeRequest } = await import(pathToFileURL(file).href);
const request = makeRequest(1);

const switchboard = createSwitchboard();
takeRegistry((woven) => switchboard.add(woven));
let captured = 0;
const unlimited = { hitsPerSecond: Infinity, bytesPerSecond: Infinity, cpuShare: 1, loopDelayMs: 0 };
const environment = {
  budget: new ProcessBudget(unlimited),
  nextCaptureId: () => `${captured}`,
  enqueue: () => void captured++,
};
const probes = createProbeSet(
  switchboard,
  environment,
  () => true,
  () => undefined,
);
const command = commandAt(JSON.parse(readFileSync(manifestPath, 'utf8')), Number(line));

const before = speed();
const tenth = Math.ceil(Number(cycles) / 10);
cycle(0, tenth);
const heapBefore = heap();
const started = performance.now();
cycle(tenth, Number(cycles));
const us = ((performance.now() - started) * 1_000) / (Number(cycles) - tenth);
const growth = heap() - heapBefore;
if (captured !== Number(cycles)) throw new Error(`${captured} of ${cycles} hits were captured.`);
console.log(JSON.stringify({ growth, us, before, after: speed() }));
process.exit(0);

function cycle(from, to) {
  for (let n = from; n < to; n++) {
    probes.apply([{ ...command, id: `${n}` }]);
    handle(request, n);
    probes.apply([]);
    probes.takeReports();
  }
}

/** The command that a collector would send for a log at the line. */
function commandAt({ files: [woven] }, at) {
  for (const { index, points } of woven.functions) {
    const point = points.find((candidate) => candidate.line === at);
    if (point === undefined) continue;
    return {
      kind: 'log',
      place: {
        on: 'line',
        file: woven.id,
        functionIndex: index,
        pointIndex: point.index,
        self: point.self,
        locals: point.locals.map((name) => woven.names[name]),
        outers: (point.outers ?? []).map((name) => woven.names[name]),
      },
      watches: [],
      template: ['hit'],
      level: 'info',
      limits: DEFAULT_LOG_LIMITS,
      capture: DEFAULT_CAPTURE_LIMITS,
    };
  }
  throw new Error(`No point is at line ${at}.`);
}

/** Nanoseconds of a call, warm. */
function speed() {
  let sink = 0;
  let best = Infinity;
  for (let batch = 0; batch < 50; batch++) {
    const started = performance.now();
    for (let n = 0; n < 200_000; n++) sink += handle(request, n);
    best = Math.min(best, ((performance.now() - started) * 1e6) / 200_000);
  }
  return sink === 0 ? 0 : best;
}

function heap() {
  for (let round = 0; round < 3; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
