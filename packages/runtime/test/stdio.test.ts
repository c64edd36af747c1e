import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { nodes } from './support/program.ts';

const REGISTER = pathToFileURL(fileURLToPath(new URL('../dist/register.js', import.meta.url))).href;

/** Written as the program itself would not: to open stdout is what the test is about. */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  const { moduleLoadList, env } = globalThis.process;
  const isConnecting = () => moduleLoadList.includes('NativeModule http');
  while (env.DORMOUSE_TOKEN && !isConnecting()) await new Promise((resolve) => setTimeout(resolve, 20));
  writeSync(1, JSON.stringify(globalThis.process.getActiveResourcesInfo()));
  globalThis.process.exit(0);
`;

/** Takes connections and says nothing: a socket that is closed makes Node itself look at stderr. */
const silent = createServer(() => {}).unref();
beforeAll(() => once(silent.listen(0, '127.0.0.1'), 'listening'));

const environments: readonly [what: string, env: () => Record<string, string>][] = [
  ['that is off', () => ({})],
  [
    'that waits for its collector',
    () => ({
      DORMOUSE_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      DORMOUSE_TOKEN: 'dmg_x',
    }),
  ],
];

/** An open pipe no longer blocks whoever has it, a parent or another child too. */
it.each(nodes.flatMap((node) => environments.map(([what, env]) => ({ ...node, what, env }))))(
  'an agent $what opens neither stdin nor stdout nor stderr, on Node $version',
  async ({ path, env }) => {
    const args = ['--import', REGISTER, '--input-type=module', '--eval', PROGRAM];
    const child = spawn(path, args, { env: { ...process.env, ...env() } });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    const resources = JSON.parse(output) as string[];
    expect(resources.filter((resource) => /^(?:PipeWrap|TTYWrap)$/.test(resource))).toEqual([]);
  },
);
