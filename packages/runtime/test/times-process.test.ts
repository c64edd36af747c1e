import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LinePlace, MetricSeries, ProbeCommand } from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { startCollector, type TestCollector } from './support/collector.ts';
import { commandAt, commandOn } from './support/commands.ts';
import { passesOf } from '../src/hit/plug.ts';
import { nodes, run, writeProgram } from './support/program.ts';

/** As a program imports `@dormouse/runtime/context`. */
const CONTEXT = pathToFileURL(fileURLToPath(new URL('../dist/context/index.js', import.meta.url))).href;

/** Ten users at a time, of whom each has to wait longer than the one before, until the process is killed. */
const SERVICE = `import { setContext, withContext } from '${CONTEXT}';
import { setTimeout as pause } from 'node:timers/promises';
function receive(user) {
  return user;
}
async function handle(user) {
  const request = receive(user);
  await pause(10 * (user + 1));
  setContext({ step: 2 });
  return answer(request);
}
async function answer(request) {
  return request;
}
for (;;) await Promise.all(Array.from({ length: 10 }, (_, user) => withContext({ user }, () => handle(user))));
`;

let collector: TestCollector | undefined;
afterEach(() => collector?.kill());

describe.each(nodes)('on Node $version', (node) => {
  it('times of calls and of requests that overlap are each one’s own', async () => {
    const test = (collector = await startCollector());
    const { woven, ...program } = writeProgram(SERVICE);
    const place = (line: number): LinePlace => commandAt(woven, line).place as LinePlace;
    const timed = (from: number, to: number, fields: Partial<ProbeCommand>, by: string): ProbeCommand => ({
      ...commandAt(woven, from, { metric: { kind: 'tictoc', by } }),
      until: place(to),
      ...fields,
    });
    const ofCalls = timed(8, 10, { within: 'call' }, 'user');
    const ofRequests = timed(4, 13, { within: 'request' }, 'request');
    const handle = commandOn('end', woven, 'handle', { metric: { kind: 'duration', by: 'user' } });
    const passes = [7, 8, 9, 10].map((line) => passesOf(place(line)));
    test.want(ofCalls, ofRequests, { ...handle, metric: { keys: 50, ...handle.metric, passes } });
    const running = run({ woven, ...program }, { node, url: test.url });
    const seriesOf = ({ id }: ProbeCommand): MetricSeries[] =>
      test.captures.filter(({ probe }) => probe === id).flatMap(({ metric }) => metric?.series ?? []);
    await test.until(() => [ofCalls, ofRequests, handle].every((command) => seriesOf(command).length >= 10));
    running.kill();
    expect((await running.outcome).stderr).toBe('');

    for (const command of [ofCalls, ofRequests, handle]) {
      for (const { key, min = 0, awaiting } of seriesOf(command)) {
        const waits = 10 * (Number(key) + 1);
        // Timers of Node may be a millisecond early.
        expect(min).toBeGreaterThan(waits - 2);
        if (command === handle) expect(awaiting?.min).toBeGreaterThan(waits - 2);
      }
    }
    const shortest = (all: readonly MetricSeries[]): number =>
      Math.min(...all.map(({ min = Infinity }) => min));
    for (const command of [ofCalls, ofRequests]) expect(shortest(seriesOf(command))).toBeLessThan(90);
    const ran = seriesOf(handle).map(({ running: part }) => part as MetricSeries);
    expect(shortest(ran)).toBeLessThan(10);
  });
});
