import { afterEach, describe, expect, it } from 'vitest';
import { startCollector, type TestCollector } from './support/collector.ts';
import { commandAt } from './support/commands.ts';
import { nodes, run, writeProgram } from './support/program.ts';

let collector: TestCollector | undefined;
afterEach(() => collector?.kill());

/** Waits until it is armed, is hit a thousand times and exits at once. */
const PROGRAM = `function work(n) {
  return n * 2;
}
const name = Reflect.ownKeys(globalThis).find((key) => String(key).startsWith('$dm_'));
const isArmed = () => Object.entries(globalThis[name]).some(([key, field]) => key !== 'w' && typeof field === 'function');
while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
for (let n = 0; n < 1_000; n++) work(n);
process.exit(3);
`;

describe.each(nodes)('on Node $version', (node) => {
  it('what a metric has added up leaves with the process', async () => {
    const test = await startCollector();
    collector = test;
    const program = writeProgram(PROGRAM);
    test.want(
      commandAt(program.woven, 2, { metric: { kind: 'counter' } }),
      commandAt(program.woven, 2, { metric: { kind: 'histogram', value: 'n' } }),
    );
    expect(await run(program, { node, url: test.url }).outcome).toMatchObject({ code: 3, stderr: '' });
    await test.until(() => test.captures.length === 2);
    expect(test.captures).toMatchObject([
      { kind: 'counter', metric: { series: [{ count: 1_000 }] } },
      { kind: 'histogram', metric: { series: [{ count: 1_000, sum: 499_500, max: 999 }] } },
    ]);
  });
});
