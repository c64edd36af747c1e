import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SWITCH_PREFIX } from '@dormouse/protocol';
import { expect, it } from 'vitest';
import { commandAt } from './support/commands.ts';
import { startCollector, TOKEN } from './support/collector.ts';
import { weaveSource } from './support/woven.ts';

const require = createRequire(import.meta.url);
const RUNTIME = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const TRANSFORMER = require.resolve('@dormouse/transformer');

const PRICE = `exports.price = function price(quantity, each) {
  const total = quantity * each;
  return total;
};
`;

it('a probe in code that Jest runs is hit in every test file, by one agent for all', async () => {
  const { points } = weaveSource(PRICE, 'price.js');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dormouse-jest-'));
  const files: Readonly<Record<string, string>> = {
    'package.json': '{}',
    'price.js': PRICE,
    'jest.config.cjs': `module.exports = {
  testEnvironment: './environment.cjs',
  transform: { 'price\\\\.js$': './weave.cjs' },
  cache: false,
};`,
    'environment.cjs': `const { TestEnvironment } = require(${JSON.stringify(require.resolve('jest-environment-node'))});
const { adoptContext } = require(${JSON.stringify(RUNTIME)});
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    adoptContext(this.global);
  }
};`,
    'weave.cjs': `const { weave } = require(${JSON.stringify(TRANSFORMER)});
exports.process = (source) => ({ code: weave(source, { filename: 'price.js' }).code });`,
  };
  const test = (each: number): string => `const { price } = require('./price.js');
const isArmed = () => Object.entries(globalThis['${SWITCH_PREFIX}${points.file.id}']).some(([key, field]) => key !== 'w' && typeof field === 'function');
test('price', async () => {
  while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(price(2, ${each})).toBe(${2 * each});
});`;
  for (const [name, text] of Object.entries({ ...files, 'a.test.js': test(3), 'b.test.js': test(4) }))
    writeFileSync(path.join(folder, name), text);

  const collector = await startCollector();
  collector.want(commandAt(points, 3));
  try {
    const jest = spawn(
      process.execPath,
      ['--import', RUNTIME.replace('index', 'register'), require.resolve('jest/bin/jest'), '--runInBand'],
      {
        cwd: folder,
        env: {
          ...process.env,
          DORMOUSE_URL: collector.url,
          DORMOUSE_TOKEN: TOKEN,
          DORMOUSE_MANIFEST: '/nowhere',
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let output = '';
    jest.stderr.on('data', (text: Buffer) => (output += text.toString()));
    const code = await new Promise((resolve) => jest.on('close', resolve));
    expect(code, output).toBe(0);
    const totals = collector.captures.map(({ locals }) => JSON.stringify(locals?.at(-1)?.value)).sort();
    expect(totals).toEqual(['{"type":"number","value":6}', '{"type":"number","value":8}']);
    expect(collector.connections).toHaveLength(1);
  } finally {
    await collector.kill();
    rmSync(folder, { recursive: true });
  }
});
