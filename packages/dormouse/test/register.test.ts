import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CaptureView, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/lib/api.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { openStage, type Stage } from '../../../scripts/lib/stage.ts';
import { nodes, type NodeBinary } from './support/nodes.ts';

/** Programs that nobody has built, on every Node at hand, probed through a real collector. */

const REGISTER = join(ROOT, 'packages/dormouse/dist/register.js');

const PRICE = `export function price(quantity: number, unit: number): number {
  const total = quantity * unit;
  return total;
}
`;
const javascript = (text: string): string => text.replaceAll(': number', '');
const commonjs = (text: string): string => `${text.replace('export ', '')}exports.price = price;\n`;
/** One program has them all: each of these files has a `price` that is called again and again. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module"}',
  'main.ts': `import './modules/worker.mjs';
import { price } from './modules/module.ts';
import { price as commonjs } from './commonjs/imported.cjs';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const prices = [price, commonjs, require('./commonjs/required.cjs').price, require('./modules/required.mjs').price];
setInterval(() => prices.forEach((call: typeof price) => call(2, 21)), 10);
setTimeout(async () => prices.push((await import('./modules/late.mjs')).price), 300);
`,
  'modules/module.ts': PRICE,
  'modules/required.mjs': javascript(PRICE),
  'modules/late.mjs': javascript(PRICE),
  'modules/worker.mjs': `${javascript(PRICE)}import { Worker, isMainThread } from 'node:worker_threads';
if (isMainThread) new Worker(new URL(import.meta.url));
else setInterval(() => price(2, 21), 10);
`,
  'commonjs/imported.cjs': commonjs(javascript(PRICE)),
  'commonjs/required.cjs': commonjs(javascript(PRICE)),
  'scripts/main.cts': `const { price } = require('./price.cts');
setInterval(() => price(2, 21), 10);
`,
  'scripts/price.cts': commonjs(PRICE),
};

let stage: Stage;
const running: ChildProcess[] = [];
const directories: string[] = [];

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await stage.close();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'dormouse-register-')));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a program to its end. */
function runToEnd(
  node: NodeBinary,
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn(node.path, args, { cwd, env: { ...agentEnv('ends'), ...env } });
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

function agentEnv(service: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    DORMOUSE_URL: stage.collector.url,
    DORMOUSE_TOKEN: stage.agentToken,
    DORMOUSE_SERVICE: service,
  };
}

/** Starts a program that goes on until the test ends. */
function start(node: NodeBinary, cwd: string, main: string, service: string): { output(): string } {
  const child = spawn(node.path, ['--import', REGISTER, main], { cwd, env: agentEnv(service) });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { output: () => output };
}

async function snapshotAt(service: string, file: string, line: number): Promise<CaptureView> {
  const probe = await until('the probe is accepted', () => place(service, file, line));
  return until('a capture arrives', async () => (await stage.api.captures({ probe: probe.id }))[0]);
}

async function expectEvidence(service: string, file: string, output: () => string): Promise<void> {
  const capture = await snapshotAt(service, file, 3).catch((error: unknown) => {
    throw new Error(`${file}: ${String(error)}\n${output()}`);
  });
  expect(capture.locals?.map(({ key }) => key)).toEqual(['quantity', 'unit', 'total']);
  expect(capture.stack?.[0]).toMatchObject({ function: 'price', file, line: 3, column: 3 });
}

async function place(service: string, file: string, line: number): Promise<ProbeView | undefined> {
  try {
    return await stage.api.createProbe({
      kind: 'snapshot',
      service,
      location: { file, line },
      limits: { hits: 1 },
    });
  } catch {
    return undefined;
  }
}

describe.each(nodes)('Node $version', (node) => {
  let directory: string;
  beforeAll(() => {
    directory = write(FILES);
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(join(ROOT, 'node_modules/typescript'), join(directory, 'node_modules/typescript'));
  });

  it('weaves modules, CommonJS and TypeScript, imported, required and late, in threads', async () => {
    const service = `modules on ${node.version}`;
    const program = start(node, directory, 'main.ts', service);
    for (const file of Object.keys(FILES).filter((name) => /^(modules|commonjs)/.test(name))) {
      await expectEvidence(service, file, program.output);
    }
  });

  it('weaves a program that is CommonJS in TypeScript', async () => {
    const service = `scripts on ${node.version}`;
    const program = start(node, directory, 'scripts/main.cts', service);
    await expectEvidence(service, 'scripts/price.cts', program.output);
  });

  it('leaves a program what it is: output, original stacks, files that cannot be woven, its own tests', async () => {
    const cwd = write({
      'package.json': '{"type":"module"}',
      'main.js': `#!/usr/bin/env node
"use strict";
import { hoisted } from './cycle.js';
import { excluded } from './excluded.js';
import { vendor } from 'vendor';
export function early() { return 'called early'; }
function fail() { const text = hoisted + excluded + vendor; throw new Error(text); }
try { fail(); } catch (error) { console.log(error.message, error.stack.split('\\n')[1].trim()); }
for (const name of [excluded.name, early.name, vendor.name]) console.log(name);
const switches = () => Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('$dm_'));
console.log(switches().length, 'woven');
const { damaged } = await import('./damaged.cjs').catch((error) => ({ damaged: error.name }));
console.log(damaged, Object.keys(globalThis).filter((name) => name.includes('dm_')));
process.exitCode = 3;
`,
      'cycle.js': `import { early } from './main.js';\nexport const hoisted = early();\n`,
      'excluded.js': `export function excluded() { return 1; }\n`,
      'damaged.cjs': `exports.damaged = (;\n`,
      'node_modules/vendor/package.json': '{"name":"vendor","main":"vendor.cjs"}',
      'node_modules/vendor/vendor.cjs': 'exports.vendor = function vendor() { return 1; };\n',
      'a.test.js': `import test from 'node:test';
test('passes', () => { if (!Object.getOwnPropertyNames(globalThis).some((name) => name.startsWith('$dm_'))) throw new Error('unwoven'); });
`,
    });
    const env = { DORMOUSE_EXCLUDE: 'excluded.js' };
    const [plain, woven, tests] = await Promise.all([
      runToEnd(node, cwd, ['--enable-source-maps', 'main.js'], env),
      runToEnd(node, cwd, ['--enable-source-maps', '--import', REGISTER, 'main.js'], env),
      runToEnd(node, cwd, ['--import', REGISTER, '--test', 'a.test.js'], env),
    ]);
    // Node shows a position that it has found in a source map with a path, one that it has not with a URL.
    const expected = plain.stdout.replace('0 woven', '2 woven').replace('file://', '');
    expect(woven).toEqual({ ...plain, stdout: expected });
    expect(plain).toMatchObject({ code: 3, stdout: expect.stringContaining('main.js:7:') as string });
    expect(tests).toMatchObject({ code: 0 });
  });
});

it('runs as the README says', async () => {
  const [, flag, specifier] = /config: register -->\n```sh\nnode (--import) (\S+) src\/main.ts\n/.exec(
    readFileSync(join(ROOT, 'packages/dormouse/README.md'), 'utf8'),
  )!;
  const cwd = write({ 'src/main.js': 'console.log(1);' });
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(join(ROOT, 'packages/dormouse'), join(cwd, 'node_modules/dormouse'));
  const outcome = await runToEnd(nodes[0]!, cwd, [flag!, specifier!, 'src/main.js']);
  expect(outcome).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  expect(readdirSync(join(cwd, 'node_modules/.cache/dormouse'))).toHaveLength(1);
});

it('weaves what is named, within node_modules too, and nothing else', async () => {
  const count = `console.log(Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('$dm_')).length);`;
  const cwd = write({
    'main.cjs': `require('vendor');\n${count}\n`,
    'node_modules/vendor/index.js': 'module.exports = () => 1;\n',
  });
  const env = { DORMOUSE_INCLUDE: 'node_modules/vendor/**', DORMOUSE_NO_CACHE: '1' };
  for (const node of nodes) {
    expect(await runToEnd(node, cwd, ['--import', REGISTER, 'main.cjs'], env)).toMatchObject({
      stdout: '1\n',
    });
  }
});

it('a Node without TypeScript says what to do', async () => {
  const node = nodes.find(({ version }) => version.startsWith('20.'));
  if (node === undefined) return;
  const outcome = await runToEnd(node, write({ 'main.ts': 'const n: number = 1;' }), [
    '--import',
    REGISTER,
    'main.ts',
  ]);
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain(
    'Use Node 22.18 or later, or install one: npm install --save-dev typescript@6',
  );
});

it('without an agent token nothing is woven, and TypeScript runs all the same', async () => {
  for (const node of nodes) {
    const cwd = write({
      'main.mts':
        'const add = (n: number) => n + 1;\nconsole.log(Object.getOwnPropertyNames(globalThis).some((name) => name.startsWith("$dm_")), add(1));',
    });
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(join(ROOT, 'node_modules/typescript'), join(cwd, 'node_modules/typescript'));
    const outcome = await runToEnd(node, cwd, ['--import', REGISTER, 'main.mts'], { DORMOUSE_TOKEN: '' });
    expect(outcome).toMatchObject({ code: 0, stdout: 'false 2\n' });
  }
});
