import { once } from 'node:events';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';

/** Known failures of other weavers and live debuggers that need more than a program to show; the rest are cases. */
describe('woven code', () => {
  it('needs no code generation: it runs under a policy without unsafe-eval', () => {
    const realm = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
    expect(vm.runInContext(woven('function f(a) { const b = a; return b + 1 } f(1)'), realm)).toBe(2);
  });

  it('runs in a worker thread, with switches of its own', async () => {
    const code = woven(`const { parentPort } = require('node:worker_threads')
      function f(a) { return a + 1 }
      parentPort.postMessage([f(1), Object.keys(globalThis).filter((name) => name.startsWith('$dm_'))])`);
    const worker = new Worker(code, { eval: true });
    const [message] = await once(worker, 'message');
    expect(message).toEqual([2, []]);
    await worker.terminate();
  });

  it('keeps what is armed when it is evaluated again, as by a second chunk or a reload', () => {
    const realm = vm.createContext({});
    const code = woven('function f(a) { return a }\nf(1)');
    vm.runInContext(code, realm);
    const name = switchName(realm);
    const before = vm.runInContext(`${name}.marked = 1, ${name}`, realm);
    vm.runInContext(code, realm);
    expect(vm.runInContext(name, realm)).toBe(before);
  });

  it('of the same text in two files has switches of its own in each', () => {
    const text = 'function f(a) { return a }';
    const [a, b] = ['a.js', 'b.js'].map(
      (filename) => weave(text, { filename, goal: 'script', root: '.' }).manifest?.id,
    );
    expect(a).not.toBe(b);
  });

  it('that is running a long loop with await sees a probe that is armed meanwhile', async () => {
    const realm = vm.createContext({ pause: () => new Promise((resolve) => setImmediate(resolve)) });
    const running = vm.runInContext(
      woven(`async function f() { for (let n = 0; n < 20; n++) {
        await pause()
      } return 'done' }
      f()`),
      realm,
    ) as Promise<string>;
    await new Promise((resolve) => setImmediate(resolve));
    const seen: unknown[] = [];
    const hook = (_self: unknown, n: unknown): number => seen.push(n);
    const fields: object = vm.runInContext(switchName(realm), realm);
    for (const field of ['f0', 'f1'])
      Object.assign(fields, {
        [field]: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`l${n}`, hook])),
      });
    expect(await running).toBe('done');
    expect(seen).toContain(19);
  });

  it('gives back exactly the original when it cannot be parsed as a whole', () => {
    const broken = "'use strict'\nfunction f() { return 1 }\nlet f = 2 +";
    expect(weave(broken, { filename: 'a.js' })).toMatchObject({
      code: broken,
      manifest: null,
      skipped: [{ code: 'parse-error' }],
    });
  });
});

function woven(code: string): string {
  const { code: text, skipped } = weave(code, { filename: 'main.js', goal: 'script', root: '.' });
  expect(skipped).toEqual([]);
  return text;
}

function switchName(realm: vm.Context): string {
  const names: string[] = vm.runInContext('Object.getOwnPropertyNames(globalThis)', realm);
  return names.find((name) => name.startsWith('$dm_')) as string;
}
