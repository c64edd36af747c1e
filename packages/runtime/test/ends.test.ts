import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { armedFirst, collect, launch, priceProbe } from './support/processes.ts';
import { nodes, writeProgram, type Running } from './support/program.ts';

/** How processes and threads end: as they would have ended without the agent, as soon, and with their evidence delivered. */

/** A process that has nothing left to do is gone by then, on a busy machine too, ms. */
const SOON_MS = 5_000;

/** Waits until the process has ended well. @returns how long that took it after the last line that it printed, a time, ms */
async function lingering({ outcome }: Running): Promise<number> {
  const { code, stdout, stderr } = await outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return Date.now() - Number(stdout.trim().split('\n').at(-1));
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Accepts connections and says nothing, as behind a firewall that drops. */
async function openSilence(): Promise<string> {
  const server = createServer((socket) => void socket.on('error', () => {}));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ENDS: readonly { readonly how: string; readonly body: string; readonly captures: number }[] = [
  { how: 'process.exit', body: 'price(2, 3);\nprocess.exit(7);', captures: 1 },
  { how: 'process.exitCode', body: 'price(2, 3);\nprocess.exitCode = 9;', captures: 1 },
  { how: 'an uncaught error', body: "price(2, 3);\nthrow new Error('mine');", captures: 1 },
  { how: 'an unhandled rejection', body: "price(2, 3);\nPromise.reject(new Error('mine'));", captures: 1 },
  {
    how: 'itself after work in beforeExit',
    body: `let rounds = 0;
process.on('beforeExit', () => {
  console.log('beforeExit', rounds);
  if (rounds++ < 2) setTimeout(() => price(2, 3), 1);
});`,
    captures: 2,
  },
  {
    how: 'itself after work in exit',
    body: `price(2, 3);
process.on('exit', (code) => console.log('exit', code, price(3, 3), price(4, 4)));`,
    captures: 3,
  },
  {
    how: 'its handler of SIGTERM',
    body: `process.on('SIGTERM', () => {
  console.log('cleaning up', process.listenerCount('SIGTERM'));
  price(2, 3);
  setTimeout(() => process.exit(4), 5);
});
setInterval(() => {}, 1_000);
process.kill(process.pid, 'SIGTERM');`,
    captures: 1,
  },
  {
    how: 'a signal that nobody handles',
    body: `price(2, 3);
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 200);
setInterval(() => {}, 1_000);`,
    captures: 1,
  },
];

describe.each(nodes)('on Node $version', (node) => {
  it.each(ENDS)('a process ends by $how, and everything arrives', async ({ body, captures }) => {
    const collector = await collect();
    const program = armedFirst(body);
    collector.want(priceProbe(program));
    const alone = writeProgram(`const price = (quantity, each) => quantity * each;\n${body}\n`);
    const [withAgent, without] = await Promise.all([
      launch(program, { node, url: collector.url }).outcome,
      launch(alone, { node }).outcome,
    ]);
    // The texts of errors have other paths.
    expect({ ...withAgent, stderr: '' }).toEqual({ ...without, stderr: '' });
    await collector.until(() => collector.captures.length === captures);
  });

  it('nothing holds a process or a thread up while the collector is not there, silent, or refuses', async () => {
    const urls = await Promise.all([
      'ws://127.0.0.1:1',
      openSilence(),
      collect({ welcomes: false }).then(({ url }) => url),
      collect({ refusal: { code: 'FORBIDDEN', message: 'no' } }).then(({ url }) => url),
    ]);
    const program = writeProgram(`import { Worker, isMainThread } from 'node:worker_threads';
setTimeout(() => console.log(Date.now()), 200);
if (isMainThread) new Worker(new URL(import.meta.url));`);
    const times = await Promise.all(urls.map((url) => lingering(launch(program, { node, url }))));
    expect(Math.max(...times)).toBeLessThan(SOON_MS);
  });

  it('nothing holds a process up whose captures the collector does not acknowledge, or does not even read', async () => {
    const program = armedFirst(`const { randomBytes } = await import('node:crypto');
const noise = () => Array.from({ length: 40 }, () => randomBytes(500).toString('base64'));
for (let n = 0; n < 200; n++) {
  price(n, noise());
  if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
}
console.log(Date.now());`);
    const probe = priceProbe(program, { limits: { hits: 10_000, hitsPerSecond: 5_000 } });
    const times = await Promise.all(
      [false, true].map(async (reads) => {
        const collector = await collect({ stores: false });
        collector.want(probe);
        const running = launch(program, { node, url: collector.url, env: { DORMOUSE_MAX_CPU: '100' } });
        await collector.until(() => collector.captures.length > 0);
        if (!reads) collector.connections[0]?.pause();
        return lingering(running);
      }),
    );
    expect(Math.max(...times)).toBeLessThan(SOON_MS);
  });

  it('a thread ends by itself, process.exit or an error, and everything arrives; terminated, it is gone at once', async () => {
    const collector = await collect();
    const program = armedFirst(`
const { Worker, isMainThread, parentPort, workerData } = await import('node:worker_threads');
const begin = (how) => new Worker(new URL(import.meta.url), { workerData: how });
const exitOf = (worker) => new Promise((resolve) => worker.on('error', () => {}).on('exit', resolve));
if (isMainThread) {
  console.log(...(await Promise.all(['itself', 'process.exit', 'an error'].map((how) => exitOf(begin(how))))));
  const waiting = begin('nobody');
  await new Promise((resolve) => waiting.once('message', resolve));
  console.log('terminated', await waiting.terminate());
} else {
  price(workerData.length, 1);
  if (workerData === 'process.exit') process.exit(3);
  if (workerData === 'an error') throw new Error('of a thread');
  if (workerData === 'nobody') {
    setInterval(() => {}, 1_000);
    parentPort.postMessage('ready');
  }
}`);
    collector.want(priceProbe(program));
    const outcome = await launch(program, { node, url: collector.url }).outcome;
    expect(outcome).toEqual({ code: 0, signal: null, stdout: '0 3 1\nterminated 1\n', stderr: '' });
    await collector.until(() => collector.captures.length >= 3);
  });
});
