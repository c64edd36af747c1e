import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIMITS, MANIFEST_FILE, type Capture } from '@dormouse/protocol';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { TOKEN, type TestCollector } from './support/collector.ts';
import { commandAt } from './support/commands.ts';
import { armedFirst, collect, launch, PRICE, priceProbe } from './support/processes.ts';
import { nodes, writeProgram } from './support/program.ts';
import { weaveSource, type WovenPoints } from './support/woven.ts';

/** The runtime in programs with a life of their own: threads, realms, debuggers, profilers, ends of all kinds. */

const scratch = mkdtempSync(path.join(os.tmpdir(), 'dormouse-coexistence-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const totals = (captures: readonly Capture[]): unknown[] =>
  captures.map(({ locals = [] }) => {
    const value = locals.find(({ key }) => key === 'total')?.value;
    return value !== undefined && 'value' in value ? value.value : value;
  });

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url));

const DIST = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/**
 * esbuild does not put `ws` into an ES module. `npm run build` does, the compiler alone does not: what it wrote can be
 * bundled as CommonJS only.
 */
const isBundled = readFileSync(DIST, 'utf8').includes('./chunks/');
const bundleable = isBundled ? (['esm', 'cjs'] as const) : (['cjs'] as const);

const bundling: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  external: ['@opentelemetry/api'],
  logLevel: 'silent',
};

/** The runtime as somebody's bundler puts it into one file. */
async function bundle(format: 'esm' | 'cjs'): Promise<string> {
  const outfile = path.join(scratch, format === 'esm' ? 'copy.mjs' : 'copy.cjs');
  await build({ ...bundling, entryPoints: [DIST], outfile, format });
  return outfile;
}

/** A woven function, and the runtime with it, in a file of their own. */
async function chunk(name: string, collector: TestCollector): Promise<{ woven: WovenPoints; file: string }> {
  const source = `import { start } from ${JSON.stringify(DIST)};
export function price(quantity, each) {
  return quantity * each;
}
export const isStarted = start({ url: ${JSON.stringify(collector.url)}, token: 'agent-token' });
`;
  const { code, points } = weaveSource(source, `${name}.mjs`);
  const file = path.join(scratch, `${name}.cjs`);
  const stdin = { contents: code, resolveDir: scratch };
  await build({ ...bundling, stdin, outfile: file, format: 'cjs' });
  return { woven: points, file };
}

describe.each(nodes)('on Node $version', (node) => {
  it('sdk loaded twice: the second copy stands down, in the way of nobody', async () => {
    const collector = await collect();
    const copies = await Promise.all([bundle('esm'), bundle('cjs')]);
    const program = armedFirst(`
for (const copy of ${JSON.stringify(copies)}) {
  const { start } = await import(copy).then((module) => module.default ?? module);
  console.log(start());
}
price(2, 3);`);
    collector.want(priceProbe(program));
    const { stdout, stderr } = await launch(program, { node, url: collector.url }).outcome;
    expect({ stdout, stderr }).toEqual({ stdout: 'false\nfalse\n', stderr: '' });
    await collector.until(() => collector.captures.length === 1);
    expect(collector.connections).toHaveLength(1);
  });

  it('bundle split in chunks, each with a runtime copy of its own: one agent arms the functions of all', async () => {
    const collector = await collect();
    const chunks = await Promise.all(['first', 'second'].map((name) => chunk(name, collector)));
    const program = writeProgram(`const chunks = ${JSON.stringify(chunks.map(({ file }) => file))};
const loaded = await Promise.all(chunks.map((file) => import(file)));
console.log(loaded.filter(({ default: { isStarted } }) => isStarted).length);
setInterval(() => loaded.forEach((chunk, n) => chunk.default.price(n, 10)), 10);`);
    rmSync(path.join(path.dirname(program.script), MANIFEST_FILE));
    collector.want(...chunks.map(({ woven }) => commandAt(woven, 3, { limits: { hits: 1 } })));
    const process = launch(program, { node });
    await collector.until(() => collector.captures.length === 2);
    expect(collector.connections).toHaveLength(1);
    process.kill();
    expect(await process.outcome).toMatchObject({ stdout: '1\n', stderr: '' });
  });

  it.each(bundleable)('bundled into one minified file (%s) it works as well', async (format) => {
    const collector = await collect();
    const program = writeProgram(`${PRICE}
const { start } = await import(${JSON.stringify(await bundle(format))}).then((module) => module.default ?? module);
console.log(start({ url: ${JSON.stringify(collector.url)}, token: 'agent-token' }));
while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
price(2, 3);`);
    collector.want(priceProbe(program));
    const { stdout, stderr } = await launch(program, { node }).outcome;
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' });
    await collector.until(() => collector.captures.length === 1);
    expect(totals(collector.captures)).toEqual([6]);
    expect(collector.captures[0]?.stack?.[0]).toMatchObject({ function: 'price' });
  });

  // Node 22's builder of snapshots ends with a `std::length_error` of its own.
  it.skipIf(node.version.startsWith('22.'))(
    'startup snapshot: what was loaded when it was built is probed when it runs',
    async () => {
      const collector = await collect();
      const { code, points } = weaveSource(
        `const { startupSnapshot } = require('node:v8');
const { start } = require(${JSON.stringify(DIST)});
function price(quantity, each) {
  return quantity * each;
}
startupSnapshot.setDeserializeMainFunction(() => {
  console.log(start());
  setInterval(() => price(2, 3), 10);
});`,
        'snapshot.cjs',
      );
      const script = path.join(scratch, 'snapshot.cjs');
      const blob = path.join(scratch, 'snapshot.blob');
      await build({
        ...bundling,
        stdin: { contents: code, resolveDir: scratch },
        outfile: script,
        format: 'cjs',
      });
      execFileSync(node.path, ['--snapshot-blob', blob, '--build-snapshot', script], { stdio: 'ignore' });
      collector.want(commandAt(points, 4));
      const env = { DORMOUSE_URL: collector.url, DORMOUSE_TOKEN: TOKEN };
      const process = launch(
        { woven: points, script: 'main' },
        { node, env, flags: ['--snapshot-blob', blob] },
      );
      await collector.until(() => collector.captures.length > 0);
      process.kill();
      expect(await process.outcome).toMatchObject({ stdout: 'true\n', stderr: '' });
    },
  );

  it('cluster and child processes: each is an agent of its own', async () => {
    const collector = await collect();
    const program = armedFirst(`
const { default: cluster } = await import('node:cluster');
const { fork } = await import('node:child_process');
price(2, cluster.isPrimary ? (process.argv[2] === 'child' ? 5 : 1) : 3);
if (cluster.isPrimary && process.argv[2] !== 'child') {
  cluster.fork();
  fork(process.argv[1], ['child']);
  cluster.on('message', () => {});
} else process.exit();`);
    collector.want(priceProbe(program));
    const { code, stderr } = await launch(program, { node, url: collector.url }).outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await collector.until(() => collector.captures.length === 3);
    expect(totals(collector.captures).toSorted()).toEqual([10, 2, 6].toSorted());
    const pids = collector.messages.flatMap((message) =>
      message.type === 'hello' ? [message.agent.pid] : [],
    );
    expect(new Set(pids).size).toBe(3);
  });

  it('vm realm: what runs there runs as if unwoven, and a probe in it says that it waits', async () => {
    const collector = await collect();
    const program = writeProgram(`const { default: vm } = await import('node:vm');
const { readFileSync } = await import('node:fs');
const context = vm.createContext({ console });
vm.runInContext(readFileSync(new URL('inner.cjs', import.meta.url), 'utf8'), context);
setInterval(() => context.price(2, 3), 10);`);
    const inner = writeProgram(
      'globalThis.price = function (quantity, each) {\n  return quantity * each;\n};',
      'inner.cjs',
    );
    const combined = { ...inner, script: program.script };
    copyFileSync(inner.script, path.join(path.dirname(program.script), 'inner.cjs'));
    copyFileSync(
      path.join(path.dirname(inner.script), 'dormouse.manifest.json'),
      path.join(path.dirname(program.script), 'dormouse.manifest.json'),
    );
    const probe = commandAt(inner.woven, 2);
    collector.want(probe);
    launch(combined, { node, url: collector.url });
    await collector.until(() => collector.reports.has(probe.id));
    expect(collector.reports.get(probe.id)).toMatchObject({ state: 'received', seen: 0 });
  });

  it('devtools attached: an open inspector and a session of its own see nothing unusual', async () => {
    const collector = await collect();
    const program = armedFirst(`
const { Session } = await import('node:inspector');
const session = new Session();
session.connect();
session.post('Debugger.enable');
session.post('Debugger.setPauseOnExceptions', { state: 'all' });
let paused = 0;
session.on('Debugger.paused', () => paused++);
price(2, 3);
console.log(paused);
session.disconnect();
process.exit();`);
    collector.want(priceProbe(program));
    const { stdout, code } = await launch(program, {
      node,
      url: collector.url,
      flags: ['--inspect=127.0.0.1:0'],
    }).outcome;
    expect({ stdout, code }).toEqual({ stdout: '0\n', code: 0 });
    await collector.until(() => collector.captures.length === 1);
  });

  it('profilers and coverage: their files are written, and probes work meanwhile', async () => {
    const collector = await collect();
    const directory = mkdtempSync(path.join(scratch, 'profiles-'));
    const program = armedFirst('price(2, 3);');
    collector.want(priceProbe(program));
    const { code, stderr } = await launch(program, {
      node,
      url: collector.url,
      env: { NODE_V8_COVERAGE: path.join(directory, 'coverage') },
      flags: ['--cpu-prof', `--cpu-prof-dir=${directory}`],
    }).outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await collector.until(() => collector.captures.length === 1);
    expect(readdirSync(directory).some((file) => file.endsWith('.cpuprofile'))).toBe(true);
    expect(existsSync(path.join(directory, 'coverage'))).toBe(true);
  });

  it('process exit with queued events: process.exit and an uncaught error lose nothing, over TLS neither', async () => {
    const [key, cert] = [fixture('key.pem'), fixture('cert.pem')];
    const collector = await collect({
      tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
    });
    const bodies = ['process.exit(3);', "throw new Error('last words');"];
    for (const [index, body] of bodies.entries()) {
      const program = armedFirst(`for (let n = 1; n <= 100; n++) price(n, 1);\n${body}`);
      collector.want(priceProbe(program, { limits: { hits: 1_000, hitsPerSecond: 1_000 } }));
      const { code } = await launch(program, {
        node,
        url: collector.url,
        env: { DORMOUSE_CA: cert, DORMOUSE_MAX_CPU: '100' },
      }).outcome;
      expect(code).toBe([3, 1][index]);
      await collector.until(() => collector.captures.length === 100 * (index + 1));
    }
  });

  it('sends the first capture at once, without waiting for the next batch', async () => {
    const collector = await collect();
    const program = armedFirst(`
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (let n = 0; n < 8; n++) {
  await sleep(${1.25 * LIMITS.flushMs});
  price(2, 3);
}
await sleep(300);`);
    collector.want(priceProbe(program, { limits: { hits: 100, hitsPerSecond: 100 } }));
    const arrivals: number[] = [];
    const process = launch(program, { node, url: collector.url });
    await collector.until(() => {
      while (arrivals.length < collector.captures.length) {
        arrivals.push(Date.now() - (collector.captures[arrivals.length]?.at ?? 0));
      }
      return arrivals.length === 8;
    });
    await process.outcome;
    // Each is made a quarter of the time between two batches later than the one before: of eight that wait for a batch, two
    // are so early. A busy machine delays some.
    expect(arrivals.toSorted((a, b) => a - b)[2]).toBeLessThan(LIMITS.flushMs / 4);
  });

  it.runIf(node === nodes[0])(
    'pauses where captures take too much of the process, says so, and recovers',
    async () => {
      const collector = await collect();
      const program = armedFirst(`
const wide = Array.from({ length: 300 }, (_, n) => ({ n, text: 'x'.repeat(50), more: { a: 1, b: [1, 2, 3] } }));
const burst = setInterval(() => price(2, wide), 5);
setTimeout(() => clearInterval(burst), 500);
setInterval(() => {}, 1_000);`);
      const probe = priceProbe(program, {
        limits: { hits: 100_000, hitsPerSecond: 1_000 },
        capture: { items: 300, nodes: 10_000, timeMs: 15 },
      });
      collector.want(probe);
      launch(program, { node, url: collector.url, env: { DORMOUSE_MAX_CPU: '0.1' } });
      const isPaused = (): boolean => collector.reports.get(probe.id)?.pause !== undefined;
      await collector.until(isPaused);
      await collector.until(() => !isPaused());
      expect(collector.reports.get(probe.id)).toMatchObject({ state: 'armed' });
      expect(collector.reports.get(probe.id)?.skipped.paused).toBeGreaterThan(0);
    },
  );

  it('permission model: where next to nothing is allowed, the program runs as ever', async () => {
    const collector = await collect();
    const program = writeProgram('setTimeout(() => {\n  console.log("end");\n}, 300);');
    const flag = Number.parseInt(node.version, 10) < 24 ? '--experimental-permission' : '--permission';
    const flags = [flag, '--allow-fs-read=*', '--no-warnings'];
    const outcome = await launch(program, { node, url: collector.url, flags }).outcome;
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'end\n', stderr: '' });
  });

  it('ends with the program while it waits for a proxy that does not answer', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const program = writeProgram('setTimeout(() => {}, 300);');
    const started = performance.now();
    const outcome = await launch(program, {
      node,
      url: 'ws://collector.test',
      env: { HTTP_PROXY: `http://127.0.0.1:${port}` },
    }).outcome;
    expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(performance.now() - started).toBeLessThan(5_000);
    silent.close();
  });
});
