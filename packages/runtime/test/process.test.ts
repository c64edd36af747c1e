import type { Capture } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { commandAt, commandOn, stepsFor } from './support/commands.ts';
import { armedFirst, collect, launch, priceProbe } from './support/processes.ts';
import { nodes, writeProgram, writeUnwovenProgram } from './support/program.ts';

const localsOf = (capture: Capture | undefined): Record<string, unknown> =>
  Object.fromEntries(
    (capture?.locals ?? []).map(({ key, value }) => [key, 'value' in value ? value.value : value]),
  );

describe.each(nodes)('on Node $version', (node) => {
  it('runs a woven program to its end as it runs without the runtime, and does not keep it alive', async () => {
    const program = writeProgram(`function work(n) {
  console.log('result', n * 2);
  if (n > 2) throw new RangeError('too much');
}
work(1);
process.on('exit', (code) => console.log('exit', code));
setTimeout(() => work(3), 20);
`);
    const collector = await collect();
    const [without, connected, alone] = await Promise.all([
      launch(program, { node }).outcome,
      launch(program, { node, url: collector.url }).outcome,
      launch(program, { node, url: 'ws://127.0.0.1:1' }).outcome,
    ]);
    expect(without).toMatchObject({ code: 1, stdout: 'result 2\nresult 6\nexit 1\n' });
    expect(connected).toEqual(without);
    expect(alone).toEqual(without);
  });

  it('shows the stack in terms of the original source', async () => {
    const collector = await collect();
    const program = armedFirst(`
function outer() {
  return price(2, 3);
}
outer();
// Ends when the capture is out.
await new Promise((resolve) => setTimeout(resolve, 400));`);
    collector.want(priceProbe(program));
    expect(await launch(program, { node, url: collector.url }).outcome).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(collector.captures[0]?.stack?.slice(0, 3)).toEqual([
      { function: 'price', file: 'src/main.mjs', line: 3, column: 3 },
      { function: 'outer', file: 'src/main.mjs', line: 10, column: 10 },
      { function: '<anonymous>', file: 'src/main.mjs', line: 12, column: 1 },
    ]);
  });

  it('process exit with queued events: sends what was captured just before', async () => {
    const collector = await collect();
    const program = armedFirst(`price(3, 7);\nprocess.exit(5);`);
    const probe = priceProbe(program);
    collector.want(probe);
    const { code, stderr } = await launch(program, { node, url: collector.url }).outcome;
    expect({ code, stderr }).toEqual({ code: 5, stderr: '' });
    await collector.until(() => collector.captures.length === 1);
    expect(localsOf(collector.captures[0])).toEqual({ quantity: 3, each: 7, total: 21 });
    expect(collector.hello()?.agent).toMatchObject({
      service: 'program',
      version: '4.5.6',
      node: node.version,
    });
    await collector.until(() => collector.reports.get(probe.id)?.captured === 1);
  });

  it.each([
    ['thrown', 'price(2n, 3);'],
    ['in a rejection', '(async () => price(2n, 3))();'],
  ])('shows where a call had come to whose error, %s, nobody catches', async (_how, body) => {
    const collector = await collect();
    const program = armedFirst(body);
    const { woven } = program;
    collector.want({ ...commandOn('throw', woven, 'price'), lines: stepsFor(woven, 'price') });
    const { code, stderr } = await launch(program, { node, url: collector.url }).outcome;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('TypeError: Cannot mix') });
    await collector.until(() => collector.captures.length === 1);
    expect(collector.captures[0]).toMatchObject({
      threw: { type: 'error', class: 'TypeError' },
      lastLine: {
        line: 2,
        locals: [
          { key: 'quantity', value: { type: 'bigint', value: '2' } },
          { key: 'each', value: { type: 'number', value: 3 } },
        ],
      },
    });
  });

  it('ends with the program while a probe is armed', async () => {
    const collector = await collect();
    const program = armedFirst(`console.log(price(2, 2));`);
    collector.want(priceProbe(program, { condition: 'total > 1000' }));
    expect(await launch(program, { node, url: collector.url }).outcome).toMatchObject({
      code: 0,
      stdout: '4\n',
    });
  });

  it('goes on when the collector is killed while probes are armed', async () => {
    const collector = await collect();
    const program = armedFirst(`
let calls = 0;
const timer = setInterval(() => {
  price(++calls, 2);
  if (calls < 60) return;
  clearInterval(timer);
  console.log('done', calls);
}, 10);`);
    collector.want(priceProbe(program, { limits: { hits: 1_000, hitsPerSecond: 1_000 } }));
    const { outcome } = launch(program, { node, url: collector.url });
    await collector.until(() => collector.captures.length > 5);
    await collector.kill();
    expect(await outcome).toEqual({ code: 0, signal: null, stdout: 'done 60\n', stderr: '' });
  });

  it('starts nothing on a hit that the program could notice in its asynchronous state', async () => {
    const collector = await collect();
    const program = armedFirst(`
const { AsyncLocalStorage, createHook, executionAsyncId } = await import('node:async_hooks');
const storage = new AsyncLocalStorage();
let created = [];
const hook = createHook({ init(id, type) { created.push(type); } });
await new Promise((resolve) => setTimeout(resolve, 20));
storage.run('mine', () => {
  const before = executionAsyncId();
  hook.enable();
  for (let round = 0; round < 5; round++) price(round, 2);
  hook.disable();
  const during = created;
  created = [];
  console.log(JSON.stringify({ during, store: storage.getStore(), same: before === executionAsyncId() }));
});`);
    collector.want(priceProbe(program), priceProbe(program, { template: '{total}' }));
    const { stdout, code } = await launch(program, { node, url: collector.url }).outcome;
    expect(JSON.parse(stdout)).toEqual({ during: [], store: 'mine', same: true });
    expect(code).toBe(0);
    await collector.until(() => collector.captures.length === 10);
  });

  it('csp: needs no code from strings, and lives with frozen built-ins and a replaced stack format', async () => {
    const collector = await collect();
    const program = armedFirst(`
let formatted = 0;
Error.prepareStackTrace = () => { formatted++; return 'mine'; };
price(1, 1);
const text = new Error().stack;
// Stacks are read shortly after they were taken.
await new Promise((resolve) => setTimeout(resolve, 400));
delete Error.prepareStackTrace;
Object.freeze(Error);
Object.freeze(Object.prototype);
Object.freeze(Array.prototype);
price(2, 2);
console.log(formatted, text);`);
    collector.want(priceProbe(program));
    const flags = ['--disallow-code-generation-from-strings'];
    const { stdout, stderr } = await launch(program, { node, url: collector.url, flags }).outcome;
    expect({ stdout, stderr }).toEqual({ stdout: '1 mine\n', stderr: '' });
    await collector.until(() => collector.captures.length === 2);
    expect(collector.captures[0]?.stack?.[0]).toMatchObject({ function: 'price', line: 3 });
    expect(collector.captures[1]?.stack).toEqual([]);
  });

  it('goes without an agent where something that it needs was taken away before', async () => {
    const program = writeProgram("console.log('runs');");
    const flags = ['--import', 'data:text/javascript,delete globalThis.URL'];
    const { outcome } = launch(program, { node, url: 'ws://127.0.0.1:9', flags });
    expect(await outcome).toMatchObject({ code: 0, stdout: 'runs\n', stderr: '' });
  });

  it('says of a probe in code that was not woven that it waits in vain', async () => {
    const collector = await collect();
    const program = writeUnwovenProgram('function work() {\n  return 1;\n}\nsetInterval(work, 10);');
    const probe = commandAt(program.woven, 2);
    collector.want(probe);
    launch(program, { node, url: collector.url });
    await collector.until(() => collector.reports.has(probe.id));
    expect(collector.reports.get(probe.id)).toMatchObject({
      state: 'received',
      message: expect.stringMatching(/^This process runs unwoven code: .*`dormouse tsc`/),
    });
  });

  it('worker thread: each is an agent of its own', async () => {
    const collector = await collect();
    const program = armedFirst(`
const { Worker, isMainThread } = await import('node:worker_threads');
console.log(isMainThread ? 'main' : 'worker', price(2, 3));
if (isMainThread) new Worker(new URL(import.meta.url));`);
    collector.want(priceProbe(program));
    const { stdout, code } = await launch(program, { node, url: collector.url }).outcome;
    expect({ stdout, code }).toEqual({ stdout: 'main 6\nworker 6\n', code: 0 });
    await collector.until(() => collector.captures.length === 2);
    const tags = collector.messages.flatMap((message) =>
      message.type === 'hello' ? [message.agent.tags] : [],
    );
    expect(tags).toEqual([{}, { thread: '1' }]);
  });

  it.each([
    ['the kill switch', { DORMOUSE_DISABLED: '1' }],
    ['no token', { DORMOUSE_TOKEN: '' }],
  ])('stays off with %s', async (_what, env) => {
    const collector = await collect();
    const program = writeProgram('setTimeout(() => {\n  console.log("end");\n}, 100);');
    const outcome = await launch(program, { node, url: collector.url, env }).outcome;
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'end\n', stderr: '' });
    expect(collector.connections).toEqual([]);
  });

  it('says once, and only when asked to, that its token is refused, and keeps trying', async () => {
    const collector = await collect();
    const program = writeProgram('setInterval(() => {}, 1_000);');
    const refused = { DORMOUSE_TOKEN: 'dma_other' };
    const talking = launch(program, { node, url: collector.url, env: { ...refused, DORMOUSE_DEBUG: '1' } });
    await collector.until(() => collector.turnedAway >= 3);
    talking.kill();
    const { stderr } = await talking.outcome;
    expect(stderr.match(/refuses DORMOUSE_TOKEN \(401\)/g)).toHaveLength(1);
    expect(stderr).not.toContain('Unexpected server response');
    const silent = launch(program, { node, url: collector.url, env: refused });
    await collector.until(() => collector.turnedAway >= 5);
    silent.kill();
    expect(await silent.outcome).toMatchObject({ stdout: '', stderr: '' });
  });

  it('says what it does only when asked to', async () => {
    const program = writeProgram('console.log("end");');
    const env = { DORMOUSE_DEBUG: '1', DORMOUSE_TOKEN: '' };
    const { stdout, stderr } = await launch(program, { node, url: 'ws://127.0.0.1:1', env }).outcome;
    expect(stdout).toBe('end\n');
    expect(stderr).toContain('dormouse: the agent stays off: no agent token');
  });
});
