/**
 * Calls the hot functions of one build of the example and prints nanoseconds per call as JSON. Runs on any Node the
 * runtime supports, so it is plain JavaScript.
 *
 *     node trades.mjs BUILD STATE
 *
 * STATE: `plain` (measure as it is), `armed` (place the probes of $PROBES, a JSON array, first), `disarmed` (place
 * them, let them be hit, remove them first), `inspector` (a breakpoint in `quote` whose condition is false).
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { breakWhere } from './inspector.mjs';
import { arm, disarm } from './probes.mjs';

const WARM_UP_MS = 300;
const BATCHES = 15;
const BATCH_MS = 12;

const [build, state] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(build, path)).href);
const work = await hotFunctions();
const probes = JSON.parse(process.env.PROBES ?? '[]');

for (const run of Object.values(work)) runFor(run, WARM_UP_MS);
if (state === 'armed') await arm(probes);
if (state === 'disarmed') {
  const placed = await arm(probes);
  for (const run of Object.values(work)) runFor(run, 50);
  await disarm(placed);
}
if (state === 'inspector')
  await breakWhere(join(build, 'trades/market/quote.js'), 'const amount =', 'quantity < 0');

const figures = {};
for (const [name, run] of Object.entries(work)) {
  runFor(run, WARM_UP_MS);
  const batches = Array.from({ length: BATCHES }, () => runFor(run, BATCH_MS)).sort((a, b) => a - b);
  figures[name] = batches[BATCHES >> 1];
}
console.log(JSON.stringify(figures));
process.exit(0);

/** Runs for about `ms` milliseconds. Returns nanoseconds per call. */
function runFor(run, ms) {
  let calls = 0;
  let chunk = 1;
  const started = performance.now();
  let now = started;
  while (now - started < ms) {
    for (let call = 0; call < chunk; call++) run(calls + call);
    calls += chunk;
    now = performance.now();
    // Chunks grow until looking at the clock no longer counts; slow calls keep them at one.
    if (now - started < ms / 20) chunk *= 2;
  }
  return ((now - started) * 1e6) / calls;
}

/** The functions that every order or message goes through, each with arguments that vary. */
async function hotFunctions() {
  const { quote, feeFor } = await load('trades/market/quote.js');
  const { instrumentOf } = await load('trades/market/instruments.js');
  const { exposureAfter } = await load('trades/risk/exposure.js');
  const { completeOrder } = await load('trades/orders/complete-order.js');
  const { formatMessage, parseMessage } = await load('trades/partners/message.js');
  const { decodeOrder } = await load('trades/partners/decode.js');
  const { PARTNERS } = await load('trades/partners/directory.js');
  const { ScoreCard } = await load('fraud/score-card.js');

  const instrument = instrumentOf('ALDR');
  const surroundings = { now: () => 0, newId: (prefix) => prefix, random: () => 0.5 };
  const account = { id: 'a001', creditLine: 1e6, cash: 1e6, positions: new Map([['ALDR', 10]]) };
  const draft = { clientOrderId: 'c-1', symbol: 'ALDR', side: 'buy', type: 'market', quantity: 40 };
  const quoted = quote(instrument, 'buy', 40, 100);
  const order = completeOrder(draft, account, 'api', quoted, surroundings);
  const fields = [
    ['11', 'H-204'],
    ['55', 'ALDR'],
    ['54', '1'],
    ['38', '40'],
    ['40', '1'],
    ['5100', 'prime'],
  ];
  const message = formatMessage(new Map(fields));
  const parsed = parseMessage(message);
  const card = new ScoreCard();
  const trade = {
    order: 'o',
    account: 'a001',
    segment: 'retail',
    symbol: 'ALDR',
    side: 'buy',
    amount: 4_000,
    quantity: 40,
    channel: 'api',
  };
  const priceOf = () => 100;

  let sink = 0;
  return {
    quote: (n) => (sink += quote(instrument, 'buy', 1 + (n & 255), 100).amount),
    feeFor: (n) => (sink += feeFor(n & 65_535)),
    exposureAfter: () => (sink += exposureAfter(order, account, priceOf).after),
    completeOrder: () => (sink += completeOrder(draft, account, 'api', quoted, surroundings).amount),
    parseMessage: () => (sink += parseMessage(message).size),
    decodeOrder: () => (sink += decodeOrder(parsed, PARTNERS[1]).quantity),
    score: () => (sink += card.score(trade).score),
  };
}
