import v8 from 'node:v8';
import vm from 'node:vm';
import { DEFAULT_SPAN_LIMITS, type ProbeCommand } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { commandAt, commandOn } from './support/commands.ts';
import type { WovenPoints } from './support/woven.ts';

/** Probes of every kind are armed, hit and disarmed, over and over: nothing of them may remain, in memory or in speed. */

/** `DORMOUSE_CASES=1000000` for the million, which takes two minutes. */
const CYCLES = Number(process.env['DORMOUSE_CASES'] ?? 20_000);

/** By then all code has been met. */
const WARM_AFTER = 4_000;

/** What V8 compiles and remembers of types meanwhile, however many cycles there are, bytes. */
const NOISE = 1_500_000;

const SOURCE = `((LIMIT) => {
  return function price(quantity, each) {
    const total = quantity * each;
    return total < LIMIT ? total : LIMIT;
  };
})(1e9)`;
const LINE = 4;

const KINDS: readonly ((woven: WovenPoints) => ProbeCommand)[] = [
  (woven) => commandAt(woven, LINE, { condition: 'total > 0 && LIMIT > 1', watches: ['quantity + each'] }),
  (woven) => commandAt(woven, LINE, { template: 'total {total}' }),
  (woven) => commandAt(woven, LINE, { expect: 'total < 0' }),
  (woven) => commandAt(woven, LINE, { metric: { kind: 'histogram', value: 'total', by: 'quantity' } }),
  (woven) => commandOn('return', woven, 'price', { condition: '$return > 0' }),
  (woven) => commandOn('end', woven, 'price', { metric: { kind: 'duration' } }),
  (woven) => ({
    ...commandOn('end', woven, 'price'),
    kind: 'span',
    span: { name: 'price', file: 'src/price.ts', line: 2, function: 'price' },
    attributes: [],
    limits: DEFAULT_SPAN_LIMITS,
  }),
];

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function heapUsed(): number {
  for (let round = 0; round < 3; round++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Nanoseconds of a call, warm; the shortest of many batches, since others use the machine too. */
function callTime(price: (quantity: number, each: number) => number): number {
  const CALLS = 200_000;
  let best = Infinity;
  let sum = 0;
  for (let batch = 0; batch < 40; batch++) {
    const started = performance.now();
    for (let n = 0; n < CALLS; n++) sum += price(n, 2);
    best = Math.min(best, ((performance.now() - started) * 1e6) / CALLS);
  }
  return sum === 0 ? 0 : best;
}

describe('heap growth', () => {
  it(`does not happen over ${CYCLES} cycles of arming, hitting and disarming, and calls are as fast as before`, () => {
    const armed = armScript(SOURCE);
    const price = armed.value as (quantity: number, each: number) => number;
    let seen = 0;
    const cycle = (n: number): void => {
      armed.want(KINDS[n % KINDS.length] as (typeof KINDS)[number]);
      price(n, 2);
      armed.want();
      for (const report of armed.probes.takeReports()) seen += report.seen;
      armed.captures.length = 0;
    };
    const before = callTime(price);
    for (let n = 0; n < WARM_AFTER; n++) cycle(n);
    const heapBefore = heapUsed();
    const started = process.cpuUsage();
    for (let n = 0; n < CYCLES; n++) cycle(n);
    const { user, system } = process.cpuUsage(started);
    const us = (user + system) / CYCLES;
    const growth = heapUsed() - heapBefore;
    const after = callTime(price);
    console.log(
      `${CYCLES} cycles of ${us.toFixed(1)} µs of CPU: the heap was ${heapBefore} bytes and grew by ${growth}; ` +
        `a call took ${before.toFixed(2)} ns before and ${after.toFixed(2)} ns after.`,
    );
    expect(seen).toBe(WARM_AFTER + CYCLES);
    expect(growth).toBeLessThan(NOISE);
    expect(after).toBeLessThan(1.5 * before + 1);
  }, 3_600_000);
});
