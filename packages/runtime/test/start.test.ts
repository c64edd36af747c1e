import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { nodes, REGISTER } from './support/program.ts';

/** What a connection needs of Node: each takes some milliseconds and a megabyte. */
const HEAVY = ['stream', 'crypto', 'net', 'http', 'zlib', 'fs/promises', 'worker_threads', 'tls'];

const PROGRAM = `
  const loaded = ${JSON.stringify(HEAVY)}.filter((name) => process.moduleLoadList.includes('NativeModule ' + name));
  process.getBuiltinModule('node:fs').writeSync(1, JSON.stringify(loaded));
`;

const env = { ...process.env, DORMOUSE_TOKEN: 'dmg_x', DORMOUSE_URL: 'ws://127.0.0.1:9' };

it.each(nodes)(
  'a program begins before anything is loaded that only a connection needs, on Node $version',
  ({ path }) => {
    const loadedIn = (...flags: string[]): unknown =>
      JSON.parse(
        execFileSync(path, [...flags, '--input-type=module', '--eval', PROGRAM], { env }).toString(),
      );
    expect(loadedIn('--import', REGISTER)).toEqual(loadedIn());
  },
);
