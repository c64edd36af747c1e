import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { requests } from './requests.js';
import { send } from './send.js';
import { Summary } from './summary.js';

const usage = `Sends realistic requests to the trading service and prints a summary.

  --url URL        the trading service       (default http://127.0.0.1:8080)
  --requests N     stop after N requests     (default 1000, or no end with --seconds)
  --seconds S      stop after S seconds
  --rate N         requests per second       (default 50)
  --seed N         same seed, same requests  (default: the time)`;

const options = {
  url: { type: 'string', default: 'http://127.0.0.1:8080' },
  requests: { type: 'string' },
  seconds: { type: 'string' },
  rate: { type: 'string', default: '50' },
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const values = readArguments();
if (values.help) {
  console.log(usage);
} else {
  const count = Number(values.requests ?? (values.seconds === undefined ? 1_000 : Infinity));
  const end = performance.now() + Number(values.seconds ?? Infinity) * 1_000;
  const seed = Number(values.seed ?? Date.now());
  console.log(await run(values.url, seed, count, end, 1_000 / Number(values.rate)));
}

function readArguments() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
}

/** Sends every `interval` milliseconds, whether or not earlier answers have come: clients do not queue. */
async function run(url: string, seed: number, count: number, end: number, interval: number): Promise<string> {
  const summary = new Summary();
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  let due = performance.now();
  for (const request of requests(seed, count)) {
    if (stop.signal.aborted || due >= end) break;
    await sleep(Math.max(0, due - performance.now()));
    due += interval;
    const answered = send(url, request).then((answer) => {
      summary.add(answer);
      underWay.delete(answered);
    });
    underWay.add(answered);
  }
  await Promise.all(underWay);
  return summary.toString();
}
